import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { ok, type AppError, type Result } from '../../preload/contract/index.ts'
import { diskError, readIfThere, writeDurably } from './files.ts'

/** Octets that nothing names stay so long, in ms: time to find out that they were dropped by mistake. */
const KEEP = 30 * 24 * 60 * 60 * 1000
const Unnamed = v.record(v.string(), v.number())

/**
 * Removes octets that nothing has named for 30 days. When each was first found unnamed stands in `unnamed.json`; a name
 * that comes back clears it.
 * @returns the number of files removed.
 */
export function sweepOctets(
  folder: string,
  isNamed: (sha: string) => boolean,
  now = Date.now(),
): Result<number, AppError> {
  const ledger = join(folder, 'unnamed.json')
  const read = readIfThere(ledger)
  if (!read.ok) return read
  const before = parse(read.value)
  const after: Record<string, number> = {}
  let removed = 0
  try {
    for (const prefix of readdirSync(join(folder, 'mail'))) {
      for (const name of readdirSync(join(folder, 'mail', prefix))) {
        const sha = name.replace(/\.eml$/, '')
        if (isNamed(sha)) continue
        const since = before[sha] ?? now
        if (now - since < KEEP) after[sha] = since
        else {
          rmSync(join(folder, 'mail', prefix, name))
          removed++
        }
      }
    }
  } catch (error) {
    return { ok: false, error: diskError(error, folder) }
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return ok(removed)
  const written = writeDurably(ledger, JSON.stringify(after))
  return written.ok ? ok(removed) : written
}

/** A ledger that cannot be read starts the time anew: it errs on the side of keeping. */
function parse(content: Buffer | null): Record<string, number> {
  try {
    return v.parse(Unnamed, JSON.parse(content?.toString('utf8') ?? '{}'))
  } catch {
    return {}
  }
}
