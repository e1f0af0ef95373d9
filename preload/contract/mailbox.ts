import type { AccountId } from './account.ts'

/** Given by the engine per account and path, never reused; renames keep it where the server tells (MAILBOXID, RFC 8474). */
export type MailboxId = number

/** RFC 6154 special uses, and Inbox. */
export const ROLES = ['inbox', 'archive', 'drafts', 'sent', 'junk', 'trash', 'all', 'flagged', 'important'] as const
export type MailboxRole = (typeof ROLES)[number]

/** A folder as the server lists it. */
export interface MailboxInfo {
  readonly id: MailboxId
  readonly account: AccountId
  /** Full decoded path, as LIST gives it (RFC 3501 §7.2.2). */
  readonly path: string
  /** Last element of the path, for show. */
  readonly name: string
  /** Id of the folder that holds it, null at the top. */
  readonly parent: MailboxId | null
  readonly role: MailboxRole | null
  /** False for \Noselect and \NonExistent: a mere node of the tree. */
  readonly selectable: boolean
  /** MESSAGES and UNSEEN of the last STATUS or SELECT; null while unknown. */
  readonly serverTotal: number | null
  readonly serverUnread: number | null
}

/** A folder as the window shows it. */
export interface Mailbox extends MailboxInfo {
  /** Messages held in the store. */
  readonly total: number
  /** Unread ones: counted in the store once the first sync is through, the server's figure before. */
  readonly unread: number
  /** The first sync has come to its end. */
  readonly complete: boolean
}
