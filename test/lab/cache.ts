/** Generated Maildirs kept between runs, so that a bench does not write 240 MB again each time. */
import { createHash } from 'node:crypto'
import { linkSync, lstatSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { type MailboxOptions, generate } from './generator.ts'
import { type Filled, copyMail, writeMails } from './maildir.ts'

const PREFIX = 'ketchup-lab-cache-'
const DAY = 86_400_000

/**
 * Puts the messages of a generated mailbox into a Maildir's `cur`, from the cache where it has them. The cache's name
 * is a hash of the generator's own source and the options, so a changed generator never meets its old mail.
 */
export function putGenerated(cur: string, options: MailboxOptions): Filled {
  const folder = join(tmpdir(), `${PREFIX}${generatorVersion()}-${optionsKey(options)}`)
  const filled = checkCache(folder, options.count) ?? makeCache(folder, options)
  for (const name of readdirSync(folder)) linkOrCopy(join(folder, name), join(cur, name))
  return filled
}

function makeCache(folder: string, options: MailboxOptions): Filled {
  sweepOld()
  const draft = mkdtempSync(join(tmpdir(), `${PREFIX}new-`))
  try {
    const filled = writeMails(draft, generate(options))
    rmSync(folder, { recursive: true, force: true })
    renameSync(draft, folder)
    return filled
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    // Another process made the same at the same time: one is as good as the other.
    const made = checkCache(folder, options.count)
    if (made) return made
    throw error
  }
}

/** Removes what generators of earlier versions, or makers that were killed, left here more than a day ago. */
function sweepOld(): void {
  const current = `${PREFIX}${generatorVersion()}-`
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX) || name.startsWith(current)) continue
    const folder = join(tmpdir(), name)
    const found = lstatSync(folder, { throwIfNoEntry: false })
    if (found && found.uid === userInfo().uid && Date.now() - found.mtimeMs > DAY) {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** What the cache holds, or undefined where it is missing, not ours, or not whole: temporary folders get swept. */
function checkCache(folder: string, count: number): Filled | undefined {
  const found = lstatSync(folder, { throwIfNoEntry: false })
  if (!found?.isDirectory() || found.uid !== userInfo().uid) return undefined
  const names = readdirSync(folder)
  if (names.length !== count) return undefined
  let bytes = 0
  for (const name of names) {
    const size = Number(/,S=(\d+)/.exec(name)?.[1])
    if (lstatSync(join(folder, name)).size !== size) return undefined
    bytes += size
  }
  return { count, bytes }
}

function optionsKey(options: MailboxOptions): string {
  return shortHash([JSON.stringify(Object.entries(options).sort())])
}

function generatorVersion(): string {
  const here = import.meta.dirname
  const parts = readdirSync(join(here, 'mailbox')).sort()
  const sources = ['generator.ts', 'maildir.ts', ...parts.map((name) => join('mailbox', name))]
  return shortHash(sources.map((name) => readFileSync(join(here, name))))
}

function shortHash(values: (string | Buffer)[]): string {
  const hash = createHash('sha256')
  for (const value of values) hash.update(value)
  return hash.digest('hex').slice(0, 12)
}

/** A hard link costs nothing, and Dovecot never writes into a message; where it cannot be made, a copy. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch (error) {
    if (!['EXDEV', 'EPERM', 'EMLINK'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    copyMail(from, to)
  }
}
