import { X509Certificate } from 'node:crypto'
import {
  checkServerIdentity,
  createSecureContext,
  rootCertificates,
  type PeerCertificate,
  type SecureContext,
  type TLSSocket,
} from 'node:tls'
import { ImapFlow, type FetchMessageObject, type ImapFlowOptions } from 'imapflow'
import {
  err,
  ok,
  type AccountSettings,
  type AppError,
  type ConnectionReport,
  type Result,
} from '../../../preload/contract/index.ts'
import type { ListedMailbox } from '../sync/backend.ts'
import { imapError } from './errors.ts'

/** Deadlines in ms (DESIGN §4.6): every command settles, and a dead IDLE is found in under 90 s. */
export interface Deadlines {
  readonly connect: number
  readonly greeting: number
  /** Silence on the wire while an answer is due. */
  readonly silence: number
  /** A command that carries no messages. */
  readonly command: number
  /** IDLE is renewed after so long: sooner than silence is noticed, so that a dead one is. */
  readonly idle: number
  /** A transfer of messages must bring this many octets … */
  readonly minimumOctets: number
  /** … in so many ms. */
  readonly minimumPer: number
}
export const DEADLINES: Deadlines = {
  connect: 20_000,
  greeting: 10_000,
  silence: 40_000,
  command: 60_000,
  idle: 35_000,
  minimumOctets: 4096,
  minimumPer: 60_000,
}

/** Above this a message is fetched in pieces, so that it is never held in memory twice. */
export const LARGE = 24 * 1024 * 1024

/** A selected mailbox (RFC 3501 §6.3.1). */
export interface Selected {
  readonly path: string
  readonly uidValidity: number
  readonly uidNext: number
  readonly exists: number
  /** HIGHESTMODSEQ as decimal text, '' without CONDSTORE (RFC 7162 §3.1.2). */
  readonly modseq: string
}

/** A message as FETCH brought it; fields the server left out are undefined. */
export type Fetched = FetchMessageObject

type Query = Parameters<ImapFlow['fetch']>[1]

/** One connection to an IMAP server, signed in: imapflow behind Results, deadlines and TLS that cannot be left out. */
export class ImapSession {
  readonly #client: ImapFlow
  readonly #params: AppError['params']
  readonly #deadlines: Deadlines
  #ended: AppError | null = null
  /** Told of a folder that may have changed: EXISTS, EXPUNGE, VANISHED or FETCH that nobody asked for. */
  onChange: (path: string) => void = () => {}
  /** Told once when the connection has ended, by whichever side. */
  onEnd: (error: AppError) => void = () => {}

  private constructor(client: ImapFlow, params: AppError['params'], deadlines: Deadlines) {
    this.#client = client
    this.#params = params
    this.#deadlines = deadlines
    // imapflow tells an error first and then that it closed; the error says more.
    let last: unknown
    client.on('error', (error: unknown) => (last ??= error))
    client.on('close', () => {
      const error = this.#end(
        last ?? Object.assign(new Error('closed'), { code: 'NoConnection', byeReason: client.byeReason }),
      )
      this.onEnd(error)
    })
    client.on('exists', ({ path }: { path: string }) => this.onChange(path))
    client.on('expunge', ({ path }: { path: string }) => this.onChange(path))
    client.on('flags', ({ path }: { path: string }) => this.onChange(path))
  }

  /** Connects, secures and signs in. No credential is sent before TLS is proven. */
  static async open(
    settings: AccountSettings,
    password: string,
    deadlines: Deadlines = DEADLINES,
  ): Promise<Result<ImapSession, AppError>> {
    const { host, port, security, user } = settings.imap
    const params = { host, port, user }
    let session: ImapSession
    try {
      const options: ImapFlowOptions = {
        host,
        port,
        secure: security === 'tls',
        ...(security === 'starttls' ? { doSTARTTLS: true } : {}),
        auth: { user, pass: password },
        logger: false,
        disableAutoIdle: true,
        qresync: true,
        clientInfo: { name: 'Ketchup' },
        connectionTimeout: deadlines.connect,
        greetingTimeout: deadlines.greeting,
        socketTimeout: deadlines.silence,
        maxIdleTime: deadlines.idle,
        maxLineLength: 64 * 1024 * 1024,
        maxLiteralSize: LARGE + 1024 * 1024,
        maxResponseSize: 128 * 1024 * 1024,
        tls: {
          rejectUnauthorized: true,
          checkServerIdentity: checkName,
          secureContext: trust(settings.ca ?? ''),
        },
      }
      const client = new ImapFlow(options)
      session = new ImapSession(client, params, deadlines)
      const signedIn = await session.#guard(
        client.connect(),
        deadlines.connect + deadlines.greeting + deadlines.command,
      )
      if (!signedIn.ok) {
        client.close()
        return signedIn
      }
    } catch (error) {
      return err(imapError(error, params))
    }
    if (!session.#client.secureConnection) {
      session.close()
      return err(imapError(Object.assign(new Error('not secure'), { tlsFailed: true }), params))
    }
    return ok(session)
  }

  /** Why it has ended; null while it lives. */
  get ended(): AppError | null {
    return this.#ended
  }

  has(capability: string): boolean {
    return this.#client.capabilities.has(capability) || this.#client.enabled.has(capability)
  }

  /** What "Test connection" shows. */
  report(mailboxes: number, took: number): ConnectionReport {
    const socket = (this.#client as unknown as { socket: TLSSocket }).socket
    const certificate = socket.getPeerCertificate()
    return {
      host: String(this.#params['host']),
      port: Number(this.#params['port']),
      tls: {
        version: socket.getProtocol() ?? '',
        cipher: socket.getCipher().standardName,
        issuer: [certificate.issuer?.O ?? certificate.issuer?.CN ?? ''].flat().join(', '),
        validTo: Date.parse(certificate.valid_to),
      },
      capabilities: [...this.#client.capabilities.keys()].sort(),
      mailboxes,
      took,
    }
  }

  /** All folders with their STATUS, in one round trip where LIST-STATUS is (RFC 5819). */
  async list(): Promise<Result<ListedMailbox[], AppError>> {
    const statusQuery = {
      messages: true,
      unseen: true,
      uidNext: true,
      uidValidity: true,
      highestModseq: this.has('CONDSTORE'),
    }
    const listed = await this.#guard(this.#client.list({ statusQuery }), this.#deadlines.command)
    if (!listed.ok) return listed
    // An empty LIST, or one without INBOX, is no truth about the account (RFC 3501 §5.1: INBOX is always there).
    if (!listed.value.some(({ path }) => path.toUpperCase() === 'INBOX'))
      return err(imapError(Object.assign(new Error('LIST without INBOX'), { responseStatus: 'NO' }), this.#params))
    return ok(
      listed.value.map((entry) => ({
        path: entry.path,
        name: entry.name,
        parentPath: entry.parentPath,
        specialUse: entry.specialUse ?? '',
        selectable: !entry.flags.has('\\Noselect') && !entry.flags.has('\\NonExistent'),
        status: entry.status
          ? {
              messages: entry.status.messages ?? null,
              unseen: entry.status.unseen ?? null,
              uidNext: entry.status.uidNext ?? null,
              uidValidity: entry.status.uidValidity === undefined ? null : Number(entry.status.uidValidity),
              modseq: entry.status.highestModseq?.toString() ?? '',
            }
          : null,
      })),
    )
  }

  /** Selects a folder, read-write; `fresh` also when it is selected already. */
  async select(path: string, fresh = false): Promise<Result<Selected, AppError>> {
    const open = this.#client.mailbox
    if (open && open.path === path && !fresh) return ok(this.#selected(open))
    const selected = await this.#guard(this.#client.mailboxOpen(path), this.#deadlines.command)
    return selected.ok ? ok(this.#selected(selected.value)) : selected
  }

  #selected(mailbox: {
    path: string
    uidValidity: bigint
    uidNext: number
    exists: number
    highestModseq?: bigint | undefined
    noModseq?: boolean | undefined
  }): Selected {
    return {
      path: mailbox.path,
      uidValidity: Number(mailbox.uidValidity ?? 0),
      uidNext: mailbox.uidNext ?? 0,
      exists: mailbox.exists ?? 0,
      modseq: mailbox.noModseq ? '' : (mailbox.highestModseq?.toString() ?? ''),
    }
  }

  /** UIDs of the selected folder within [from, to), ascending; `larger` only those above so many octets. */
  async uids(from: number, to: number, larger?: number): Promise<Result<number[], AppError>> {
    const range = to === Infinity ? `${from}:*` : `${from}:${to - 1}`
    const query = { uid: range, ...(larger === undefined ? {} : { larger }) }
    const found = await this.#guard(this.#client.search(query, { uid: true }), this.#deadlines.command)
    if (!found.ok) return found
    // `n:*` names the last message even when its UID is below n (RFC 3501 §6.4.8).
    return ok((found.value || []).filter((uid) => uid >= from && uid < to).sort((a, b) => a - b))
  }

  /** Every UID of the selected folder. */
  async allUids(): Promise<Result<number[], AppError>> {
    const found = await this.#guard(this.#client.search({ all: true }, { uid: true }), this.#deadlines.command)
    return found.ok ? ok((found.value || []).sort((a, b) => a - b)) : found
  }

  /**
   * Streams FETCH answers, one at a time, always by PEEK. The receiver may fail, which ends it. Messages may come that
   * were not asked for (flag updates); some asked for may be missing.
   */
  async fetch(
    uids: string,
    query: Query,
    receive: (message: Fetched) => Promise<Result<void, AppError>> | Result<void, AppError>,
    changedSince?: string,
  ): Promise<Result<void, AppError>> {
    if (uids === '') return ok()
    const stop = this.#watchTransfer()
    try {
      const options = { uid: true, ...(changedSince ? { changedSince: BigInt(changedSince) } : {}) }
      for await (const message of this.#client.fetch(uids, query, options)) {
        const received = await receive(message)
        if (!received.ok) return received
      }
      return ok()
    } catch (error) {
      return err(this.#fail(error))
    } finally {
      stop()
    }
  }

  /** One message's octets in pieces of `piece`: `{start, maxLength}` (RFC 3501 §6.4.5 partial). */
  async fetchPieces(
    uid: number,
    size: number,
    receive: (piece: Buffer) => Result<void, AppError>,
    piece = 4 * 1024 * 1024,
  ): Promise<Result<void, AppError>> {
    for (let start = 0; start < size; start += piece) {
      let got = 0
      const fetched = await this.fetch(String(uid), { source: { start, maxLength: piece } }, ({ source }) => {
        got += source?.length ?? 0
        return source ? receive(source) : ok()
      })
      if (!fetched.ok) return fetched
      if (got === 0) return ok()
    }
    return ok()
  }

  /** Waits for news of the selected folder until another command is given. */
  idle(): void {
    this.#client.idle().catch(() => {}) // its failure ends the session, which onEnd tells
  }

  close(): void {
    this.#client.close()
  }

  /** Signs out where that is quick, and closes. */
  async leave(): Promise<void> {
    await this.#guard(this.#client.logout(), 2_000)
    this.close()
  }

  /** Ends a transfer that trickles: silence is imapflow's to notice, a byte a second is not. */
  #watchTransfer(): () => void {
    let before = this.#client.stats().received
    const timer = setInterval(() => {
      const now = this.#client.stats().received
      if (now - before < this.#deadlines.minimumOctets) this.#expire()
      before = now
    }, this.#deadlines.minimumPer)
    return () => clearInterval(timer)
  }

  async #guard<T>(work: Promise<T>, deadline: number): Promise<Result<T, AppError>> {
    let timer: NodeJS.Timeout | undefined
    const expired = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(Object.assign(new Error('deadline'), { code: 'ETIMEOUT' }))
        this.#expire()
      }, deadline)
    })
    try {
      const value = await Promise.race([work, expired])
      // imapflow answers `false` for some commands that the server refused.
      if (value === false && !this.#client.usable) return err(this.#fail(new Error('closed')))
      return ok(value)
    } catch (error) {
      return err(this.#fail(error))
    } finally {
      clearTimeout(timer)
    }
  }

  #expire(): void {
    this.#end(Object.assign(new Error('deadline'), { code: 'ETIMEOUT' }))
    this.#client.close()
  }

  /** The reason the session ended says more than the command that noticed. */
  #fail(error: unknown): AppError {
    const own = imapError(error, this.#params)
    return own.code === 'net.closed' && this.#ended ? this.#ended : own
  }

  #end(error: unknown): AppError {
    this.#ended ??= imapError(error, this.#params)
    return this.#ended
  }
}

const contexts = new Map<string, SecureContext>()

/** What is trusted and how: the usual authorities, and an account's own. Kept, for parsing 150 roots takes 0.2 s. */
function trust(ca: string): SecureContext {
  let context = contexts.get(ca)
  if (!context) {
    // createSecureContext() passes over what it cannot read; the person who chose the file should know.
    if (ca !== '') new X509Certificate(ca)
    context = createSecureContext({
      minVersion: 'TLSv1.2',
      // Level 2 refuses SHA-1 signatures and RSA below 2048 bits.
      ciphers: 'DEFAULT@SECLEVEL=2',
      ...(ca === '' ? {} : { ca: [...rootCertificates, ca] }),
    })
    if (contexts.size > 20) contexts.clear()
    contexts.set(ca, context)
  }
  return context
}

/** Names count only where they are alternative names (RFC 6125 §6.4.4); Node would fall back to the common name. */
function checkName(host: string, certificate: PeerCertificate): Error | undefined {
  if (certificate.subjectaltname) return checkServerIdentity(host, certificate)
  return Object.assign(new Error('The certificate names no host.'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
}
