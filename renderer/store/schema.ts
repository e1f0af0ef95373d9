import { Dexie, type Table } from 'dexie'
import type {
  Account,
  AccountId,
  Cursor,
  MailboxId,
  MailboxInfo,
  MessageId,
  MessageRow,
} from '../../preload/contract/index.ts'

/*
 * The shape of the database. What costs time in IndexedDB is the number of values written, each one a message to the
 * browser process; their size and their indexes matter little (test/bench/store.ts). So nothing here is one value per
 * message: rows, placements and bodies are kept in pages of some dozen, and there is no index at all. One worker
 * writes (host.ts sees to that); it holds the placements of the folders in use in memory and finds all else by key.
 *
 * Not here yet: `ops` come with acting on mail, `contacts` with writing it, `threads` with conversations; each brings
 * its own version below. Nothing of a person's own is in this file: the engine can rebuild all of it (DESIGN §2).
 */
export const DATABASE = 'ketchup-store'

/** A message as the store keeps it. */
export interface StoredMessage {
  readonly row: MessageRow
  /**
   * Where it may be placed, [mailbox, UID]. A hint that may be stale after a folder was reset or removed, so that these
   * need not rewrite every row; the placement pages are the truth.
   */
  readonly at: readonly (readonly [MailboxId, number])[]
  /** Key of the pack that holds its body, 0 when there is none. */
  readonly pack: number
}

/** Messages by id: page n holds the ids from n × 32. Ids are given in sequence, so pages fill up densely. */
export interface MessagePage {
  readonly page: number
  /** StoredMessage[] by ascending id, in the doors' codec: half the time of a structured clone of 32 objects. */
  readonly messages: Uint8Array
}

/** Placements of one folder by UID: page n holds the UIDs from n × 256. Columns, by ascending UID. */
export interface PlacementPage {
  readonly mailbox: MailboxId
  readonly page: number
  readonly uids: Uint32Array
  readonly dates: Float64Array
  readonly messages: Float64Array
  readonly flags: Uint32Array
  /** By UID, for those that have any. */
  readonly keywords: Readonly<Record<number, readonly string[]>>
}

/** Some bodies, one after another: `bytes.subarray(offsets[i], offsets[i + 1])` is the msgpack body of `messages[i]`. */
export interface BodyPack {
  readonly id: number
  readonly messages: readonly MessageId[]
  readonly offsets: readonly number[]
  readonly bytes: Uint8Array
}

/** A folder with its counters: the sidebar is drawn from these rows alone. */
export interface MailboxRecord extends MailboxInfo {
  readonly total: number
  readonly unread: number
  /** Between a reset and the end of the sync after it: its messages wait for their new UIDs and are not swept. */
  readonly rebinding: boolean
}

/** Facts about the database itself, by name. */
export interface MetaRecord {
  readonly key: 'generation' | 'known' | 'sweep'
  readonly value: string | boolean
}

export class StoreDatabase extends Dexie {
  declare readonly meta: Table<MetaRecord, string>
  declare readonly accounts: Table<Account, AccountId>
  declare readonly mailboxes: Table<MailboxRecord, MailboxId>
  declare readonly cursors: Table<Cursor, MailboxId>
  declare readonly messages: Table<MessagePage, number>
  declare readonly placements: Table<PlacementPage, [MailboxId, number]>
  declare readonly bodies: Table<BodyPack, number>

  /** @param upTo the last schema version to declare; tests open older ones with it. */
  constructor(name = DATABASE, upTo = VERSIONS.length) {
    // Dexie's cache and cross-tab signals serve liveQuery, which we do not use: one worker writes, and views are pushed.
    super(name, { cache: 'disabled', autoOpen: false })
    for (const [index, stores] of VERSIONS.slice(0, upTo).entries()) this.version(index + 1).stores(stores)
  }
}

/** Versions in order, each with what it adds or changes. */
const VERSIONS: readonly Record<string, string>[] = [
  {
    meta: 'key',
    accounts: 'id',
    mailboxes: 'id',
    cursors: 'mailbox',
    messages: 'page',
    placements: '[mailbox+page]',
    bodies: 'id',
  },
]
