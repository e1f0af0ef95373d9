import type { AccountId } from './account.ts'
import type { MailboxId } from './mailbox.ts'

/** Given by the engine, never reused. The same octets in three folders are one message with three placements. */
export type MessageId = number

export interface Address {
  /** Decoded display name, '' when there is none. */
  readonly name: string
  readonly email: string
}

/** System flags and the common keywords as bits (RFC 3501 §2.3.2, RFC 5788 registry). */
export const FLAG = {
  seen: 1,
  flagged: 2,
  answered: 4,
  draft: 8,
  deleted: 16,
  forwarded: 32,
  junk: 64,
  notJunk: 128,
} as const

const FLAG_NAMES: readonly (readonly [number, string])[] = [
  [FLAG.seen, '\\Seen'],
  [FLAG.flagged, '\\Flagged'],
  [FLAG.answered, '\\Answered'],
  [FLAG.draft, '\\Draft'],
  [FLAG.deleted, '\\Deleted'],
  [FLAG.forwarded, '$Forwarded'],
  [FLAG.junk, '$Junk'],
  [FLAG.notJunk, '$NotJunk'],
]

/** Flags of one placement: bits, and the keywords that have none (sorted). */
export interface Flags {
  readonly bits: number
  readonly keywords: readonly string[]
}

/** From the server's words; unknown ones become keywords; `\Recent` and `\*` are dropped (session state, RFC 3501 §2.3.2). */
export function flagsFrom(names: Iterable<string>): Flags {
  let bits = 0
  const keywords: string[] = []
  for (const name of names) {
    const lower = name.toLowerCase()
    const known = FLAG_NAMES.find(([, label]) => label.toLowerCase() === lower)
    if (known) bits |= known[0]
    else if (lower !== '\\recent' && lower !== '\\*') keywords.push(name)
  }
  return { bits, keywords: keywords.sort() }
}

/** Back to the server's words, sorted. */
export function flagNames(flags: Flags): string[] {
  return [...FLAG_NAMES.filter(([bit]) => flags.bits & bit).map(([, label]) => label), ...flags.keywords].sort()
}

/** How much of a message is here: nothing but its envelope, some of its text, or every octet (verified by size). */
export type Octets = 'none' | 'partial' | 'whole'

/** What a list needs of a message. One row per message. */
export interface MessageRow {
  readonly id: MessageId
  readonly account: AccountId
  /**
   * Thread key: the first id of References, else In-Reply-To, else the own Message-ID, hashed; the same whatever the
   * order of arrival.
   */
  readonly thread: string
  /** INTERNALDATE in ms (RFC 3501 §2.3.3): a list sorts by arrival, which a sender cannot forge. */
  readonly date: number
  /** First author; email '' when there is none. */
  readonly from: Address
  /** Display names of the first recipients, for Sent and Drafts; at most three, comma separated. */
  readonly to: string
  readonly subject: string
  /** ≤ 200 characters, one line. */
  readonly preview: string
  /** RFC822.SIZE in octets. */
  readonly size: number
  readonly octets: Octets
  /** Number of attachments (not of inline images). */
  readonly attachments: number
  /** Message-ID header without <>, '' when there is none. */
  readonly messageId: string
  /** Why `octets` is not whole for good, in the server's words; '' otherwise. */
  readonly problem: string
}

/** A message in a folder. */
export interface Placement {
  readonly mailbox: MailboxId
  /** Unique in the mailbox for its UIDVALIDITY (RFC 3501 §2.3.1.1). */
  readonly uid: number
  readonly message: MessageId
  readonly date: number
  readonly flags: number
  readonly keywords: readonly string[]
}

/** One leaf of a message that is not a body text. */
export interface Attachment {
  /** IMAP part number (RFC 3501 §6.4.5). */
  readonly part: string
  /** As the sender wrote it, '' when there is none: never a path (DESIGN §4.13). */
  readonly name: string
  readonly type: string
  /** Decoded octets, an estimate for base64. */
  readonly size: number
  readonly inline: boolean
  readonly cid: string
}

/** What a reader needs of a message, beyond its row. Packed by the engine, opened by the store only when it is read. */
export interface MessageBody {
  readonly from: readonly Address[]
  readonly sender: readonly Address[]
  readonly to: readonly Address[]
  readonly cc: readonly Address[]
  readonly bcc: readonly Address[]
  readonly replyTo: readonly Address[]
  /** The Date header in ms, null when it is missing or unreadable. */
  readonly sent: number | null
  readonly inReplyTo: string
  readonly references: readonly string[]
  /** text/plain, lines ended by \n; '' when there is none. */
  readonly text: string
  /** RFC 3676: text/plain is format=flowed, and with DelSp. */
  readonly flowed: boolean
  readonly delsp: boolean
  /** Displayed text/html parts, each a document of its own (never joined: Efail). */
  readonly html: readonly string[]
  /** Plain text of a mail that has HTML only, for the list, search and the reader's text view. */
  readonly htmlText: string
  readonly attachments: readonly Attachment[]
  readonly warnings: readonly string[]
}

/** A message with its body and all of its placements: what the reader shows. */
export interface MessageDetail {
  readonly row: MessageRow
  readonly placements: readonly Placement[]
  /** Null while octets is 'none'. */
  readonly body: MessageBody | null
}
