import {
  appError,
  err,
  ok,
  type AppError,
  type Cursor,
  type MailboxId,
  type MessageId,
  type MessageRow,
  type Octets,
  type Placement,
  type Result,
  type SyncBatch,
} from '../../preload/contract/index.ts'
import { encode } from '../../preload/doors/codec.ts'
import { packBodies, packWithout } from './bodies.ts'
import type { Key } from './keys.ts'
import { changePage, findUid, pageOf, placementAt, unreadOf } from './placements.ts'
import type { BodyPack, MailboxRecord, MessagePage, PlacementPage, StoredMessage } from './schema.ts'
import { messagePageOf, type StoreState, type Write } from './state.ts'

/** What changed, for open views. */
export interface StoreChanges {
  /** Folders whose lists must be built anew. */
  readonly rebuilt: ReadonlySet<MailboxId>
  readonly added: readonly Key[]
  readonly removed: readonly Key[]
  /** Folders that a batch came for. */
  readonly touched: ReadonlySet<MailboxId>
  /** Messages whose row, flags or body changed in place, by the folders they are in. */
  readonly updated: ReadonlyMap<MailboxId, ReadonlySet<MessageId>>
}

const RANK: Record<Octets, number> = { none: 0, partial: 1, whole: 2 }

/** A reason to refuse a batch out of hand, or null. `before` is the cursor that it comes upon. */
function refusal(batch: SyncBatch, known: boolean, before: Cursor | undefined): AppError | null {
  const { cursor, mailbox, placements } = batch
  if (!known) return appError('mailbox.missing', { params: { mailbox }, detail: 'a batch for an unknown folder' })
  if (cursor.mailbox !== mailbox || placements.some((place) => place.mailbox !== mailbox)) {
    return appError('input.invalid', { detail: 'a batch for one folder holds parts for another' })
  }
  // Behind a batch that failed, the next one's cursor would cover rows that are not here (DESIGN §4.1).
  const last = before?.revision ?? 0
  if (cursor.revision !== last && cursor.revision !== last + 1) {
    return appError('input.invalid', { detail: `revision ${cursor.revision} does not follow ${last}` })
  }
  return null
}

/**
 * Batches on their way into the database: reads what they touch, works on copies, and makes one write of it all. Nothing
 * in memory or on disk changes before that write is committed, so a failed one leaves no trace.
 */
export class Draft {
  readonly #state: StoreState
  readonly #messages = new Map<number, Map<MessageId, StoredMessage>>()
  readonly #dirty = new Set<number>()
  readonly #placements = new Map<MailboxId, Map<number, PlacementPage | undefined>>()
  readonly #cleared = new Set<MailboxId>()
  readonly #bodies = new Map<number, BodyPack | null>()
  /** Bodies to take out of packs: pack → messages. */
  readonly #dropped = new Map<number, Set<MessageId>>()
  readonly #mailboxes = new Map<MailboxId, MailboxRecord>()
  readonly #cursors = new Map<MailboxId, Cursor>()
  readonly #added: Key[] = []
  readonly #removed: Key[] = []
  readonly #updated = new Map<MailboxId, Set<MessageId>>()
  #sweep = false
  #nextPack: number

  constructor(state: StoreState) {
    this.#state = state
    this.#nextPack = state.nextPack
  }

  /** Adds a batch. On an error the draft is spoilt and must be thrown away. */
  async add(batch: SyncBatch): Promise<Result<void, AppError>> {
    const folder = batch.mailbox
    const cursor = this.#cursors.get(folder) ?? this.#state.cursors.get(folder)
    const refused = refusal(batch, this.#state.mailboxes.has(folder), cursor)
    if (refused) return err(refused)
    const held = await this.#state.placements(folder)
    const mailbox = { ...this.#mailbox(folder) }
    if (batch.reset) {
      this.#cleared.add(folder)
      this.#placements.set(folder, new Map())
      Object.assign(mailbox, { total: 0, unread: 0, rebinding: mailbox.rebinding || mailbox.total > 0 })
    }
    await this.#load([...batch.rows.map(({ id }) => id), ...batch.placements.map(({ message }) => message)])
    this.#takeRows(batch)

    const changes = this.#placementChanges(batch, held)
    if (!changes) {
      return err(appError('input.invalid', { detail: 'a placement of a message that the store does not have' }))
    }
    for (const [number, change] of changes.pages) {
      const before = this.#page(folder, held, number)
      const after = changePage(before, folder, number, change)
      mailbox.total += (after?.uids.length ?? 0) - (before?.uids.length ?? 0)
      mailbox.unread += unreadOf(after) - unreadOf(before)
      this.#pages(folder).set(number, after)
    }
    await this.#detach(changes.detached)

    if (batch.cursor.complete && mailbox.rebinding) {
      mailbox.rebinding = false
      this.#sweep = true
    }
    if (batch.serverTotal !== null) mailbox.serverTotal = batch.serverTotal
    if (batch.serverUnread !== null) mailbox.serverUnread = batch.serverUnread
    this.#mailboxes.set(folder, mailbox)
    this.#cursors.set(folder, batch.cursor)
    return ok()
  }

  /** Writes all that was added in one transaction. @throws what IndexedDB throws. */
  async commit(): Promise<StoreChanges> {
    await this.#rewritePacks()
    const messages = new Map<number, MessagePage | null>()
    for (const page of this.#dirty) {
      const rows = [...(this.#messages.get(page)?.values() ?? [])].sort((a, b) => a.row.id - b.row.id)
      messages.set(page, rows.length > 0 ? { page, messages: encode(rows) } : null)
    }
    const write: Write = {
      messages,
      placements: this.#placements,
      cleared: this.#cleared,
      bodies: this.#bodies,
      mailboxes: this.#mailboxes,
      cursors: this.#cursors,
      ...(this.#sweep ? { meta: [{ key: 'sweep', value: true }] } : {}),
    }
    await this.#state.write(write)
    return {
      rebuilt: this.#cleared,
      added: this.#added,
      removed: this.#removed,
      touched: new Set(this.#mailboxes.keys()),
      updated: this.#updated,
    }
  }

  /** Takes a message out, with its body. */
  drop(message: StoredMessage): void {
    const page = messagePageOf(message.row.id)
    this.#messages.get(page)?.delete(message.row.id)
    this.#dirty.add(page)
    this.#dropBody(message)
  }

  /** All messages of some pages, for sweeping. */
  async load(pages: readonly number[]): Promise<StoredMessage[]> {
    await this.#loadPages(pages)
    return pages.flatMap((page) => [...(this.#messages.get(page)?.values() ?? [])])
  }

  #takeRows({ rows, bodies }: SyncBatch): void {
    const given = new Set(bodies.messages)
    const wanted = new Set<MessageId>()
    for (const row of rows) {
      const old = this.#message(row.id)
      if (old && RANK[old.row.octets] > RANK[row.octets]) continue // never less than we have
      // A replayed batch brings the body again: it is here already.
      const fresh = given.has(row.id) && (!old?.pack || RANK[row.octets] > RANK[old.row.octets])
      if (fresh) wanted.add(row.id)
      if (fresh && old) this.#dropBody(old)
      this.#setMessage({ row, at: old?.at ?? [], pack: fresh ? 0 : (old?.pack ?? 0) })
      if (old && (fresh || !sameRow(old.row, row))) for (const [mailbox] of old.at) this.#update(mailbox, row.id)
    }
    for (const pack of packBodies(bodies, wanted, this.#nextPack)) {
      this.#nextPack = pack.id + 1
      this.#bodies.set(pack.id, pack)
      for (const id of pack.messages) this.#setMessage({ ...this.#message(id)!, pack: pack.id })
    }
  }

  /** What is to happen on which page; undefined when a message is missing. */
  #placementChanges(batch: SyncBatch, held: ReadonlyMap<number, PlacementPage>) {
    const pages = new Map<number, Map<number, Omit<Placement, 'mailbox' | 'uid'> | null>>()
    const detached: Placement[] = []
    const current = (uid: number): Placement | undefined => {
      const change = pages.get(pageOf(uid))?.get(uid)
      if (change !== undefined) return change ? { ...change, mailbox: batch.mailbox, uid } : undefined
      const page = this.#page(batch.mailbox, held, pageOf(uid))
      const index = findUid(page, uid)
      return page && index >= 0 ? placementAt(page, index) : undefined
    }
    const set = (uid: number, value: Omit<Placement, 'mailbox' | 'uid'> | null) => {
      const page = pageOf(uid)
      const changes = pages.get(page) ?? new Map<number, Omit<Placement, 'mailbox' | 'uid'> | null>()
      pages.set(page, changes.set(uid, value))
    }
    for (const place of batch.placements) {
      const message = this.#message(place.message)
      if (!message) return undefined
      const old = current(place.uid)
      if (old && old.message !== place.message) detached.push(old)
      if (!old || old.date !== place.date) {
        if (old) this.#removed.push(old)
        this.#added.push(place)
      }
      if (old) this.#update(place.mailbox, place.message)
      const { date, flags, keywords } = place
      set(place.uid, { message: place.message, date, flags, keywords })
      if (!message.at.some(([mailbox, uid]) => mailbox === place.mailbox && uid === place.uid)) {
        const valid = message.at.filter(
          ([mailbox, uid]) => mailbox !== place.mailbox || current(uid)?.message === place.message,
        )
        this.#setMessage({ ...message, at: [...valid, [place.mailbox, place.uid]] })
      }
    }
    for (const { uid, flags, keywords } of batch.flags) {
      const old = current(uid)
      if (!old) continue // gone in the meantime
      set(uid, { message: old.message, date: old.date, flags, keywords })
      this.#update(batch.mailbox, old.message)
    }
    for (const uid of batch.gone) {
      const old = current(uid)
      if (!old) continue
      set(uid, null)
      this.#removed.push(old)
      detached.push(old)
    }
    return { pages, detached }
  }

  /** Messages that lost a place: those without any other go, with their bodies. */
  async #detach(places: readonly Placement[]): Promise<void> {
    await this.#load(places.map(({ message }) => message))
    for (const { message: id, mailbox, uid } of places) {
      const message = this.#message(id)
      if (!message) continue
      const at: [MailboxId, number][] = []
      for (const place of message.at) {
        if (place[0] === mailbox && place[1] === uid) continue
        if (await this.#holds(place[0], place[1], id)) at.push([place[0], place[1]])
      }
      if (at.length > 0) this.#setMessage({ ...message, at })
      else this.drop(message)
    }
  }

  async #holds(mailbox: MailboxId, uid: number, message: MessageId): Promise<boolean> {
    if (!this.#state.mailboxes.has(mailbox)) return false
    const page = this.#page(mailbox, await this.#state.placements(mailbox), pageOf(uid))
    const index = findUid(page, uid)
    return index >= 0 && page?.messages[index] === message
  }

  #update(mailbox: MailboxId, message: MessageId): void {
    const messages = this.#updated.get(mailbox) ?? new Set<MessageId>()
    this.#updated.set(mailbox, messages.add(message))
  }

  #dropBody({ row, pack }: StoredMessage): void {
    if (!pack) return
    const dropped = this.#dropped.get(pack) ?? new Set<MessageId>()
    this.#dropped.set(pack, dropped.add(row.id))
  }

  async #rewritePacks(): Promise<void> {
    const stored = [...this.#dropped.keys()].filter((id) => !this.#bodies.has(id))
    for (const pack of await this.#state.db.bodies.bulkGet(stored)) if (pack) this.#bodies.set(pack.id, pack)
    for (const [id, gone] of this.#dropped) {
      const pack = this.#bodies.get(id)
      if (pack) this.#bodies.set(id, packWithout(pack, gone))
    }
  }

  #mailbox(id: MailboxId): MailboxRecord {
    return this.#mailboxes.get(id) ?? this.#state.mailboxes.get(id)!
  }

  #pages(mailbox: MailboxId): Map<number, PlacementPage | undefined> {
    const pages = this.#placements.get(mailbox) ?? new Map<number, PlacementPage | undefined>()
    this.#placements.set(mailbox, pages)
    return pages
  }

  #page(mailbox: MailboxId, held: ReadonlyMap<number, PlacementPage>, number: number): PlacementPage | undefined {
    const mine = this.#placements.get(mailbox)
    if (mine?.has(number)) return mine.get(number)
    return this.#cleared.has(mailbox) ? undefined : held.get(number)
  }

  #message(id: MessageId): StoredMessage | undefined {
    return this.#messages.get(messagePageOf(id))?.get(id)
  }

  #setMessage(message: StoredMessage): void {
    const page = messagePageOf(message.row.id)
    const rows = this.#messages.get(page) ?? new Map<MessageId, StoredMessage>()
    this.#messages.set(page, rows.set(message.row.id, message))
    this.#dirty.add(page)
  }

  #load(ids: readonly MessageId[]): Promise<void> {
    return this.#loadPages(ids.map(messagePageOf))
  }

  async #loadPages(pages: readonly number[]): Promise<void> {
    const missing = pages.filter((page) => !this.#messages.has(page))
    for (const [page, rows] of await this.#state.messagePages(missing)) {
      this.#messages.set(page, new Map(rows.map((message) => [message.row.id, message])))
    }
  }
}

function sameRow(a: MessageRow, b: MessageRow): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
