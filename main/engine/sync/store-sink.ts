import {
  err,
  ok,
  type AppError,
  type Cursor,
  type MailboxId,
  type Remote,
  type Result,
  type StoreForEngine,
  type SyncBatch,
} from '../../../preload/contract/index.ts'
import type { Sink } from './backend.ts'

/** Batches on their way that the store has not yet acknowledged (DESIGN §2). */
const IN_FLIGHT = 4

/** The store behind back-pressure. One per store connection; cursors begin as the store told them. */
export class StoreSink implements Sink {
  readonly #store: Remote<StoreForEngine>
  readonly #confirmed = new Map<MailboxId, Cursor>()
  readonly #sent = new Map<MailboxId, Cursor>()
  readonly #flying = new Set<Promise<void>>()
  #failed: AppError | null = null

  constructor(store: Remote<StoreForEngine>, cursors: readonly Cursor[]) {
    this.#store = store
    for (const cursor of cursors) this.#confirmed.set(cursor.mailbox, cursor)
  }

  cursor(mailbox: MailboxId): Cursor | undefined {
    return this.#sent.get(mailbox) ?? this.#confirmed.get(mailbox)
  }

  async send(batch: SyncBatch): Promise<Result<void, AppError>> {
    while (this.#flying.size >= IN_FLIGHT) await Promise.race(this.#flying)
    if (this.#failed) return this.flush()
    this.#sent.set(batch.mailbox, batch.cursor)
    const flight: Promise<void> = this.#store.apply(batch).then((applied) => {
      this.#flying.delete(flight)
      if (!applied.ok) this.#failed ??= applied.error
      // After a failure nothing that follows is confirmed: a later cursor of the mailbox would cover the gap.
      else if (!this.#failed) this.#confirmed.set(batch.mailbox, batch.cursor)
    })
    this.#flying.add(flight)
    return ok()
  }

  async flush(): Promise<Result<void, AppError>> {
    await Promise.all(this.#flying)
    const failed = this.#failed
    if (!failed) return ok()
    this.#failed = null
    this.#sent.clear()
    return err(failed)
  }

  async held(mailbox: MailboxId): Promise<Result<Uint32Array, AppError>> {
    const flushed = await this.flush()
    if (!flushed.ok) return flushed
    return this.#store.held(mailbox)
  }

  /** A folder that is gone. */
  forget(mailbox: MailboxId): void {
    this.#sent.delete(mailbox)
    this.#confirmed.delete(mailbox)
  }
}
