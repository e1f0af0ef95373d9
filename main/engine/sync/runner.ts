import {
  appError,
  err,
  ok,
  type Account,
  type AccountState,
  type AppError,
  type MailboxId,
  type MailboxInfo,
  type MessageId,
  type Result,
} from '../../../preload/contract/index.ts'
import type { Vault } from '../../vault/vault.ts'
import type { Backend, Sink, SyncTarget } from './backend.ts'
import { describeFolders, rank, upToDate } from './folders.ts'
import { backOff, needsUser } from './states.ts'
import { Waker } from './waker.ts'

/** How often folders that nobody watches are asked, in ms. */
const POLL = 300_000
/** A certificate that could not be trusted is tried again by itself after so long: a captive portal goes away. */
const BLOCKED_POLL = 600_000

/** A message that somebody waits for. */
interface Want {
  readonly mailbox: MailboxId
  readonly uid: number
  readonly message: MessageId
  readonly settle: (result: Result<void, AppError>) => void
}

export interface RunnerOptions {
  readonly account: Account
  readonly vault: Vault
  readonly sink: Sink
  /** Opens a session with the server. */
  connect(): Promise<Result<Backend, AppError>>
  onState(state: AccountState): void
  /** All folders, after a LIST that completed; `gone` have been forgotten. */
  onFolders(folders: readonly MailboxInfo[], gone: readonly MailboxId[]): Promise<Result<void, AppError>>
}

/**
 * One account's life: connect, list, bring folders up to date a step at a time (what someone waits for first), watch,
 * and begin again after a failure. Knows no protocol.
 */
export class AccountRunner {
  readonly #options: RunnerOptions
  readonly #waker = new Waker()
  #stopped = false
  readonly #stopping = Promise.withResolvers<undefined>()
  #backend: Backend | null = null
  #ended: AppError | null = null
  #folders: MailboxInfo[] = []
  /** Folders with something to do, this session. */
  readonly #dirty = new Set<MailboxId>()
  #opened: readonly MailboxId[] = []
  readonly #wants: Want[] = []
  #failures = 0
  /** How often the server refused a folder. */
  readonly #refused = new Map<MailboxId, number>()

  constructor(options: RunnerOptions) {
    this.#options = options
  }

  /** Runs until stop(). */
  async run(): Promise<void> {
    while (!this.#stopped) {
      this.#options.onState({ is: 'connecting' })
      const session = await this.#session()
      this.#backend?.close()
      this.#backend = null
      if (this.#stopped) break
      await this.#recover(session)
    }
    for (const want of this.#wants.splice(0)) want.settle(err(appError('door.closed')))
  }

  stop(): void {
    this.#stopped = true
    this.#stopping.resolve(undefined)
    this.#backend?.close()
    this.#waker.wake()
  }

  /** Try now. */
  retry(): void {
    this.#failures = 0
    this.#waker.wake()
  }

  opened(mailboxes: readonly MailboxId[]): void {
    this.#opened = mailboxes
    for (const id of mailboxes) if (this.#folders.some((folder) => folder.id === id)) this.#dirty.add(id)
    // The store says it again after every listing: that must not end a wait after a failure.
    if (this.#backend) this.#waker.wake()
  }

  want(message: MessageId, mailbox: MailboxId, uid: number): Promise<Result<void, AppError>> {
    if (!this.#backend) return Promise.resolve(err(this.#ended ?? appError('octets.missing')))
    return new Promise((settle) => {
      this.#wants.push({ message, mailbox, uid, settle })
      this.#waker.wake()
    })
  }

  /** Waits after a session has ended, as long as its reason asks for. */
  async #recover(reason: AppError): Promise<void> {
    for (const want of this.#wants.splice(0)) want.settle(err(reason))
    this.#waker.forget()
    this.#failures++
    const blocked = needsUser(reason)
    const wait = blocked ? BLOCKED_POLL : backOff(this.#failures, reason)
    this.#options.onState(
      blocked ? { is: 'blocked', error: reason } : { is: 'waiting', until: Date.now() + wait, error: reason },
    )
    // A password that was refused is not tried again by itself: it would lock the account.
    await this.#waker.wait(reason.code.startsWith('auth.') && blocked ? null : wait)
  }

  /** From connecting to the end of the session; returns why it ended. */
  async #session(): Promise<AppError> {
    this.#ended = null
    const connecting = this.#options.connect()
    const connected = await Promise.race([connecting, this.#stopping.promise])
    if (connected === undefined) {
      // Nobody waits for a server that does not answer; should it still, we leave.
      void connecting.then((late) => late.ok && late.value.close())
      return appError('door.closed')
    }
    if (!connected.ok) return (this.#ended = connected.error)
    const backend = connected.value
    this.#backend = backend
    backend.onEnd = (error) => {
      this.#ended = error
      this.#waker.wake()
    }
    backend.onChange = (path) => {
      const folder = this.#folders.find((candidate) => candidate.path === path)
      if (folder) this.#dirty.add(folder.id)
      this.#waker.wake()
    }
    this.#dirty.clear()
    let polled = 0
    for (;;) {
      if (this.#stopped) return appError('door.closed')
      if (this.#ended) return this.#ended
      const due = polled + POLL - Date.now()
      if (due <= 0) {
        const refreshed = await this.#refresh(backend)
        if (!refreshed.ok) return refreshed.error
        polled = Date.now()
      }
      const worked = await this.#work(backend)
      if (!worked.ok) return worked.error
      if (worked.value) continue
      const flushed = await this.#options.sink.flush()
      if (!flushed.ok) return flushed.error
      const resting = await this.#rest(backend, Math.max(polled + POLL - Date.now(), 0))
      if (!resting.ok) return resting.error
    }
  }

  /** Lists the folders and marks those that changed. */
  async #refresh(backend: Backend): Promise<Result<void, AppError>> {
    const listed = await backend.list()
    if (!listed.ok) return listed
    const { account, vault, sink } = this.#options
    const assigned = vault.mailboxes.assign(
      account.id,
      listed.value.map(({ path }) => path),
    )
    if (!assigned.ok) return assigned
    this.#folders = describeFolders(account.id, listed.value, assigned.value.ids)
    vault.dropBindings(assigned.value.gone)
    const told = await this.#options.onFolders(this.#folders, assigned.value.gone)
    if (!told.ok) return told
    for (const [index, folder] of this.#folders.entries()) {
      if (folder.selectable && !upToDate(listed.value[index]?.status ?? null, sink.cursor(folder.id)))
        this.#dirty.add(folder.id)
    }
    return ok()
  }

  /** One step of what is most wanted; false when there is nothing to do. */
  async #work(backend: Backend): Promise<Result<boolean, AppError>> {
    const want = this.#wants.shift()
    if (want) {
      const folder = this.#folders.find(({ id }) => id === want.mailbox)
      const fetched = folder ? await backend.fetch(folder, want.uid) : err(appError('message.gone'))
      want.settle(fetched)
      return fetched.ok || !this.#ended ? ok(true) : fetched
    }
    const folder = this.#next()
    if (!folder) return ok(false)
    const room = this.#options.vault.room()
    if (!room.ok) return room
    const stepped = await backend.sync(folder)
    if (!stepped.ok) return this.#stepFailed(folder, stepped.error)
    this.#failures = 0
    if (stepped.value.more) {
      this.#options.onState({
        is: 'syncing',
        mailbox: folder.path,
        done: stepped.value.done,
        total: stepped.value.total,
      })
    } else this.#dirty.delete(folder.id)
    return ok(true)
  }

  /** A folder that the server refuses is left until the next listing; whatever ended the session ends it here. */
  #stepFailed(folder: MailboxInfo, error: AppError): Result<boolean, AppError> {
    if (this.#ended) return err(this.#ended)
    if (!/^(server|mailbox|message)\./.test(error.code)) return err(error)
    const times = (this.#refused.get(folder.id) ?? 0) + 1
    this.#refused.set(folder.id, times)
    // A bad message is found by halving its window: that takes some refusals.
    if (times % 20 === 0 || error.code === 'mailbox.missing') this.#dirty.delete(folder.id)
    return ok(true)
  }

  #next(): MailboxInfo | undefined {
    if (this.#dirty.size === 0) return undefined
    const waiting = this.#folders.filter(({ id }) => this.#dirty.has(id))
    const order = (folder: MailboxInfo) => {
      const open = this.#opened.indexOf(folder.id)
      return open >= 0 ? open - 100 : rank(folder.role)
    }
    return waiting.sort((a, b) => order(a) - order(b))[0]
  }

  /** Up to date: watch until something happens. */
  async #rest(backend: Backend, wait: number): Promise<Result<void, AppError>> {
    const inbox = this.#folders.find(({ role }) => role === 'inbox')
    const open = this.#opened
      .map((id) => this.#folders.find((folder) => folder.id === id))
      .find((folder) => folder?.selectable)
    const targets = [inbox, open].filter((target): target is MailboxInfo => target !== undefined)
    const watching = await backend.watch(targets satisfies readonly SyncTarget[])
    if (!watching.ok) return watching
    if (this.#dirty.size > 0 || this.#wants.length > 0 || this.#ended || this.#stopped) return ok()
    this.#options.onState({ is: 'idle', at: Date.now() })
    await this.#waker.wait(wait)
    return ok()
  }
}
