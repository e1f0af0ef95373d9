import { hash } from 'node:crypto'
import { mkdirSync, readFileSync, statSync, writeFile, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { appError, err, ok, type AppError, type Result } from '../../preload/contract/index.ts'
import { diskError } from './files.ts'

/**
 * Octets up to here are written at once: a small file takes 0.05 ms of the engine's own time, while handing it to the
 * thread pool wakes another thread four times and takes more of it (measured). Only the engine waits, never a window.
 */
const AT_ONCE = 1024 * 1024
const writeLater = promisify(writeFile)

/** SHA-256 of a message's octets, 64 hex digits: the name of its file. */
export type Sha256 = string

export function sha256(octets: Uint8Array): Sha256 {
  return hash('sha256', octets, 'hex')
}

/**
 * The octets of every downloaded message, one file per content: `mail/ab/<sha256>.eml`. A name is derived from the
 * content alone, never from anything a mail or a server says.
 *
 * Octets that a server still has are not fsynced (DESIGN §2): a file that a crash left short or wrong is found by its
 * size and hash when it is read, and fetched again.
 */
export class OctetStore {
  readonly #folder: string
  readonly #made = new Set<string>()

  constructor(folder: string) {
    this.#folder = folder
  }

  path(sha: Sha256): string {
    return join(this.#folder, sha.slice(0, 2), `${sha}.eml`)
  }

  /** Keeps octets. Writing the same again is harmless, and mends a file that was left short. */
  async put(octets: Uint8Array, sha: Sha256 = sha256(octets)): Promise<Result<Sha256, AppError>> {
    const path = this.path(sha)
    try {
      const prefix = sha.slice(0, 2)
      if (!this.#made.has(prefix)) {
        mkdirSync(join(this.#folder, prefix), { recursive: true, mode: 0o700 })
        this.#made.add(prefix)
      }
      try {
        await write(path, octets, 'wx')
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
        if (statSync(path).size !== octets.length) await write(path, octets, 'w')
      }
      return ok(sha)
    } catch (error) {
      return err(diskError(error, path))
    }
  }

  /** The octets, whole and proven by their hash. `octets.missing` when there is no such file or it is damaged. */
  get(sha: Sha256): Result<Buffer, AppError> {
    const path = this.path(sha)
    let octets: Buffer
    try {
      octets = readFileSync(path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return err(appError('octets.missing'))
      return err(diskError(error, path))
    }
    return sha256(octets) === sha ? ok(octets) : err(appError('octets.missing', { detail: `damaged: ${sha}` }))
  }
}

async function write(path: string, octets: Uint8Array, flag: 'w' | 'wx'): Promise<void> {
  const options = { mode: 0o600, flag }
  if (octets.length <= AT_ONCE) writeFileSync(path, octets, options)
  else await writeLater(path, octets, options)
}
