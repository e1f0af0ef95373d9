/** Fills a Maildir of the lab by files, which is some fifty times faster than asking a server to append. */
import { chownSync, copyFileSync, mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mailOwner } from './dovecot-config.ts'

export interface FillMail {
  octets: Uint8Array
  date: Date
  /** IMAP system flags, as `\Seen`. */
  flags: string[]
}

export interface Filled {
  count: number
  bytes: number
}

interface Doveadm {
  doveadm(...args: string[]): Promise<string>
}

// Maildir's letters for the system flags, which must stand in ASCII order in the name.
const LETTERS: Record<string, string> = {
  '\\Draft': 'D',
  '\\Flagged': 'F',
  '\\Answered': 'R',
  '\\Seen': 'S',
  '\\Deleted': 'T',
}

/**
 * Lets `put` write messages into `cur` of a mailbox, which is created when missing, then lets Dovecot number and index
 * them. UIDs ascend in the order of dates, and within a second in the order given, since Dovecot sorts by file name.
 */
export async function fillMailbox(
  lab: Doveadm,
  user: string,
  mailbox: string,
  put: (cur: string) => Filled,
): Promise<Filled> {
  if (mailbox !== 'INBOX') await lab.doveadm('mailbox', 'create', '-s', '-u', user, mailbox).catch(ignoreExisting)
  const path = (await lab.doveadm('mailbox', 'path', '-u', user, mailbox)).trim()
  makeMaildir(path)
  const filled = put(join(path, 'cur'))
  await indexMailbox(lab, user, mailbox)
  return filled
}

/** Numbers the messages and caches what a client asks for first, so that a bench measures serving, not indexing. */
async function indexMailbox(lab: Doveadm, user: string, mailbox: string): Promise<void> {
  await lab.doveadm('fetch', '-u', user, 'imap.envelope imap.bodystructure size.physical', 'mailbox', mailbox, 'all')
}

function makeMaildir(path: string): void {
  const { uid, gid } = mailOwner()
  for (const folder of [path, join(path, 'cur'), join(path, 'new'), join(path, 'tmp')]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    chownSync(folder, uid, gid)
  }
}

/** Writes messages into a folder by their Maildir names. @throws Error for a flag without a letter: keywords have none */
export function writeMails(cur: string, mails: Iterable<FillMail>): Filled {
  const { uid, gid } = mailOwner()
  let count = 0
  let bytes = 0
  for (const { octets, date, flags } of mails) {
    const path = join(cur, maildirName(octets, date, flags, count))
    writeFileSync(path, octets, { mode: 0o600 })
    chownSync(path, uid, gid)
    utimesSync(path, date, date) // the mtime is INTERNALDATE
    count++
    bytes += octets.length
  }
  return { count, bytes }
}

/** Copies a message's file with all that counts: its owner and its mtime, which is INTERNALDATE. */
export function copyMail(from: string, to: string): void {
  const { uid, gid } = mailOwner()
  copyFileSync(from, to)
  chownSync(to, uid, gid)
  const { mtime } = statSync(from)
  utimesSync(to, mtime, mtime)
}

/** `<seconds>.M<number>.lab,S=<octets>,W=<octets with CRLF>:2,<letters>`. */
function maildirName(octets: Uint8Array, date: Date, flags: string[], number: number): string {
  const seconds = Math.floor(date.getTime() / 1000)
  const letters = flags.map((flag) => {
    const letter = LETTERS[flag]
    if (!letter) throw new Error(`Maildir has no letter for the flag ${flag}.`)
    return letter
  })
  const size = octets.length
  const unique = `M${String(number).padStart(6, '0')}P1`
  return `${seconds}.${unique}.lab,S=${size},W=${size + bareLineFeeds(octets)}:2,${letters.sort().join('')}`
}

function bareLineFeeds(octets: Uint8Array): number {
  let count = 0
  for (let at = octets.indexOf(10); at >= 0; at = octets.indexOf(10, at + 1)) if (octets[at - 1] !== 13) count++
  return count
}

function ignoreExisting(error: unknown): void {
  if (!String(error).includes('Mailbox already exists')) throw error
}
