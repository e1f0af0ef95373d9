import { DatabaseSync } from 'node:sqlite'

/** Held until release() or the end of the process. */
export interface Lock {
  release(): void
}

/**
 * SQLite's exclusive lock is the system's own file lock (fcntl, LockFileEx), which Node does not offer otherwise: the
 * kernel drops it with its process, so there are no stale locks and no pids to be mistaken. Undefined: another
 * process (or another part of this one) holds it. @throws the system's error when the file cannot be made.
 */
export function takeLock(file: string): Lock | undefined {
  const database = new DatabaseSync(file)
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE')
    return { release: () => database.close() }
  } catch (error) {
    database.close()
    const SQLITE_BUSY = 5
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return undefined
    throw error
  }
}
