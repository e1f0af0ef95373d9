import {
  appError,
  err,
  ok,
  type Account,
  type AccountId,
  type AccountSettings,
  type AccountState,
  type AccountStatus,
  type AppError,
  type ConnectionReport,
  type EngineHello,
  type MailboxId,
  type MessageId,
  type Remote,
  type Result,
  type ShellForEngine,
  type StoreForEngine,
  type StoreHello,
} from '../../preload/contract/index.ts'
import type { Vault } from '../vault/vault.ts'
import { ImapBackend, type ImapMemory } from './imap/backend.ts'
import { ImapSession } from './imap/session.ts'
import type { Log } from './log.ts'
import { AccountRunner } from './sync/runner.ts'
import { SharedOctets } from './sync/shared-octets.ts'
import { StoreSink } from './sync/store-sink.ts'

interface Running {
  readonly runner: AccountRunner
  readonly done: Promise<void>
}

/**
 * The engine: accounts, and one runner for each while a store is connected. Everything it tells goes to the store;
 * passwords come from the window or the shell and stay in memory only as long as a connection is made.
 */
export class Engine {
  readonly #vault: Vault
  readonly #secrets: Remote<ShellForEngine>
  readonly #log: Log
  readonly #running = new Map<AccountId, Running>()
  readonly #states = new Map<AccountId, AccountState>()
  readonly #memories = new Map<AccountId, ImapMemory>()
  #store: Remote<StoreForEngine> | null = null
  #sink: StoreSink | null = null
  #opened: readonly MailboxId[] = []

  constructor(vault: Vault, secrets: Remote<ShellForEngine>, log: Log) {
    this.#vault = vault
    this.#secrets = secrets
    this.#log = log
  }

  /** A store has come, with the truth of what is synced: sync goes on from there. The latest one counts. */
  async attach(store: Remote<StoreForEngine>, hello: StoreHello): Promise<EngineHello> {
    await this.#stopAll()
    this.#store = store
    this.#sink = new StoreSink(store, hello.cursors)
    this.#vault.messageNumbers.skip(hello.lastMessage)
    this.#log.info('store attached', { cursors: hello.cursors.length })
    const accounts = this.#vault.accounts.list()
    for (const account of accounts) this.#start(account)
    return { accounts, statuses: accounts.map(({ id }) => this.#status(id)) }
  }

  /** The store has gone: nothing can be synced until one comes. */
  async detach(store: Remote<StoreForEngine>): Promise<void> {
    if (this.#store !== store) return
    this.#store = null
    this.#sink = null
    this.#log.info('store detached')
    await this.#stopAll()
  }

  opened(mailboxes: readonly MailboxId[]): void {
    this.#opened = mailboxes
    for (const { runner } of this.#running.values()) runner.opened(mailboxes)
  }

  async want(message: MessageId, mailbox: MailboxId, uid: number): Promise<Result<void, AppError>> {
    for (const account of this.#vault.accounts.list()) {
      if (!this.#vault.mailboxes.of(account.id).some(({ id }) => id === mailbox)) continue
      const running = this.#running.get(account.id)
      return running ? running.runner.want(message, mailbox, uid) : err(appError('octets.missing'))
    }
    return err(appError('message.gone'))
  }

  /** Connects, signs in, lists, leaves. Keeps nothing. */
  async test(settings: AccountSettings, password: string): Promise<Result<ConnectionReport, AppError>> {
    const start = performance.now()
    const opened = await ImapSession.open(settings, password)
    if (!opened.ok) return opened
    const session = opened.value
    const took = Math.round(performance.now() - start)
    const folders = await session.list()
    const result = folders.ok ? ok(session.report(folders.value.length, took)) : folders
    await session.leave()
    return result
  }

  async add(settings: AccountSettings, password: string): Promise<Result<AccountId, AppError>> {
    const { user, host } = settings.imap
    const same = (account: Account) =>
      account.settings.imap.user === user &&
      account.settings.imap.host === host &&
      account.settings.imap.port === settings.imap.port
    if (this.#vault.accounts.list().some(same)) return err(appError('account.exists', { params: { user, host } }))
    const id = this.#vault.accountNumbers.take()
    if (!id.ok) return id
    const secret = await this.#secrets.setSecret(secretRef(id.value), password)
    if (!secret.ok) return secret
    const account: Account = { id: id.value, settings, position: this.#vault.accounts.list().length }
    const kept = this.#vault.accounts.put(account)
    if (!kept.ok) return kept
    await this.#tellAccounts()
    this.#start(account)
    return ok(account.id)
  }

  async remove(id: AccountId): Promise<Result<void, AppError>> {
    await this.#stop(id)
    const removed = this.#vault.accounts.remove(id)
    if (!removed.ok) return removed
    const folders = this.#vault.mailboxes.assign(id, [])
    if (!folders.ok) return folders
    this.#vault.dropBindings(folders.value.gone)
    for (const mailbox of folders.value.gone) this.#sink?.forget(mailbox)
    this.#states.delete(id)
    this.#memories.delete(id)
    await this.#tellAccounts()
    return this.#secrets.dropSecret(secretRef(id))
  }

  async password(id: AccountId, password: string): Promise<Result<void, AppError>> {
    const account = this.#vault.accounts.find(id)
    if (!account) return err(appError('account.unknown'))
    const kept = await this.#secrets.setSecret(secretRef(id), password)
    if (!kept.ok) return kept
    await this.#stop(id)
    this.#start(account)
    return ok()
  }

  retry(id: AccountId): Result<void, AppError> {
    if (!this.#vault.accounts.find(id)) return err(appError('account.unknown'))
    this.#running.get(id)?.runner.retry()
    return ok()
  }

  /** Housekeeping that nobody waits for: octets that nothing has named for 30 days go. */
  sweep(): void {
    const swept = this.#vault.sweep()
    if (!swept.ok) this.#log.warn('sweep failed', { code: swept.error.code, server: swept.error.server })
    else if (swept.value > 0) this.#log.info('swept', { files: swept.value })
  }

  async shutdown(): Promise<void> {
    await this.#stopAll()
  }

  #start(account: Account): void {
    const store = this.#store
    const sink = this.#sink
    if (!store || !sink) return
    const runner = new AccountRunner({
      account,
      vault: this.#vault,
      sink,
      connect: async () => {
        const password = await this.#secrets.secret(secretRef(account.id))
        if (!password.ok) return password
        if (password.value === null)
          return err(appError('auth.missing', { params: { user: account.settings.imap.user } }))
        const memory = this.#memory(account.id)
        return ImapBackend.open({ account, password: password.value, vault: this.#vault, sink, memory })
      },
      onState: (state) => {
        this.#states.set(account.id, state)
        if (state.is === 'waiting' || state.is === 'blocked')
          this.#log.warn(`account ${state.is}`, {
            account: account.id,
            code: state.error.code,
            server: state.error.server,
            detail: state.error.detail ?? '',
          })
        void store.status(this.#status(account.id))
      },
      onFolders: (folders, gone) => {
        for (const mailbox of gone) sink.forget(mailbox)
        return store.mailboxes(account.id, folders)
      },
    })
    runner.opened(this.#opened)
    this.#running.set(account.id, { runner, done: runner.run() })
  }

  async #stop(id: AccountId): Promise<void> {
    const running = this.#running.get(id)
    this.#running.delete(id)
    running?.runner.stop()
    await running?.done
  }

  async #stopAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((id) => this.#stop(id)))
    for (const id of this.#states.keys()) this.#states.set(id, { is: 'paused' })
  }

  async #tellAccounts(): Promise<void> {
    await this.#store?.accounts(this.#vault.accounts.list())
  }

  #memory(id: AccountId): ImapMemory {
    let memory = this.#memories.get(id)
    if (!memory) {
      const folders = () => this.#vault.mailboxes.of(id).map((folder) => folder.id)
      this.#memories.set(id, (memory = { troubles: new Map(), shared: new SharedOctets(this.#vault, folders) }))
    }
    return memory
  }

  #status(account: AccountId): AccountStatus {
    const troubles = this.#memories.get(account)?.troubles.values() ?? []
    const failing = [...troubles].reduce((sum, trouble) => sum + trouble.count, 0)
    return { account, state: this.#states.get(account) ?? { is: 'paused' }, failing }
  }
}

function secretRef(account: AccountId): string {
  return `account/${account}/imap`
}
