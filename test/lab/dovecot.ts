/** A real Dovecot on loopback with users, mail and certificates of its own, all inside one temporary folder. */
import { execFile } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ImapFlow } from 'imapflow'
import { accountFile } from './account.ts'
import { putGenerated } from './cache.ts'
import { type CertificateVariant, certificate } from './certs.ts'
import { type DovecotPorts, type InnerPorts, dovecotConfig, mailOwner } from './dovecot-config.ts'
import type { MailboxOptions } from './generator.ts'
import { deliverByLmtp } from './lmtp.ts'
import { type Filled, type FillMail, fillMailbox, writeMails } from './maildir.ts'
import { type Outside, startOutside } from './outside.ts'
import { freePort } from './ports.ts'
import { type DovecotProcess, readLog, runDovecot, waitForLine } from './process.ts'
import { type Rawlog, readRawlog } from './rawlog.ts'
import { makeTemporary } from './temporary.ts'

const run = promisify(execFile)
const FIRST_CHANGE = 1e9

export interface LabUser {
  email: string
  /** The name to log in with: the whole address. */
  user: string
  password: string
}

export interface AppendOptions {
  mailbox?: string
  date?: Date
  flags?: string[]
}

export interface DovecotLab {
  readonly folder: string
  readonly ports: DovecotPorts
  /** Path of the PEM file to trust. */
  readonly ca: string
  /**
   * Adds `name@mail.test`; it can log in at once. A name that is there already gets the new password,
   * within a second if somebody logged in under it before.
   */
  addUser(name: string, password?: string): LabUser
  /** Delivers to INBOX through LMTP, as mail from outside would come. */
  deliver(user: LabUser, octets: Uint8Array): Promise<void>
  /** Puts a message anywhere by IMAP APPEND; returns its UID. The mailbox must exist. */
  append(user: LabUser, octets: Uint8Array, options?: AppendOptions): Promise<number>
  /**
   * Writes many messages straight into a mailbox, creating it, and lets Dovecot index them.
   * A mailbox that clients have open sees them at its next poll.
   */
  fill(user: LabUser, mailbox: string, mails: Iterable<FillMail>): Promise<Filled>
  /** The same with a generated mailbox, by way of a cache in the system's temporary folder. */
  fillGenerated(user: LabUser, mailbox: string, options: MailboxOptions): Promise<Filled>
  /** Runs doveadm with the lab's configuration; returns what it printed. @throws Error with its own words */
  doveadm(...args: string[]): Promise<string>
  /** Records from now on what new IMAP and POP3 sessions of this user say; `rawlog` reads it. */
  startRawlog(user: LabUser): void
  rawlog(user: LabUser): Rawlog
  /** Dovecot's log so far, a line each. */
  log(): string[]
  /** The first line of the log that matches, from line number `from` on, now or later. @throws Error after `timeout` ms */
  waitForLog(pattern: RegExp, options?: { from?: number; timeout?: number }): Promise<string>
  /** Ends the server; the ports refuse, the mail stays. */
  stop(): Promise<void>
  /** Ends the server by SIGKILL, with all its connections. */
  kill(): Promise<void>
  /** Starts it again on the same ports with the same mail, perhaps with another certificate. */
  start(options?: { certificate?: CertificateVariant }): Promise<void>
  /** Ends the server at once and removes the folder. */
  close(): Promise<void>
}

export interface DovecotOptions {
  /** `valid` unless said otherwise. */
  certificate?: CertificateVariant
}

/**
 * Starts a lab. It ends with `close()`, and by itself when this process dies.
 * @throws Error with Dovecot's own words when it cannot start
 */
export async function startDovecot(options: DovecotOptions = {}): Promise<DovecotLab> {
  const folder = makeTemporary('run')
  chmodSync(folder, 0o711) // Dovecot's login processes are somebody else and must reach their sockets below
  const ca = join(folder, 'ca.pem')
  const logFile = join(folder, 'dovecot.log')
  const owner = mailOwner()
  const own = (path: string) => chownSync(path, owner.uid, owner.gid)
  for (const name of ['mail', 'rawlog']) own(makeFolder(folder, name))
  makeFolder(folder, 'users')

  const ports = await freePorts()
  let changeTime = FIRST_CHANGE
  let server: DovecotProcess | undefined
  let relays: Outside[] = []
  let variant = options.certificate ?? 'valid'

  const start: DovecotLab['start'] = async (change) => {
    if (server) throw new Error('The lab is running already.')
    variant = change?.certificate ?? variant
    const pair = await certificate(variant)
    copyFileSync(pair.ca, ca)
    writeFileSync(join(folder, 'dovecot.conf'), dovecotConfig(folder, ports, pair))
    rmSync(join(folder, 'run', 'master.pid'), { force: true })
    server = await runDovecot(folder, logFile)
    relays = [await startOutside(ports.imap, ports.imapInside), await startOutside(ports.pop3, ports.pop3Inside)]
  }
  const stop = async (how: 'stop' | 'kill') => {
    const running = server
    server = undefined
    await running?.[how]()
    for (const relay of relays.splice(0)) await relay.close()
  }
  const doveadm = async (...args: string[]) => {
    try {
      const { stdout } = await run('doveadm', ['-c', join(folder, 'dovecot.conf'), ...args], { maxBuffer: 1 << 28 })
      return stdout
    } catch (error) {
      const { stderr } = error as { stderr?: string }
      throw new Error(`doveadm ${args.join(' ')}: ${stderr || String(error)}`, { cause: error })
    }
  }

  try {
    await start()
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  return {
    folder,
    ports,
    ca,
    addUser(name, password = `secret of ${name}`) {
      const email = `${name}@mail.test`
      // Base64 keeps every password within the file's colon-separated fields.
      const secret = Buffer.from(password).toString('base64')
      const line = `${email}:{PLAIN.b64}${secret}:${owner.uid}:${owner.gid}::${join(folder, 'mail', name)}\n`
      const file = join(folder, 'users', email)
      const changes = existsSync(file)
      own(makeFolder(folder, 'mail', name))
      writeFileSync(file, line)
      // Dovecot compares whole seconds, and the first word may have come within this one.
      if (changes) utimesSync(file, FIRST_CHANGE, (changeTime += 1))
      return { email, user: email, password }
    },
    deliver: (user, octets) => deliverByLmtp(ports.lmtp, user.email, octets),
    async append(user, octets, { mailbox = 'INBOX', date, flags = [] } = {}) {
      const client = imapClient({ ports, ca }, user)
      await client.connect()
      try {
        const done = await client.append(mailbox, Buffer.from(octets), flags, date)
        if (!done || done.uid === undefined) throw new Error(`Dovecot did not append to ${mailbox}.`)
        return done.uid
      } finally {
        await client.logout()
      }
    },
    fill: (user, mailbox, mails) => fillMailbox({ doveadm }, user.user, mailbox, (cur) => writeMails(cur, mails)),
    fillGenerated: (user, mailbox, options) =>
      fillMailbox({ doveadm }, user.user, mailbox, (cur) => putGenerated(cur, options)),
    doveadm,
    startRawlog: (user) => own(makeFolder(folder, 'rawlog', localPart(user))),
    rawlog: (user) => readRawlog(join(folder, 'rawlog', localPart(user))),
    log: () => readLog(logFile),
    waitForLog: (pattern, wait) => waitForLine(logFile, pattern, wait).found,
    stop: () => stop('stop'),
    kill: () => stop('kill'),
    start,
    async close() {
      await stop('kill')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** An imapflow client for a user, not connected yet; it trusts the lab's CA only and never sends a password bare. */
export function imapClient(
  lab: Pick<DovecotLab, 'ports' | 'ca'>,
  user: LabUser,
  security: 'tls' | 'starttls' = 'tls',
): ImapFlow {
  const { host, port, password } = accountFile(lab, user, { security }).imap
  const transport = security === 'tls' ? { secure: true } : { secure: false, doSTARTTLS: true }
  const auth = { user: user.user, pass: password }
  return new ImapFlow({ host, port, ...transport, auth, tls: { ca: readFileSync(lab.ca) }, logger: false })
}

async function freePorts(): Promise<InnerPorts> {
  const chosen = new Set<number>()
  while (chosen.size < 7) chosen.add(await freePort())
  const next = chosen.values()
  const port = () => next.next().value as number
  const tls = { imaps: port(), pop3s: port(), lmtp: port() }
  return { ...tls, imap: port(), pop3: port(), imapInside: port(), pop3Inside: port() }
}

const localPart = ({ email }: LabUser) => email.slice(0, email.lastIndexOf('@'))

function makeFolder(...parts: string[]): string {
  const path = join(...parts)
  mkdirSync(path, { recursive: true })
  return path
}
