import { ok, type AppError, type Cursor, type MessageId, type Result } from '../../../preload/contract/index.ts'
import type { Binding } from '../../vault/bindings.ts'
import type { Vault } from '../../vault/vault.ts'
import type { Sink, StepResult, SyncTarget } from '../sync/backend.ts'
import { BatchBuilder } from '../sync/batch.ts'
import { addRange, gaps, top } from '../sync/ranges.ts'
import { changedFlags, goneUids } from './changes.ts'
import { LARGE, type ImapSession, type Selected } from './session.ts'
import type { Trouble } from './trouble.ts'
import { Writes } from './writes.ts'
import {
  fetchEnvelope,
  fetchShort,
  fetchWindow,
  receiveHeader,
  rebindKey,
  type Arrived,
  type WindowContext,
} from './window.ts'

/** What a mailbox's sync needs of its surroundings. */
export interface SyncContext {
  readonly session: ImapSession
  readonly vault: Vault
  readonly sink: Sink
  readonly account: number
  sameOctets(sha: string, mailbox: number): MessageId | undefined
  keepOctets(sha: string, message: MessageId): void
}

/** The first window is small: something to read at once. */
const FIRST_WINDOW = 30
/** Rows wait at most this long for their batch to fill, in ms. */
const PATIENCE = 1000

/**
 * Brings one mailbox to the server's state, in one session, a window a step: first what changed in what the store
 * holds, then what it lacks, newest first.
 */
export class MailboxSync {
  readonly #context: SyncContext
  readonly #target: SyncTarget
  readonly #trouble: Trouble
  readonly #builder: BatchBuilder
  #cursor!: Cursor
  /** UIDs still to come, ascending; taken from the end. Null: not begun. */
  #plan: number[] | null = null
  /** Everything from here up to the mailbox's end is held. */
  #edge = 0
  #exists = 0
  #retry: number[] = []
  /** Once a session is enough to ask again for what could not be had. */
  #retried = false
  #large: ReadonlySet<number> = new Set()
  #rebind = new Map<string, Binding>()
  #bindings: Binding[] = []
  #flushedAt = 0
  readonly #writes = new Writes()

  constructor(context: SyncContext, target: SyncTarget, trouble: Trouble) {
    this.#context = context
    this.#target = target
    this.#trouble = trouble
    this.#builder = new BatchBuilder(context.account, target.id)
  }

  get path(): string {
    return this.#target.path
  }

  /** The server told of a change: begin again with the next step. */
  restart(): void {
    this.#plan = null
  }

  async step(): Promise<Result<StepResult, AppError>> {
    const fresh = this.#plan === null
    const selected = await this.#context.session.select(this.#target.path, fresh)
    if (!selected.ok) return selected
    const stepped = fresh ? await this.#begin(selected.value) : await this.#next()
    if (!stepped.ok) return stepped
    const more = (this.#plan?.length ?? 1) > 0 || this.#retry.length > 0
    return ok({ more, done: this.#cursor.held, total: Math.max(this.#exists, this.#cursor.held) })
  }

  /** Fetches one message that somebody waits for. */
  async fetchOne(uid: number): Promise<Result<void, AppError>> {
    const selected = await this.#context.session.select(this.#target.path)
    if (!selected.ok) return selected
    if (this.#plan === null) {
      const begun = await this.#begin(selected.value)
      if (!begun.ok) return begun
    }
    const retried = await this.#tryAgain(uid)
    if (!retried.ok) return retried
    return this.#context.sink.flush()
  }

  async #begin(selected: Selected): Promise<Result<void, AppError>> {
    const { session, sink } = this.#context
    this.#exists = selected.exists
    const known = sink.cursor(this.#target.id)
    if (known && known.uidValidity === selected.uidValidity) this.#cursor = known
    else {
      const renewed = this.#renew(selected, known)
      if (!renewed.ok) return renewed
    }
    const flags = await changedFlags(session, selected, this.#cursor)
    if (!flags.ok) return flags
    for (const change of flags.value) {
      this.#builder.flag(change)
      if (!this.#builder.full) continue
      const sent = await this.#send(this.#cursor)
      if (!sent.ok) return sent
    }
    const planned = await this.#makePlan(selected)
    if (!planned.ok) return planned
    let gone: number[] = []
    if (this.#cursor.held + planned.value.length !== selected.exists && this.#cursor.held > 0) {
      const found = await goneUids(session, this.#target.path, this.#cursor, sink)
      if (!found.ok) return found
      gone = found.value
      this.#builder.gone(gone)
    }
    const missing = this.#cursor.missing.filter((uid) => !gone.includes(uid))
    this.#plan = planned.value
    this.#edge = Math.max(selected.uidNext, (planned.value.at(-1) ?? 0) + 1, top(this.#cursor.synced))
    if (!this.#retried) this.#retry = missing.filter((uid) => !this.#trouble.gaveUp(uid))
    this.#retried = true
    const complete = this.#cursor.complete || planned.value.length === 0
    const next: Cursor = {
      ...this.#cursor,
      modseq: selected.modseq,
      missing,
      held: this.#cursor.held - gone.length,
      complete,
    }
    if (planned.value.length === 0) return this.#send({ ...next, synced: addRange(next.synced, 1, this.#edge) }, known)
    if (this.#builder.empty) {
      this.#cursor = next
      return ok()
    }
    return this.#send(next)
  }

  /** A new mailbox, or one whose UIDs are void: what was bound is bound again by what the mails say of themselves. */
  #renew(selected: Selected, known: Cursor | undefined): Result<void, AppError> {
    this.#cursor = {
      mailbox: this.#target.id,
      revision: known?.revision ?? 0,
      uidValidity: selected.uidValidity,
      synced: [],
      modseq: selected.modseq,
      missing: [],
      held: 0,
      complete: false,
    }
    if (known) this.#builder.reset()
    this.#rebind = new Map()
    const all = this.#context.vault.bindings(this.#target.id).all()
    if (!all.ok) return all
    for (const binding of all.value) {
      if (binding.uidValidity === selected.uidValidity || binding.sha256 === '') continue
      const key = rebindKey(binding.messageId, binding.size, binding.date)
      if (key !== '') this.#rebind.set(key, binding)
    }
    return ok()
  }

  /** UIDs that the store lacks, ascending. */
  async #makePlan(selected: Selected): Promise<Result<number[], AppError>> {
    const { session } = this.#context
    const end = selected.uidNext > 0 ? selected.uidNext : Infinity
    const plan: number[] = []
    for (const [from, to] of gaps(this.#cursor.synced, 1, end)) {
      const uids = await session.uids(from, to)
      if (!uids.ok) return uids
      plan.push(...uids.value)
    }
    if (plan.length > 0) {
      const large = await session.uids(plan[0] as number, end, LARGE)
      if (!large.ok) return large
      this.#large = new Set(large.value)
    }
    return ok(plan)
  }

  async #next(): Promise<Result<void, AppError>> {
    const plan = this.#plan ?? []
    if (plan.length === 0) {
      const uid = this.#retry.pop()
      return uid === undefined ? ok() : this.#tryAgain(uid)
    }
    const first = this.#cursor.held === 0 ? FIRST_WINDOW : Infinity
    const size = Math.min(plan.length, this.#trouble.limit, first)
    const uids = plan.slice(plan.length - size)
    const low = plan.length > size ? (plan[plan.length - size - 1] as number) + 1 : 1
    this.#flushedAt = Date.now()
    const arrivedUids: number[] = []
    const context = this.#window(async (arrived) => {
      arrivedUids.push(arrived.uid)
      this.#take(arrived)
      if (!this.#builder.full && Date.now() - this.#flushedAt < PATIENCE) return ok()
      // Answers come in ascending order; where a server mixes them, the range waits for the window's end.
      const done = uids.every((uid) => uid > arrived.uid || arrivedUids.includes(uid))
      return done ? this.#send(this.#covering(low, arrived.uid + 1)) : ok()
    })
    const bad = uids.length === 1 && this.#trouble.gaveUp(uids[0] as number)
    const fetched = bad ? await passBy(context, uids[0] as number, bad) : await this.#fetchAll(context, uids)
    if (!fetched.ok) {
      // What came before the failure stays, if the rows without a gap say so.
      const lost = uids.findIndex((uid) => !arrivedUids.includes(uid))
      const last = lost > 0 ? (uids[lost - 1] as number) : 0
      this.#trouble.failed(lost >= 0 ? uids.slice(lost) : uids, fetched.error)
      if (last > 0 && arrivedUids.length === lost) await this.#send(this.#covering(low, last + 1))
      this.#discard()
      return fetched
    }
    if (bad)
      this.#cursor = { ...this.#cursor, missing: [...this.#cursor.missing, uids[0] as number].sort((a, b) => a - b) }
    this.#trouble.worked()
    plan.length -= size
    const covering = this.#covering(low, this.#edge)
    this.#edge = low
    return this.#send(plan.length === 0 ? { ...covering, complete: true } : covering)
  }

  async #fetchAll(context: WindowContext, uids: readonly number[]): Promise<Result<void, AppError>> {
    const short = await fetchWindow(context, uids)
    if (!short.ok) return short
    for (const uid of short.value) {
      const whole = await fetchShort(context, uid)
      if (!whole.ok) return whole
      if (!whole.value)
        this.#cursor = { ...this.#cursor, missing: [...this.#cursor.missing, uid].sort((a, b) => a - b) }
    }
    return ok()
  }

  /** A message whose octets could not be had before, or that somebody waits for. */
  async #tryAgain(uid: number): Promise<Result<void, AppError>> {
    const context = this.#window((arrived) => {
      this.#take(arrived, false)
      return Promise.resolve(ok())
    })
    const short = await fetchWindow(context, [uid])
    if (!short.ok) {
      this.#trouble.failed([uid], short.error)
      this.#discard()
      return this.#context.session.ended ? short : ok()
    }
    if (short.value.length > 0 || this.#builder.empty) return ok()
    return this.#send({ ...this.#cursor, missing: this.#cursor.missing.filter((other) => other !== uid) })
  }

  /** Begins again from what was sent. */
  #discard(): void {
    this.#builder.take(this.#cursor)
    this.#bindings = []
    this.#plan = null
  }

  #window(receive: WindowContext['receive']): WindowContext {
    const { session, vault, account } = this.#context
    return {
      session,
      vault,
      account,
      bindings: vault.bindings(this.#target.id),
      cursor: this.#cursor,
      large: this.#large,
      rebind: this.#rebind,
      keep: (octets, sha) => this.#writes.add(octets.length, this.#context.vault.octets.put(octets, sha)),
      sameOctets: (sha) => this.#context.sameOctets(sha, this.#target.id),
      receive,
    }
  }

  #take(arrived: Arrived, isNew = true): void {
    this.#builder.add(arrived, { uid: arrived.uid, flags: arrived.flags.bits, keywords: arrived.flags.keywords })
    this.#bindings.push(arrived.binding)
    if (isNew) this.#cursor = { ...this.#cursor, held: this.#cursor.held + 1 }
  }

  #covering(from: number, to: number): Cursor {
    return { ...this.#cursor, synced: addRange(this.#cursor.synced, from, to) }
  }

  /** Bindings first, then the batch (DESIGN §2). Nothing is sent when nothing would change. */
  async #send(cursor: Cursor, before?: Cursor): Promise<Result<void, AppError>> {
    if (this.#builder.empty && before && sameCursor(cursor, before)) {
      this.#cursor = cursor
      return ok()
    }
    const written = await this.#writes.done()
    if (!written.ok) return written
    const appended = this.#context.vault.bindings(this.#target.id).append(this.#bindings)
    if (!appended.ok) return appended
    for (const { sha256, message } of this.#bindings) if (sha256 !== '') this.#context.keepOctets(sha256, message)
    this.#bindings = []
    this.#cursor = { ...cursor, revision: cursor.revision + 1 }
    this.#builder.serverTotal = this.#exists
    this.#flushedAt = Date.now()
    return this.#context.sink.send(this.#builder.take(this.#cursor))
  }
}

/** A message that is not asked for any more: a row with as much as the server could say without ending the session. */
function passBy(
  context: WindowContext,
  uid: number,
  { error, beyond }: { error: AppError; beyond: number },
): Promise<Result<void, AppError>> {
  if (beyond < 2) return fetchEnvelope(context, uid, error, beyond === 0)
  return receiveHeader(context, { seq: 0, uid, flags: new Set() }, error.server || error.code)
}

function sameCursor(a: Cursor, b: Cursor): boolean {
  return (
    a.modseq === b.modseq &&
    a.held === b.held &&
    a.complete === b.complete &&
    JSON.stringify([a.synced, a.missing]) === JSON.stringify([b.synced, b.missing])
  )
}
