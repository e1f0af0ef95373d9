import * as v from 'valibot'
import {
  AccountSettings,
  Password,
  type Account,
  type AccountId,
  type AccountStatus,
  type ConnectionReport,
} from './account.ts'
import type { MailboxId, MailboxInfo } from './mailbox.ts'
import type { MessageDetail, MessageId } from './message.ts'
import type { StoreHello, SyncBatch } from './sync.ts'
import { ViewQuery, type Sidebar, type ViewChange, type ViewId, type ViewState, type ViewWindow } from './view.ts'

/*
 * One interface per door and direction: what the second named room may ask of the first. Every method answers with a
 * Result over the wire (preload/doors/rpc.ts); return types here are the good values.
 */

/** Engine ← store. */
export interface EngineForStore {
  /** First call of a store. The engine answers with what it knows, then begins to sync. */
  hello(hello: StoreHello): EngineHello
  /** The mailboxes in view: they are synced first and watched by IDLE. */
  opened(mailboxes: readonly MailboxId[]): void
  /** Someone waits for this message: fetch its octets before all else. Settles when its batch was applied. */
  want(message: MessageId, mailbox: MailboxId, uid: number): void
}
export interface EngineHello {
  readonly accounts: readonly Account[]
  readonly statuses: readonly AccountStatus[]
}

/** Store ← engine. */
export interface StoreForEngine {
  /** All accounts there are; those that are missing have been removed, with all that was theirs. */
  accounts(accounts: readonly Account[]): void
  /** All folders of an account, after a LIST that completed (never after a failed one, DESIGN §4.4). */
  mailboxes(account: AccountId, mailboxes: readonly MailboxInfo[]): void
  /** One transaction. The acknowledgement is the return. */
  apply(batch: SyncBatch): void
  /** UIDs held of a mailbox, ascending. */
  held(mailbox: MailboxId): Uint32Array
  status(status: AccountStatus): void
}

/** Engine ← window: sign-in, connection tests and passwords; they never cross the store. */
export interface EngineForUi {
  /** Connects, signs in, lists folders, leaves. Stores nothing. */
  test(settings: AccountSettings, password: string): ConnectionReport
  add(settings: AccountSettings, password: string): AccountId
  /** Forgets the account here; nothing happens at the server. */
  remove(account: AccountId): void
  /** A new password, and the account tries again. */
  password(account: AccountId, password: string): void
  /** Try now instead of at the end of a wait. */
  retry(account: AccountId): void
}

/** Store ← window. */
export interface StoreForUi {
  /** The sidebar now; later ones come as `sidebar` events. */
  sidebar(): Sidebar
  open(query: ViewQuery): ViewState
  window(view: ViewId, from: number, count: number): ViewWindow
  close(view: ViewId): void
  /** Where a row stands in a view now; -1 when it is not in it. */
  position(view: ViewId, mailbox: MailboxId, uid: number): number
  /** Null when there is no such message (any more). */
  read(message: MessageId): MessageDetail | null
  /** Asks the engine for the octets of a message that is here by its envelope only. */
  want(message: MessageId): void
  /** Canonical text of all that is held, without ids: for tests and support. */
  dump(): string
  /** Counts for the headless tool. */
  stats(): StoreStats
}
export interface StoreStats {
  readonly mailboxes: number
  readonly messages: number
  readonly bodies: number
  readonly placements: number
  readonly problems: number
}

/** Window ← store: events. */
export interface UiForStore {
  sidebar(sidebar: Sidebar): void
  view(change: ViewChange): void
}

/** Shell ← window. */
export interface ShellForUi {
  info(): ShellInfo
  /** http, https and mailto only. */
  openExternal(url: string): void
}
export interface ShellInfo {
  readonly shell: 'browser' | 'electron'
  readonly version: string
  readonly platform: string
  /** Where the passwords are kept, for the person to know: encrypted by the system, or a file readable by this user. */
  readonly secrets: 'keychain' | 'file'
}

/** Shell ← engine. */
export interface ShellForEngine {
  secret(ref: string): string | null
  setSecret(ref: string, value: string): void
  dropSecret(ref: string): void
}

/** Engine ← shell: bytes of messages for local URLs, and the end. */
export interface EngineForShell {
  /** `part` '' is the whole message as it came. Sizes in octets, null when only reading will tell. */
  openOctets(message: MessageId, part: string): OctetsInfo
  /** The next ≤ 256 KB; empty at the end. */
  readOctets(handle: number): Uint8Array
  closeOctets(handle: number): void
  /** Writes what is open and ends. */
  shutdown(): void
}
export interface OctetsInfo {
  readonly handle: number
  readonly name: string
  readonly type: string
  readonly size: number | null
}

const id = v.pipe(v.number(), v.integer(), v.minValue(0))

/** Runtime checks of what a window may send: arguments as a tuple, per method. */
export const ENGINE_FOR_UI = {
  test: v.tuple([AccountSettings, Password]),
  add: v.tuple([AccountSettings, Password]),
  remove: v.tuple([id]),
  password: v.tuple([id, Password]),
  retry: v.tuple([id]),
}
export const STORE_FOR_UI = {
  sidebar: v.tuple([]),
  open: v.tuple([ViewQuery]),
  window: v.tuple([id, id, v.pipe(id, v.maxValue(500))]),
  close: v.tuple([id]),
  position: v.tuple([id, id, id]),
  read: v.tuple([id]),
  want: v.tuple([id]),
  dump: v.tuple([]),
  stats: v.tuple([]),
}
export const SHELL_FOR_UI = {
  info: v.tuple([]),
  openExternal: v.tuple([v.pipe(v.string(), v.maxLength(8192), v.regex(/^(https?:\/\/|mailto:)/i))]),
}
export const UI_FOR_STORE = { sidebar: v.tuple([v.any()]), view: v.tuple([v.any()]) }
