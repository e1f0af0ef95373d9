/** Exit codes of `npm start`, for scripts. */
export const EXIT = {
  internal: 1,
  usage: 2,
  profileInUse: 3,
  portTaken: 4,
  profileUnusable: 5,
  engineNeverStarts: 6,
  diskFull: 7,
  windowMissing: 8,
} as const

/** Why the application cannot go on, as one sentence for a person and a code for a script. */
export class StartFailure extends Error {
  readonly exitCode: number

  constructor(exitCode: number, sentence: string) {
    super(sentence)
    this.name = 'StartFailure'
    this.exitCode = exitCode
  }
}

const SQLITE_FULL = 13

/** The system's error code of a failed call (ENOSPC, EACCES …), '' when it has none. */
export function errno(error: unknown): string {
  if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_FULL) return 'ENOSPC'
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** Puts a failure to write or read below the profile into a sentence. */
export function diskFailure(path: string, error: unknown): StartFailure {
  const code = errno(error)
  const words = error instanceof Error ? error.message : String(error)
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new StartFailure(
      EXIT.diskFull,
      `The disk is full: ${path} cannot be written. Free some space and start again.`,
    )
  return new StartFailure(
    EXIT.profileUnusable,
    `The profile ${path} cannot be used (${words}). Check that it is a folder that you may write, or choose another with --profile.`,
  )
}
