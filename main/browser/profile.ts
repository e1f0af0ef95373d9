import { chmodSync, mkdirSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { takeLock, type Lock } from '../ipc/lock.ts'
import { diskFailure, EXIT, StartFailure } from './failure.ts'

/** A profile that is ours until release() or our end. */
export interface Profile {
  readonly dir: string
  release(): void
}

/** Where the profile lies when nobody chose one. */
export function defaultProfile(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const home = homedir()
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Ketchup')
  if (platform === 'win32') return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Ketchup')
  // XDG Base Directory: a relative path is invalid and to be ignored
  const data = env['XDG_DATA_HOME']
  return join(data?.startsWith('/') ? data : join(home, '.local', 'share'), 'ketchup')
}

/**
 * Makes the folder (0700) and takes it for this process alone.
 * @throws StartFailure: in use, not writable, disk full.
 */
export function openProfile(path: string): Profile {
  let dir = resolve(path)
  let lock: Lock | undefined
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    dir = realpathSync(dir)
    chmodSync(dir, 0o700)
    lock = takeLock(join(dir, 'profile.lock'))
  } catch (error) {
    throw diskFailure(dir, error)
  }
  if (!lock)
    throw new StartFailure(
      EXIT.profileInUse,
      `Ketchup is already running on the profile ${dir}; use its window, or start a second one with --profile and another folder.`,
    )
  return { dir, release: () => lock.release() }
}
