import type { AppError, Cursor, MailboxId, Result, SyncBatch } from '../../../preload/contract/index.ts'

/** What the runner hands a backend: the store behind its back-pressure, and the mailboxes' ids. */
export interface Sink {
  /** How far the store is, as far as batches were sent. */
  cursor(mailbox: MailboxId): Cursor | undefined
  /**
   * Sends one batch. Settles when there is room for another (≤ 4 unacknowledged); fails with what the store said to an
   * earlier one, after which the cursors are those the store has confirmed.
   */
  send(batch: SyncBatch): Promise<Result<void, AppError>>
  /** Settles when every batch was acknowledged. */
  flush(): Promise<Result<void, AppError>>
  /** UIDs the store holds, after everything sent so far. */
  held(mailbox: MailboxId): Promise<Result<Uint32Array, AppError>>
}

/** A folder to be synced. */
export interface SyncTarget {
  readonly id: MailboxId
  readonly path: string
}

/** What a step did. `total` and `done` count messages of the mailbox, for show. */
export interface StepResult {
  readonly more: boolean
  readonly done: number
  readonly total: number
}

/** A folder as a server lists it, before it has an id. */
export interface ListedMailbox {
  readonly path: string
  readonly name: string
  readonly parentPath: string
  readonly specialUse: string
  readonly selectable: boolean
  readonly status: MailboxStatus | null
}

/** STATUS (RFC 3501 §6.3.10, RFC 7162 §3.1.7); null or '' where the server does not tell. */
export interface MailboxStatus {
  readonly messages: number | null
  readonly unseen: number | null
  readonly uidNext: number | null
  readonly uidValidity: number | null
  readonly modseq: string
}

/**
 * A protocol behind one account. It brings folders up to date in small steps, so that the runner can put what someone
 * waits for first. Every call settles within a deadline; a failure that ends the session is an error, after which the
 * runner closes the backend and opens a new one.
 */
export interface Backend {
  list(): Promise<Result<ListedMailbox[], AppError>>
  /** One step of ≤ one window towards the state at the server. */
  sync(mailbox: SyncTarget): Promise<Result<StepResult, AppError>>
  /** One message's octets, before all else. */
  fetch(mailbox: SyncTarget, uid: number): Promise<Result<void, AppError>>
  /** Watches these folders for changes, the first ones first, as far as the protocol can. */
  watch(mailboxes: readonly SyncTarget[]): Promise<Result<void, AppError>>
  /** Told of a folder that may have changed. */
  onChange: (path: string) => void
  /** Told once when the session has ended by itself. */
  onEnd: (error: AppError) => void
  close(): void
}
