import {
  appError,
  err,
  ok,
  type AppError,
  type ListRow,
  type MailboxId,
  type MessageId,
  type Result,
  type ViewChange,
  type ViewId,
  type ViewQuery,
  type ViewState,
  type ViewWindow,
} from '../../preload/contract/index.ts'
import type { StoreChanges } from './batch.ts'
import { KeyList, type Key, type Move } from './keys.ts'
import { Paced } from './pace.ts'
import { findUid, pageOf, placementAt } from './placements.ts'
import type { MailboxRecord } from './schema.ts'
import { messagePageOf, type StoreState } from './state.ts'

/** One list, shared by all views with the same query. */
interface Live {
  readonly query: ViewQuery
  readonly views: Map<ViewId, (change: ViewChange) => void>
  version: number
  /** Null until it was built. */
  list: KeyList | null
  mailboxes: MailboxId[]
  building: Promise<KeyList> | null
  /** What came since the last tick, by row. */
  pending: Map<string, { readonly key: Key; before: Key | null; after: Key | null }>
  updated: Set<MessageId>
  /** Counters may have changed. */
  touched: boolean
  /** As it was last told. */
  unread: number
  rebuild: boolean
}

/** Live lists: sorted keys in memory, rows read for the windows that are asked for. */
export class Views {
  readonly #state: StoreState
  readonly #lives = new Map<string, Live>()
  readonly #views = new Map<ViewId, Live>()
  readonly #opened: (mailboxes: readonly MailboxId[]) => void
  #next = 1
  readonly #paced = new Paced(() => {
    for (const live of this.#lives.values()) {
      if (live.rebuild) void this.#rebuild(live).catch(() => {})
      else if (live.list) this.#flush(live)
    }
  })

  /** @param opened told which folders are in view, whenever that changes. */
  constructor(state: StoreState, opened: (mailboxes: readonly MailboxId[]) => void) {
    this.#state = state
    this.#opened = opened
  }

  /** Opens a view; its rows are ready when they are asked for. */
  open(query: ViewQuery, listener: (change: ViewChange) => void): ViewState {
    const name = JSON.stringify(query)
    const live = this.#lives.get(name) ?? this.#newLive(query)
    this.#lives.set(name, live)
    const view = this.#next++
    live.views.set(view, listener)
    this.#views.set(view, live)
    void this.#build(live).catch(() => {}) // whoever asks for rows gets the error
    this.#opened(this.opened())
    return this.#stateOf(live, view)
  }

  close(view: ViewId): void {
    const live = this.#views.get(view)
    if (!live) return
    this.#views.delete(view)
    live.views.delete(view)
    if (live.views.size === 0) this.#lives.delete(JSON.stringify(live.query))
    this.#opened(this.opened())
  }

  /** The folders in view. */
  opened(): MailboxId[] {
    return [...new Set([...this.#lives.values()].flatMap(({ mailboxes }) => mailboxes))].sort((a, b) => a - b)
  }

  /** Errors: store.damaged, when a row of the list is nowhere to be found. */
  async window(view: ViewId, from: number, count: number): Promise<Result<ViewWindow, AppError>> {
    const live = this.#views.get(view)
    if (!live) return ok({ view, version: 0, from, rows: [] })
    // A change that comes while rows are read makes the window too old: it is read again, from what is then in memory.
    for (let tries = 0; tries < 5; tries++) {
      const list = await this.#current(live)
      const { version } = live
      const keys: Key[] = []
      for (let i = from; i < Math.min(from + count, list.length); i++) keys.push(list.key(i))
      const rows = await this.#rows(keys)
      if (rows) return ok({ view, version, from, rows })
      if (tries > 1) live.rebuild = true
    }
    return err(appError('store.damaged', { detail: 'a row of a list is missing' }))
  }

  async position(view: ViewId, mailbox: MailboxId, uid: number): Promise<number> {
    const live = this.#views.get(view)
    if (!live?.mailboxes.includes(mailbox)) return -1
    const list = await this.#current(live)
    const place = await this.#state.placement(mailbox, uid)
    return place ? list.indexOf(place) : -1
  }

  /** Takes over what a committed write changed. */
  changed(changes: StoreChanges): void {
    for (const live of this.#lives.values()) {
      const mine = new Set(live.mailboxes)
      if (live.mailboxes.some((mailbox) => changes.rebuilt.has(mailbox))) live.rebuild = true
      for (const key of changes.removed) if (mine.has(key.mailbox)) note(live, key, null)
      for (const key of changes.added) if (mine.has(key.mailbox)) note(live, key, key)
      for (const mailbox of live.mailboxes) {
        for (const message of changes.updated.get(mailbox) ?? []) live.updated.add(message)
        if (changes.touched.has(mailbox)) live.touched = true
      }
    }
    this.#paced.later()
  }

  /** Accounts or folders changed: lists over other folders than before start anew. */
  structure(): void {
    for (const live of this.#lives.values()) {
      const mailboxes = this.#mailboxesOf(live.query)
      if (String(mailboxes) === String(live.mailboxes)) continue
      live.mailboxes = mailboxes
      live.rebuild = true
    }
    this.#opened(this.opened())
    this.#paced.later()
  }

  #newLive(query: ViewQuery): Live {
    const mailboxes = this.#mailboxesOf(query)
    return {
      query,
      views: new Map(),
      version: 1,
      list: null,
      mailboxes,
      building: null,
      pending: new Map(),
      updated: new Set(),
      touched: false,
      unread: this.#unread(mailboxes),
      rebuild: false,
    }
  }

  #mailboxesOf(query: ViewQuery): MailboxId[] {
    const all = [...this.#state.mailboxes.values()]
    const mine = all.filter(({ id, role }) => (query.kind === 'mailbox' ? id === query.mailbox : role === query.role))
    return mine.map(({ id }) => id).sort((a, b) => a - b)
  }

  #stateOf(live: Live, view: ViewId): ViewState {
    const { version } = live
    const total = live.list?.length ?? this.#sum(live.mailboxes, (mailbox) => mailbox.total)
    return { view, version, total, unread: this.#unread(live.mailboxes) }
  }

  #unread(mailboxes: readonly MailboxId[]): number {
    return this.#sum(mailboxes, (mailbox) => shownUnread(this.#state, mailbox))
  }

  #sum(mailboxes: readonly MailboxId[], count: (mailbox: MailboxRecord) => number): number {
    let sum = 0
    for (const id of mailboxes) {
      const mailbox = this.#state.mailboxes.get(id)
      if (mailbox) sum += count(mailbox)
    }
    return sum
  }

  #build(live: Live): Promise<KeyList> {
    live.building ??= this.#buildNow(live).finally(() => (live.building = null))
    return live.building
  }

  async #buildNow(live: Live): Promise<KeyList> {
    for (;;) {
      const { mailboxes } = live
      const folders = await Promise.all(mailboxes.map((mailbox) => this.#state.placements(mailbox)))
      if (mailboxes !== live.mailboxes) continue
      // From here on nothing is awaited: pages in memory and what is pending belong together.
      live.pending.clear()
      live.list = KeyList.from(folders.flatMap((pages) => [...pages.values()].sort((a, b) => b.page - a.page)))
      return live.list
    }
  }

  /** The list as it is now. */
  async #current(live: Live): Promise<KeyList> {
    if (!live.list) await this.#build(live)
    if (live.rebuild) await this.#rebuild(live)
    this.#flush(live)
    return live.list!
  }

  async #rebuild(live: Live): Promise<void> {
    live.rebuild = false
    await this.#build(live)
    live.updated.clear()
    this.#tell(live, null)
  }

  /** Brings the list up to date and tells. */
  #flush(live: Live): void {
    if (!live.list || live.rebuild) return
    const recounted = live.touched && this.#unread(live.mailboxes) !== live.unread
    if (live.pending.size === 0 && live.updated.size === 0 && !recounted) return
    const added: Key[] = []
    const removed: Key[] = []
    for (const { before, after } of live.pending.values()) {
      if (before?.date === after?.date) continue
      if (before) removed.push(before)
      if (after) added.push(after)
    }
    live.pending.clear()
    const { list, moves } = live.list.change(added, removed)
    live.list = list
    this.#tell(live, moves)
  }

  #tell(live: Live, moves: readonly Move[] | null): void {
    live.version++
    live.touched = false
    live.unread = this.#unread(live.mailboxes)
    const updated = [...live.updated]
    live.updated.clear()
    for (const [view, listener] of live.views) listener({ ...this.#stateOf(live, view), moves, updated })
  }

  /** Rows of some keys; null when one is gone. */
  async #rows(keys: readonly Key[]): Promise<ListRow[] | null> {
    const places = []
    for (const { mailbox, uid } of keys) {
      const page = (await this.#state.placements(mailbox)).get(pageOf(uid))
      const index = findUid(page, uid)
      if (!page || index < 0) return null
      places.push(placementAt(page, index))
    }
    const pages = await this.#state.messagePages(places.map(({ message }) => messagePageOf(message)))
    const rows: ListRow[] = []
    for (const { message, mailbox, uid, flags, keywords } of places) {
      const stored = pages.get(messagePageOf(message))?.find(({ row }) => row.id === message)
      if (!stored) return null
      rows.push({ ...stored.row, mailbox, uid, flags, keywords })
    }
    return rows
  }
}

/** Unread messages of a folder as they are shown: our own count once the first sync is through. */
export function shownUnread(state: StoreState, mailbox: MailboxRecord): number {
  return state.cursors.get(mailbox.id)?.complete ? mailbox.unread : (mailbox.serverUnread ?? mailbox.unread)
}

function note(live: Live, key: Key, after: Key | null): void {
  if (!live.list) return // it will be built from what is in memory then
  const name = `${key.mailbox}:${key.uid}`
  const noted = live.pending.get(name)
  if (noted) noted.after = after
  else live.pending.set(name, { key, before: after ? null : key, after })
}
