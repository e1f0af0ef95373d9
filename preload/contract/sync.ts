import type { AccountId } from './account.ts'
import type { MailboxId } from './mailbox.ts'
import type { MessageId, MessageRow, Placement } from './message.ts'

/**
 * How far a mailbox is synced. Lives in the store only and changes only in the transaction that commits the rows it
 * covers (DESIGN §4.1), so it is never ahead of them.
 */
export interface Cursor {
  readonly mailbox: MailboxId
  /**
   * One more with every batch of the mailbox. The store refuses a batch that does not follow the cursor it has (or
   * repeat it): after a batch that failed, those behind it would cover its gap.
   */
  readonly revision: number
  /** RFC 3501 §2.3.1.1; another value at the server voids every UID. */
  readonly uidValidity: number
  /** Half-open UID ranges [from, to) whose messages are all held, ascending, disjoint, not touching. */
  readonly synced: readonly (readonly [number, number])[]
  /** HIGHESTMODSEQ up to which flags of the synced ranges are true (RFC 7162), as decimal text; '' without CONDSTORE. */
  readonly modseq: string
  /** UIDs in the synced ranges whose octets the server could not give; tried again in later sessions. */
  readonly missing: readonly number[]
  /** Placements the store holds once this cursor is committed: compared with EXISTS to see expunged messages. */
  readonly held: number
  /** The first sync has come to its end. */
  readonly complete: boolean
}

/** A change of flags the server told. */
export interface FlagChange {
  readonly uid: number
  readonly flags: number
  readonly keywords: readonly string[]
}

/** The packed bodies of some rows of a batch: `bytes.subarray(offsets[i], offsets[i + 1])` is a msgpack MessageBody of `messages[i]`. */
export interface BodyBlock {
  readonly messages: readonly MessageId[]
  /** One more entry than messages. */
  readonly offsets: readonly number[]
  readonly bytes: Uint8Array
}

/**
 * The unit of the way in: ≤ 200 rows or about 1 MB, applied in one transaction with its cursor. Truth of the server
 * only. Applying it twice is the same as once.
 */
export interface SyncBatch {
  readonly account: AccountId
  readonly mailbox: MailboxId
  /** Drop every placement of the mailbox first: its UIDVALIDITY changed. */
  readonly reset: boolean
  readonly rows: readonly MessageRow[]
  readonly placements: readonly Placement[]
  readonly bodies: BodyBlock
  readonly flags: readonly FlagChange[]
  /** UIDs that no longer exist at the server, proven twice where it is many (DESIGN §4.4). */
  readonly gone: readonly number[]
  readonly cursor: Cursor
  /** MESSAGES and UNSEEN at the server, null when not asked. */
  readonly serverTotal: number | null
  readonly serverUnread: number | null
}

/** What the store tells the engine when they meet: its state is the truth of what is synced. */
export interface StoreHello {
  /** Made anew with the database; the engine sees by it that a store is not the one it knew. */
  readonly generation: string
  /** Greatest message id in the store, 0 when empty: the engine gives none at or below it again. */
  readonly lastMessage: MessageId
  readonly cursors: readonly Cursor[]
}
