import {
  appError,
  err,
  ok,
  type Account,
  type AccountId,
  type AppError,
  type Cursor,
  type MailboxId,
  type MailboxInfo,
  type Result,
  type SyncBatch,
} from '../../preload/contract/index.ts'
import { Draft, type StoreChanges } from './batch.ts'
import { storeError } from './failure.ts'
import type { MailboxRecord, StoredMessage } from './schema.ts'
import type { StoreState, Write } from './state.ts'

/** Waiting batches are committed together up to this many octets of bodies: one transaction costs less than two. */
const TOGETHER = 1024 * 1024
/** Message pages that one step of a sweep looks at. */
const SWEEP_STEP = 32

interface Waiting {
  readonly batch: SyncBatch
  readonly settle: (result: Result<void, AppError>) => void
}

export interface WriterEvents {
  /** Rows, placements or counters changed. */
  changed(changes: StoreChanges): void
  /** Accounts or folders changed: which lists there are, and of what. */
  structure(): void
}

/** All that writes to the store, one thing after the other. Failures come back as values, nothing of theirs is kept. */
export class Writer {
  readonly #state: StoreState
  readonly #events: WriterEvents
  readonly #waiting: Waiting[] = []
  #sweeping: Promise<void> | null = null

  constructor(state: StoreState, events: WriterEvents) {
    this.#state = state
    this.#events = events
    this.#sweep()
  }

  /** Applies a batch; settles when it is committed. Errors: mailbox.missing, input.invalid, disk.full, store.damaged. */
  apply(batch: SyncBatch): Promise<Result<void, AppError>> {
    const { promise, resolve } = Promise.withResolvers<Result<void, AppError>>()
    this.#waiting.push({ batch, settle: resolve })
    void this.#state.exclusive(() => this.#applyWaiting())
    return promise
  }

  /** All accounts there are; what belonged to others is deleted. */
  accounts(accounts: readonly Account[]): Promise<Result<void, AppError>> {
    return this.#write(() => {
      const given = new Map<AccountId, Account | null>(accounts.map((account) => [account.id, account]))
      const gone = [...this.#state.accounts.keys()].filter((id) => !given.has(id))
      for (const id of gone) given.set(id, null)
      const orphans = [...this.#state.mailboxes.values()].filter(({ account }) => !given.get(account))
      const known = { key: 'known' as const, value: true }
      return { accounts: given, ...this.#removal(orphans, known) }
    })
  }

  /** All folders of an account; those that are missing are deleted with their placements. */
  mailboxes(account: AccountId, mailboxes: readonly MailboxInfo[]): Promise<Result<void, AppError>> {
    return this.#write(() => {
      if (!this.#state.accounts.has(account)) return appError('account.unknown', { detail: 'folders of no account' })
      if (mailboxes.some((mailbox) => mailbox.account !== account)) {
        return appError('input.invalid', { detail: 'folders of another account' })
      }
      const given = new Set(mailboxes.map(({ id }) => id))
      const gone = [...this.#state.mailboxes.values()].filter(
        (mailbox) => mailbox.account === account && !given.has(mailbox.id),
      )
      const removal = this.#removal(gone)
      for (const info of mailboxes) {
        const held = this.#state.mailboxes.get(info.id) ?? { total: 0, unread: 0, rebinding: false }
        const { total, unread, rebinding } = held
        removal.mailboxes.set(info.id, { ...info, total, unread, rebinding })
      }
      return removal
    })
  }

  async #write(make: () => Write | AppError): Promise<Result<void, AppError>> {
    const result = await this.#state.exclusive(async () => {
      try {
        const write = make()
        if ('code' in write) return err(write)
        await this.#state.write(write)
        return ok()
      } catch (error) {
        return err(storeError(error))
      }
    })
    if (result.ok) this.#events.structure()
    this.#sweep()
    return result
  }

  #removal(gone: readonly MailboxRecord[], ...meta: NonNullable<Write['meta']>) {
    return {
      mailboxes: new Map<MailboxId, MailboxRecord | null>(gone.map(({ id }) => [id, null])),
      cursors: new Map<MailboxId, Cursor | null>(gone.map(({ id }) => [id, null])),
      cleared: new Set(gone.map(({ id }) => id)),
      meta: gone.length > 0 ? [...meta, { key: 'sweep' as const, value: true }] : meta,
    }
  }

  /** Takes as many of the waiting batches as go together well; each is acknowledged after its commit. */
  async #applyWaiting(): Promise<void> {
    const taken: Waiting[] = []
    let octets = 0
    while (
      this.#waiting[0] &&
      (taken.length === 0 || octets + this.#waiting[0].batch.bodies.bytes.length <= TOGETHER)
    ) {
      const next = this.#waiting.shift()!
      octets += next.batch.bodies.bytes.length
      taken.push(next)
    }
    if (taken.length === 0) return
    const result = await this.#commit(taken)
    // One that is refused must not take its neighbours with it.
    if (!result.ok && taken.length > 1) for (const one of taken) one.settle(await this.#commit([one]))
    else for (const one of taken) one.settle(result)
    if (this.#state.sweep) this.#sweep()
  }

  async #commit(taken: readonly Waiting[]): Promise<Result<void, AppError>> {
    const draft = new Draft(this.#state)
    try {
      for (const { batch } of taken) {
        const added = await draft.add(batch)
        if (!added.ok) return added
      }
      this.#events.changed(await draft.commit())
      return ok()
    } catch (error) {
      return err(storeError(error))
    }
  }

  /** Deletes messages that no folder holds any more, in steps between which batches are applied. */
  #sweep(): void {
    if (!this.#state.sweep || this.#sweeping) return
    this.#sweeping = this.#sweepAll().finally(() => (this.#sweeping = null))
  }

  async #sweepAll(): Promise<void> {
    const state = this.#state
    state.sweep = false // on disk it stays owed until the end
    try {
      for (let from = 0; from <= state.lastMessagePage; from += SWEEP_STEP) {
        await state.exclusive(() => this.#sweepStep(from))
      }
      await state.exclusive(async () => {
        if (!state.sweep) await state.write({ meta: [{ key: 'sweep', value: false }] })
      })
    } catch {
      state.sweep = true // a full disk, most likely: owed again, and tried after the next write
    }
  }

  async #sweepStep(from: number): Promise<void> {
    const draft = new Draft(this.#state)
    let dropped = false
    for (const message of await draft.load(Array.from({ length: SWEEP_STEP }, (_, i) => from + i))) {
      if (await this.#isHeld(message)) continue
      draft.drop(message)
      dropped = true
    }
    if (dropped) await draft.commit()
  }

  async #isHeld(message: StoredMessage): Promise<boolean> {
    if (message.at.some(([mailbox]) => this.#state.mailboxes.get(mailbox)?.rebinding)) return true
    return (await this.#state.placesOf(message)).length > 0
  }
}
