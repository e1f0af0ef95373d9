import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { appError, err, ok, type AppError, type Result } from '../../preload/contract/index.ts'

/** A failing system call as a value; anything else is a bug and is thrown on. */
export function diskError(error: unknown, path: string): AppError {
  const { code, message } = error as NodeJS.ErrnoException
  if (typeof code !== 'string') throw error
  const full = code === 'ENOSPC' || code === 'EDQUOT'
  return appError(full ? 'disk.full' : 'disk.error', { server: message, params: { path, reason: code } })
}

/**
 * Writes a file so that after a crash or a power cut there is either the old content or the new: temporary file, fsync,
 * rename, fsync of the folder.
 */
export function writeDurably(path: string, content: Uint8Array | string, mode = 0o600): Result<void, AppError> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const file = openSync(temporary, 'wx', mode)
    try {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
    syncFolder(dirname(path))
    return ok()
  } catch (error) {
    rmSync(temporary, { force: true })
    return err(diskError(error, path))
  }
}

/** Makes a rename or a new name in a folder survive a power cut. Windows has no such call and needs none. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Reads a whole file; null when there is none. */
export function readIfThere(path: string): Result<Buffer | null, AppError> {
  try {
    return ok(readFileSync(path))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ok(null)
    return err(diskError(error, path))
  }
}

/** Makes a folder that only this user can enter. */
export function makeFolder(path: string): Result<void, AppError> {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    return ok()
  } catch (error) {
    return err(diskError(error, path))
  }
}
