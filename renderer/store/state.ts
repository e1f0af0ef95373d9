import type { Account, AccountId, Cursor, MailboxId, MessageId, Placement } from '../../preload/contract/index.ts'
import { decode, encode } from '../../preload/doors/codec.ts'
import { findUid, pageOf, placementAt } from './placements.ts'
import type {
  BodyPack,
  MailboxRecord,
  MessagePage,
  MetaRecord,
  PlacementPage,
  StoreDatabase,
  StoredMessage,
} from './schema.ts'

/** Message pages kept in memory as they are stored, so that windows need not wait behind a write: about 16,000 rows. */
const PAGES_KEPT = 512

/** The page on which a message lies. */
export function messagePageOf(id: MessageId): number {
  return Math.floor(id / 32)
}

/** One write to the database: what is put (or, where null, deleted), by key. All of it or nothing. */
export interface Write {
  readonly messages?: ReadonlyMap<number, MessagePage | null>
  readonly placements?: ReadonlyMap<MailboxId, ReadonlyMap<number, PlacementPage | undefined>>
  /** Folders whose placements are dropped before any of the above is put. */
  readonly cleared?: ReadonlySet<MailboxId>
  readonly bodies?: ReadonlyMap<number, BodyPack | null>
  readonly mailboxes?: ReadonlyMap<MailboxId, MailboxRecord | null>
  readonly cursors?: ReadonlyMap<MailboxId, Cursor | null>
  readonly accounts?: ReadonlyMap<AccountId, Account | null>
  readonly meta?: readonly MetaRecord[]
}

/**
 * The database and what of it is held in memory: accounts, folders, cursors, and the placements of folders in use.
 * Memory changes only after a write was committed, so it is never ahead of the disk. There is one writer at a time
 * (`exclusive`), in one worker (host.ts).
 */
export class StoreState {
  readonly db: StoreDatabase
  readonly accounts = new Map<AccountId, Account>()
  readonly mailboxes = new Map<MailboxId, MailboxRecord>()
  readonly cursors = new Map<MailboxId, Cursor>()
  generation = ''
  /** The engine has said once which accounts there are. */
  known = false
  /** Messages may be here that no folder holds: a sweep is owed. */
  sweep = false
  lastMessagePage = -1
  nextPack = 1
  readonly #placements = new Map<MailboxId, Promise<Map<number, PlacementPage>>>()
  readonly #pages = new Map<number, Uint8Array>()
  #queue: Promise<unknown> = Promise.resolve()

  constructor(db: StoreDatabase) {
    this.db = db
  }

  /** Opens the database and reads what stands in memory; gives a new database its generation. */
  async open(): Promise<void> {
    const { db } = this
    await db.open()
    const [meta, accounts, mailboxes, cursors, page, pack] = await Promise.all([
      db.meta.toArray(),
      db.accounts.toArray(),
      db.mailboxes.toArray(),
      db.cursors.toArray(),
      db.messages.toCollection().reverse().limit(1).primaryKeys(),
      db.bodies.toCollection().reverse().limit(1).primaryKeys(),
    ])
    const facts = new Map(meta.map(({ key, value }) => [key, value]))
    this.generation = String(facts.get('generation') ?? '')
    this.known = facts.get('known') === true
    this.sweep = facts.get('sweep') === true
    for (const account of accounts) this.accounts.set(account.id, account)
    for (const mailbox of mailboxes) this.mailboxes.set(mailbox.id, mailbox)
    for (const cursor of cursors) this.cursors.set(cursor.mailbox, cursor)
    this.lastMessagePage = page[0] ?? -1
    this.nextPack = (pack[0] ?? 0) + 1
    if (!this.generation) {
      const generation = crypto.randomUUID()
      await this.write({ meta: [{ key: 'generation', value: generation }] })
      this.generation = generation
    }
  }

  /** Runs one writing task after the other. */
  exclusive<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(task)
    this.#queue = result.catch(() => {})
    return result
  }

  /** The placement pages of a folder, read once. */
  placements(mailbox: MailboxId): Promise<Map<number, PlacementPage>> {
    const held = this.#placements.get(mailbox)
    if (held) return held
    const read = this.#readPlacements(mailbox)
    this.#placements.set(mailbox, read)
    read.catch(() => this.#placements.delete(mailbox))
    return read
  }

  async #readPlacements(mailbox: MailboxId): Promise<Map<number, PlacementPage>> {
    const pages = new Map<number, PlacementPage>()
    // In pieces: one answer with all pages of a huge folder would hold up everything else in this worker.
    for (let from = 0; ;) {
      const some = await this.db.placements
        .where('[mailbox+page]')
        .between([mailbox, from], [mailbox, Infinity])
        .limit(128)
        .toArray()
      for (const page of some) pages.set(page.page, page)
      const last = some.at(-1)
      if (!last || some.length < 128) return pages
      from = last.page + 1
    }
  }

  /** The placement of a UID, if the folder has it. */
  async placement(mailbox: MailboxId, uid: number): Promise<Placement | undefined> {
    if (!this.mailboxes.has(mailbox)) return undefined
    const page = (await this.placements(mailbox)).get(pageOf(uid))
    const index = findUid(page, uid)
    return page && index >= 0 ? placementAt(page, index) : undefined
  }

  /** Those of a message's places that hold true. */
  async placesOf(message: StoredMessage): Promise<Placement[]> {
    const places: Placement[] = []
    for (const [mailbox, uid] of message.at) {
      const place = await this.placement(mailbox, uid)
      if (place?.message === message.row.id) places.push(place)
    }
    return places
  }

  /** Message pages, decoded; those that do not exist are left out. */
  async messagePages(numbers: Iterable<number>): Promise<Map<number, StoredMessage[]>> {
    const found = new Map<number, StoredMessage[]>()
    const missing: number[] = []
    for (const number of new Set(numbers)) {
      if (number > this.lastMessagePage) continue
      const bytes = this.#pages.get(number)
      if (bytes) {
        this.#keep(number, bytes)
        found.set(number, decode(bytes) as StoredMessage[])
      } else missing.push(number)
    }
    if (missing.length > 0) {
      for (const record of await this.db.messages.bulkGet(missing)) {
        if (!record) continue
        // A write may have come in between: what it kept is newer than what was read.
        const bytes = this.#pages.get(record.page) ?? record.messages
        this.#keep(record.page, bytes)
        found.set(record.page, decode(bytes) as StoredMessage[])
      }
    }
    return found
  }

  async message(id: MessageId): Promise<StoredMessage | undefined> {
    const page = messagePageOf(id)
    return (await this.messagePages([page])).get(page)?.find(({ row }) => row.id === id)
  }

  /** Greatest id of any message held, 0 when there is none. */
  async lastMessage(): Promise<MessageId> {
    return (await this.messagePages([this.lastMessagePage])).get(this.lastMessagePage)?.at(-1)?.row.id ?? 0
  }

  /** Commits a write, then takes it over into memory. @throws what IndexedDB throws; then nothing has changed. */
  async write(write: Write): Promise<void> {
    const { db } = this
    await db.transaction('rw', db.tables, async () => {
      for (const mailbox of write.cleared ?? []) {
        await db.placements.where('[mailbox+page]').between([mailbox, 0], [mailbox, Infinity]).delete()
      }
      const done: PromiseLike<unknown>[] = [
        save(db.messages, write.messages),
        save(db.bodies, write.bodies),
        save(db.mailboxes, write.mailboxes),
        save(db.cursors, write.cursors),
        save(db.accounts, write.accounts),
      ]
      for (const [mailbox, pages] of write.placements ?? []) {
        const put = [...pages.values()].filter((page) => page !== undefined)
        const gone = [...pages.keys()]
          .filter((page) => !pages.get(page))
          .map((page): [number, number] => [mailbox, page])
        if (put.length > 0) done.push(db.placements.bulkPut(put))
        if (gone.length > 0) done.push(db.placements.bulkDelete(gone))
      }
      if (write.meta) done.push(db.meta.bulkPut(write.meta))
      await Promise.all(done)
    })
    await this.#takeOver(write)
  }

  async #takeOver(write: Write): Promise<void> {
    for (const [page, record] of write.messages ?? []) {
      this.lastMessagePage = Math.max(this.lastMessagePage, page)
      this.#keep(page, record?.messages ?? encode([]))
    }
    for (const id of write.bodies?.keys() ?? []) this.nextPack = Math.max(this.nextPack, id + 1)
    take(this.mailboxes, write.mailboxes)
    take(this.cursors, write.cursors)
    take(this.accounts, write.accounts)
    for (const mailbox of write.cleared ?? [])
      this.#placements.set(mailbox, Promise.resolve(new Map<number, PlacementPage>()))
    for (const [mailbox, pages] of write.placements ?? []) {
      const held = await this.placements(mailbox)
      for (const [number, page] of pages) {
        if (page) held.set(number, page)
        else held.delete(number)
      }
    }
    for (const mailbox of write.mailboxes?.keys() ?? []) {
      if (!this.mailboxes.has(mailbox)) this.#placements.delete(mailbox)
    }
    for (const { key, value } of write.meta ?? []) {
      if (key === 'known') this.known = value === true
      if (key === 'sweep') this.sweep = value === true
    }
  }

  #keep(page: number, bytes: Uint8Array): void {
    this.#pages.delete(page)
    this.#pages.set(page, bytes)
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= PAGES_KEPT) break
      this.#pages.delete(oldest)
    }
  }
}

function take<K, V>(map: Map<K, V>, changes: ReadonlyMap<K, V | null> | undefined): void {
  for (const [key, value] of changes ?? []) {
    if (value === null) map.delete(key)
    else map.set(key, value)
  }
}

async function save<T, K extends number>(
  table: { bulkPut(items: T[]): PromiseLike<unknown>; bulkDelete(keys: K[]): PromiseLike<unknown> },
  changes: ReadonlyMap<K, T | null> | undefined,
): Promise<void> {
  const put: T[] = []
  const gone: K[] = []
  for (const [key, value] of changes ?? []) {
    if (value === null) gone.push(key)
    else put.push(value)
  }
  if (put.length > 0) await table.bulkPut(put)
  if (gone.length > 0) await table.bulkDelete(gone)
}
