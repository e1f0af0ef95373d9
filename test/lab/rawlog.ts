import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What a user's sessions said, decrypted, in the order in which they began. Octets as latin1. */
export interface Rawlog {
  /** client → server */
  client: string
  /** server → client */
  server: string
}

/**
 * Reads the files that Dovecot's rawlog_dir wrote (`<date>-<pid>-<n>.in` and `.out`), without their time stamps.
 * A session that is still open may not have written its last lines yet.
 */
export function readRawlog(folder: string): Rawlog {
  const names = existsSync(folder) ? readdirSync(folder).sort() : []
  const read = (suffix: string) =>
    names
      .filter((name) => name.endsWith(suffix))
      .map((name) => readFileSync(join(folder, name), 'latin1').replace(/^\d+\.\d+ /gm, ''))
      .join('')
  return { client: read('.in'), server: read('.out') }
}
