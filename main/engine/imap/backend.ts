import { ok, type Account, type AppError, type MailboxId, type Result } from '../../../preload/contract/index.ts'
import type { Vault } from '../../vault/vault.ts'
import type { Backend, ListedMailbox, Sink, StepResult, SyncTarget } from '../sync/backend.ts'
import type { SharedOctets } from '../sync/shared-octets.ts'
import { MailboxSync, type SyncContext } from './mailbox-sync.ts'
import { ImapSession } from './session.ts'
import { Trouble } from './trouble.ts'

/** What lives longer than a session: what went wrong, and which messages share octets. */
export interface ImapMemory {
  readonly troubles: Map<MailboxId, Trouble>
  readonly shared: SharedOctets
}

export interface ImapOptions {
  readonly account: Account
  readonly password: string
  readonly vault: Vault
  readonly sink: Sink
  readonly memory: ImapMemory
}

/** IMAP behind the Backend interface: one connection works and watches the open folder, a second watches the Inbox. */
export class ImapBackend implements Backend {
  readonly #options: ImapOptions
  readonly #session: ImapSession
  readonly #context: SyncContext
  readonly #syncs = new Map<MailboxId, MailboxSync>()
  #watcher: ImapSession | null = null
  #watcherRefused = false
  onChange: (path: string) => void = () => {}
  onEnd: (error: AppError) => void = () => {}

  private constructor(options: ImapOptions, session: ImapSession) {
    this.#options = options
    this.#session = session
    const { vault, sink, account, memory } = options
    this.#context = {
      session,
      vault,
      sink,
      account: account.id,
      sameOctets: (sha, mailbox) => memory.shared.find(sha, mailbox),
      keepOctets: (sha, message) => memory.shared.keep(sha, message),
    }
    session.onChange = (path) => this.#changed(path)
    session.onEnd = (error) => this.onEnd(error)
  }

  static async open(options: ImapOptions): Promise<Result<ImapBackend, AppError>> {
    const session = await ImapSession.open(options.account.settings, options.password)
    return session.ok ? ok(new ImapBackend(options, session.value)) : session
  }

  list(): Promise<Result<ListedMailbox[], AppError>> {
    return this.#session.list()
  }

  sync(mailbox: SyncTarget): Promise<Result<StepResult, AppError>> {
    return this.#sync(mailbox).step()
  }

  fetch(mailbox: SyncTarget, uid: number): Promise<Result<void, AppError>> {
    return this.#sync(mailbox).fetchOne(uid)
  }

  /** The first folder is the Inbox: its own connection watches it, the work connection the next one. */
  async watch(mailboxes: readonly SyncTarget[]): Promise<Result<void, AppError>> {
    const [inbox, open = inbox] = mailboxes
    if (!inbox || !open) return ok()
    await this.#watchInbox(inbox)
    const selected = await this.#session.select((this.#watcher ? open : inbox).path)
    if (!selected.ok) return selected
    this.#session.idle()
    return ok()
  }

  close(): void {
    this.onEnd = () => {}
    this.#watcher?.close()
    void this.#session.leave()
  }

  #sync(mailbox: SyncTarget): MailboxSync {
    let sync = this.#syncs.get(mailbox.id)
    if (!sync) {
      const { troubles } = this.#options.memory
      let trouble = troubles.get(mailbox.id)
      if (!trouble) troubles.set(mailbox.id, (trouble = new Trouble()))
      this.#syncs.set(mailbox.id, (sync = new MailboxSync(this.#context, mailbox, trouble)))
    }
    return sync
  }

  #changed(path: string): void {
    for (const sync of this.#syncs.values()) if (sync.path === path) sync.restart()
    this.onChange(path)
  }

  /** A server that allows no second connection is asked once a session; the work connection then watches the Inbox. */
  async #watchInbox(inbox: SyncTarget): Promise<void> {
    if (this.#watcher || this.#watcherRefused) return
    const { account, password } = this.#options
    const session = await ImapSession.open(account.settings, password)
    if (!session.ok) {
      this.#watcherRefused = true
      return
    }
    const watcher = session.value
    watcher.onEnd = () => {
      this.#watcher = null
      this.#changed(inbox.path) // whatever was missed is found by the next step, which watches again
    }
    const before = this.#options.sink.cursor(inbox.id)
    const selected = await watcher.select(inbox.path)
    if (!selected.ok) {
      watcher.close()
      this.#watcherRefused = true
      return
    }
    this.#watcher = watcher
    watcher.onChange = (path) => this.#changed(path)
    const { exists, modseq, uidValidity } = selected.value
    if (!before || before.held !== exists || before.modseq !== modseq || before.uidValidity !== uidValidity)
      this.#changed(inbox.path)
    watcher.idle()
  }
}
