import * as v from 'valibot'
import type { Account, AccountStatus } from './account.ts'
import { ROLES, type Mailbox } from './mailbox.ts'
import type { MessageId, MessageRow } from './message.ts'

/** Which messages a list shows. */
export const ViewQuery = v.variant('kind', [
  v.object({ kind: v.literal('mailbox'), mailbox: v.pipe(v.number(), v.integer()) }),
  /** One role over all accounts: "All inboxes". */
  v.object({ kind: v.literal('role'), role: v.picklist(ROLES) }),
])
export type ViewQuery = v.InferOutput<typeof ViewQuery>

export type ViewId = number

/** A row of a list: a message as placed in a folder. */
export interface ListRow extends Omit<MessageRow, 'account'> {
  readonly mailbox: number
  readonly uid: number
  readonly flags: number
  readonly keywords: readonly string[]
}

/** Identity of a row in a list: `mailbox:uid`. Stable while rows come and go around it. */
export function rowKey(row: { readonly mailbox: number; readonly uid: number }): string {
  return `${row.mailbox}:${row.uid}`
}

/** A live list: newest first. */
export interface ViewState {
  readonly view: ViewId
  /** Grows with every change; windows carry the version they were read at. */
  readonly version: number
  readonly total: number
  readonly unread: number
}

/** Rows `from` … `from + rows.length` of a view. */
export interface ViewWindow {
  readonly view: ViewId
  readonly version: number
  readonly from: number
  readonly rows: readonly ListRow[]
}

/** Tells that a view changed, and how places moved, so that a list can keep its place. */
export interface ViewChange extends ViewState {
  /** Rows inserted (by: > 0) or removed (by: < 0) at an index of the former order, ascending; null: start over. */
  readonly moves: readonly { readonly at: number; readonly by: number }[] | null
  /** Messages whose row changed in place. */
  readonly updated: readonly MessageId[]
}

/** All that the sidebar shows. */
export interface Sidebar {
  readonly accounts: readonly Account[]
  readonly mailboxes: readonly Mailbox[]
  readonly statuses: readonly AccountStatus[]
  /** False until the engine has said which accounts there are: a welcome screen must not flash. */
  readonly known: boolean
  /** The engine is there. */
  readonly engine: boolean
}
