import { appendFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { errno } from './failure.ts'

/** Size at which a log is moved to ketchup.log.1, in octets. */
export const LOG_LIMIT = 5 * 1024 * 1024

/** Appends to `ketchup.log` of a profile, of which one former is kept. A log that cannot be written is said once. */
export function openLog(profile: string, say: (sentence: string) => void): (chunk: Uint8Array | string) => void {
  const path = join(profile, 'ketchup.log')
  let size = 0
  let told = false
  try {
    size = statSync(path).size
  } catch (error) {
    if (errno(error) !== 'ENOENT') say(`${path} cannot be read (${errno(error)}).`)
  }
  return (chunk) => {
    try {
      const length = Buffer.byteLength(chunk)
      if (size > 0 && size + length > LOG_LIMIT) {
        renameSync(path, `${path}.1`)
        size = 0
      }
      appendFileSync(path, chunk, { mode: 0o600 })
      size += length
    } catch (error) {
      if (!told) say(`${path} cannot be written (${errno(error)}); the engine goes on without a log.`)
      told = true
    }
  }
}
