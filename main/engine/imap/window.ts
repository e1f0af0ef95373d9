import {
  err,
  flagsFrom,
  ok,
  type AppError,
  type Cursor,
  type Flags,
  type MessageId,
  type Result,
} from '../../../preload/contract/index.ts'
import { appError } from '../../../preload/contract/index.ts'
import type { Binding, Bindings } from '../../vault/bindings.ts'
import { sha256 } from '../../vault/octets.ts'
import type { Vault } from '../../vault/vault.ts'
import { sequenceSet } from '../sync/ranges.ts'
import { prepare, prepareHeader, type Prepared } from '../sync/rows.ts'
import { LARGE, type Fetched, type ImapSession } from './session.ts'

/** A message that came: ready for the store, with its flags and its binding. */
export interface Arrived extends Prepared {
  readonly uid: number
  readonly flags: Flags
  readonly binding: Binding
}

/** Where a window's messages go. */
export interface WindowContext {
  readonly session: ImapSession
  readonly vault: Vault
  readonly bindings: Bindings
  readonly account: number
  readonly cursor: Cursor
  /** UIDs above LARGE octets. */
  readonly large: ReadonlySet<number>
  /** Octets of a former UIDVALIDITY, by Message-ID, size and date. */
  readonly rebind: Map<string, Binding>
  /** A message with these octets in another folder of the account, which this one then is too. */
  sameOctets(sha: string): MessageId | undefined
  /** Writes octets to the vault; settles when there is room for more, and is done before the batch leaves. */
  keep(octets: Buffer, sha: string): Promise<Result<void, AppError>>
  receive(arrived: Arrived): Promise<Result<void, AppError>>
}

/** Key under which a message is the same across a change of UIDVALIDITY (DESIGN §4.1); '' when it cannot be told. */
export function rebindKey(messageId: string, size: number, date: number): string {
  return messageId === '' ? '' : `${messageId}\n${size}\n${date}`
}

const ENVELOPE = { uid: true, flags: true, internalDate: true, size: true } as const
const WHOLE = { ...ENVELOPE, source: true } as const

/**
 * Brings the messages of one window: out of the vault where their octets are there already, else from the server.
 * @returns the UIDs that came short or empty, to be tried alone.
 */
export async function fetchWindow(
  context: WindowContext,
  uids: readonly number[],
): Promise<Result<number[], AppError>> {
  const cached = fromVault(context, uids)
  if (!cached.ok) return cached
  const rest: number[] = []
  const rebound = await takeCached(context, cached.value, uids, rest)
  if (!rebound.ok) return rebound
  const short: number[] = []
  const wanted = new Set(rest.filter((uid) => !context.large.has(uid)))
  const streamed = await context.session.fetch(sequenceSet([...wanted]), WHOLE, async (message) => {
    if (!wanted.delete(message.uid) || message.flags === undefined) return ok()
    if (!message.source || message.source.length < (message.size ?? 0)) {
      short.push(message.uid)
      return ok()
    }
    return arrive(context, message, message.source)
  })
  if (!streamed.ok) return streamed
  // What was not answered is gone, or its answer could not be read: those that still answer without a body are tried alone.
  const probed = await context.session.fetch(sequenceSet([...wanted]), ENVELOPE, ({ uid, flags }) => {
    if (flags && wanted.delete(uid)) short.push(uid)
    return ok()
  })
  if (!probed.ok) return probed
  for (const uid of rest) {
    if (!context.large.has(uid)) continue
    const fetched = await fetchLarge(context, uid)
    if (!fetched.ok) return fetched
    if (!fetched.value) short.push(uid)
  }
  return ok(short)
}

/**
 * A message that came short in its window, or not: once more alone. If it stays short, as much as there is, and said.
 * @returns whether it is whole now.
 */
export async function fetchShort(context: WindowContext, uid: number): Promise<Result<boolean, AppError>> {
  let whole = false
  let came = false
  const fetched = await context.session.fetch(String(uid), WHOLE, async (message) => {
    if (message.uid !== uid || message.flags === undefined) return ok()
    came = true
    const source = message.source ?? Buffer.alloc(0)
    whole = source.length >= (message.size ?? 0) && source.length > 0
    if (whole) return arrive(context, message, source)
    const facts = factsOf(context, message, sha256(source))
    if (!facts.ok) return facts
    const problem = `${source.length} of ${message.size ?? 0} octets`
    const prepared = prepare(facts.value, source, 'partial', problem)
    return context.receive(arrived(context, message, prepared, ''))
  })
  if (!fetched.ok) return fetched
  if (came) return ok(whole)
  const header = await fetchEnvelope(context, uid, appError('message.unavailable'), true)
  return header.ok ? ok(false) : header
}

/** A message that the server cannot give: its header or, without `header`, what it says of it besides; else a row that says so. */
export async function fetchEnvelope(
  context: WindowContext,
  uid: number,
  reason: AppError,
  header: boolean,
): Promise<Result<void, AppError>> {
  const problem = reason.server || reason.code
  let seen = false
  const query = header ? { ...ENVELOPE, headers: true } : ENVELOPE
  const fetched = await context.session.fetch(String(uid), query, async (message) => {
    if (message.uid !== uid || message.flags === undefined) return ok()
    seen = true
    return receiveHeader(context, message, problem)
  })
  if (seen || !fetched.ok) return fetched
  return header
    ? fetchEnvelope(context, uid, reason, false)
    : receiveHeader(context, { seq: 0, uid, flags: new Set() }, problem)
}

/** The row of a message of which nothing can be had. */
export function receiveHeader(
  context: WindowContext,
  message: Fetched,
  problem: string,
): Promise<Result<void, AppError>> {
  const facts = factsOf(context, message, '')
  if (!facts.ok) return Promise.resolve(facts)
  const prepared = prepareHeader(facts.value, message.headers ?? Buffer.alloc(0), problem)
  return context.receive(arrived(context, message, prepared, ''))
}

function fromVault(context: WindowContext, uids: readonly number[]): Result<Map<number, Binding>, AppError> {
  const found = new Map<number, Binding>()
  for (const uid of uids) {
    const binding = context.bindings.find(context.cursor.uidValidity, uid)
    if (!binding.ok) return binding
    if (binding.value && binding.value.sha256 !== '') found.set(uid, binding.value)
  }
  return ok(found)
}

/** Messages whose octets the vault has: only flags, date and size are asked; what does not agree goes to `rest`. */
async function takeCached(
  context: WindowContext,
  cached: ReadonlyMap<number, Binding>,
  uids: readonly number[],
  rest: number[],
): Promise<Result<void, AppError>> {
  const rebinding = context.rebind.size > 0
  const asked = rebinding ? uids : [...cached.keys()]
  const taken = new Set<number>()
  const query = rebinding ? { ...ENVELOPE, headers: ['message-id'] } : ENVELOPE
  const fetched = await context.session.fetch(sequenceSet(asked), query, async (message) => {
    if (message.flags === undefined || taken.has(message.uid)) return ok()
    const binding = cached.get(message.uid) ?? findRebind(context, message)
    if (!binding || binding.size !== message.size) return ok()
    const octets = context.vault.octets.get(binding.sha256)
    if (!octets.ok) return octets.error.code === 'octets.missing' ? ok() : octets
    taken.add(message.uid)
    const facts = {
      id: binding.message,
      account: context.account,
      date: dateOf(message) ?? binding.date,
      size: binding.size,
    }
    return context.receive(arrived(context, message, prepare(facts, octets.value, 'whole'), binding.sha256))
  })
  for (const uid of uids) if (!taken.has(uid)) rest.push(uid)
  return fetched
}

function findRebind(context: WindowContext, message: Fetched): Binding | undefined {
  if (!message.headers) return undefined
  const messageId = /<([^>]*)>/.exec(message.headers.toString('latin1'))?.[1] ?? ''
  const key = rebindKey(messageId, message.size ?? 0, dateOf(message) ?? 0)
  const binding = context.rebind.get(key)
  if (binding) context.rebind.delete(key) // a second copy of the mail is a message of its own
  return binding
}

async function fetchLarge(context: WindowContext, uid: number): Promise<Result<boolean, AppError>> {
  let message: Fetched | undefined
  const asked = await context.session.fetch(String(uid), ENVELOPE, (answer) => {
    if (answer.uid === uid && answer.flags) message = answer
    return ok()
  })
  if (!asked.ok) return asked
  if (!message) return ok(true) // expunged meanwhile
  const size = message.size ?? 0
  if (size > LARGE * 8) {
    const reason = appError('message.unavailable', { server: `${size} octets` })
    const received = await fetchEnvelope(context, uid, reason, true)
    return received.ok ? ok(true) : received
  }
  const pieces: Buffer[] = []
  const fetched = await context.session.fetchPieces(uid, size, (piece) => {
    pieces.push(piece)
    return ok()
  })
  if (!fetched.ok) return fetched
  const octets = Buffer.concat(pieces)
  if (octets.length < size) return ok(false)
  const received = await arrive(context, message, octets)
  return received.ok ? ok(true) : received
}

/** Whole octets: into the vault, then on. */
async function arrive(context: WindowContext, message: Fetched, octets: Buffer): Promise<Result<void, AppError>> {
  const sha = sha256(octets)
  const kept = await context.keep(octets, sha)
  if (!kept.ok) return kept
  const facts = factsOf(context, message, sha)
  if (!facts.ok) return facts
  return context.receive(arrived(context, message, prepare(facts.value, octets, 'whole'), sha))
}

function factsOf(context: WindowContext, message: Fetched, sha: string) {
  const date = dateOf(message) ?? Date.now()
  const size = message.size ?? message.source?.length ?? 0
  const known = context.bindings.find(context.cursor.uidValidity, message.uid)
  if (!known.ok) return known
  const id = known.value?.message ?? (sha === '' ? undefined : context.sameOctets(sha))
  if (id !== undefined) return ok({ id, account: context.account, date, size })
  const taken = context.vault.messageNumbers.take()
  return taken.ok ? ok({ id: taken.value, account: context.account, date, size }) : err(taken.error)
}

function arrived(context: WindowContext, message: Fetched, prepared: Prepared, sha: string): Arrived {
  const { row } = prepared
  return {
    ...prepared,
    uid: message.uid,
    flags: flagsFrom(message.flags ?? []),
    binding: {
      message: row.id,
      uidValidity: context.cursor.uidValidity,
      uid: message.uid,
      sha256: sha,
      size: row.size,
      date: row.date,
      messageId: row.messageId,
    },
  }
}

function dateOf(message: Fetched): number | undefined {
  const time = message.internalDate === undefined ? NaN : new Date(message.internalDate).getTime()
  return Number.isFinite(time) ? time : undefined
}
