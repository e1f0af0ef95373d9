import type { AccountId, AccountStatus, Mailbox, Sidebar } from '../../preload/contract/index.ts'
import { Paced } from './pace.ts'
import type { StoreState } from './state.ts'
import { shownUnread } from './views.ts'

/** What the sidebar shows, put together from memory, and told to those who listen when it changed. */
export class SidebarFeed {
  readonly #state: StoreState
  readonly #statuses = new Map<AccountId, AccountStatus>()
  readonly #listeners = new Set<(sidebar: Sidebar) => void>()
  #engine = false
  readonly #told = new Paced(() => {
    const sidebar = this.now()
    for (const listener of this.#listeners) listener(sidebar)
  })

  constructor(state: StoreState) {
    this.#state = state
  }

  now(): Sidebar {
    const { accounts, mailboxes, known } = this.#state
    return {
      accounts: [...accounts.values()].sort((a, b) => a.position - b.position || a.id - b.id),
      mailboxes: [...mailboxes.values()].map((record): Mailbox => {
        const complete = this.#state.cursors.get(record.id)?.complete ?? false
        return { ...record, unread: shownUnread(this.#state, record), complete }
      }),
      statuses: [...this.#statuses.values()].filter(({ account }) => accounts.has(account)),
      known,
      engine: this.#engine,
    }
  }

  listen(listener: (sidebar: Sidebar) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Statuses live as long as the engine that gave them: none is stored. */
  status(status: AccountStatus): void {
    this.#statuses.set(status.account, status)
    this.changed()
  }

  engine(open: boolean): void {
    this.#engine = open
    if (!open) this.#statuses.clear()
    this.changed()
  }

  changed(): void {
    this.#told.later()
  }
}
