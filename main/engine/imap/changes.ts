import {
  flagsFrom,
  ok,
  type AppError,
  type Cursor,
  type FlagChange,
  type Result,
} from '../../../preload/contract/index.ts'
import type { Sink } from '../sync/backend.ts'
import { covers, top } from '../sync/ranges.ts'
import type { ImapSession, Selected } from './session.ts'

/** Flags that changed since the cursor: by CHANGEDSINCE where CONDSTORE is (RFC 7162 §3.1.4.1), else all of them. */
export async function changedFlags(
  session: ImapSession,
  selected: Selected,
  cursor: Cursor,
): Promise<Result<FlagChange[], AppError>> {
  const changes: FlagChange[] = []
  const first = cursor.synced[0]?.[0]
  if (first === undefined) return ok(changes)
  const since = selected.modseq === '' ? '' : cursor.modseq
  if (since !== '' && since === selected.modseq) return ok(changes)
  const range = `${first}:${top(cursor.synced) - 1}`
  const fetched = await session.fetch(
    range,
    { uid: true, flags: true },
    (message) => {
      if (message.flags === undefined || !covers(cursor.synced, message.uid)) return ok()
      const { bits, keywords } = flagsFrom(message.flags)
      changes.push({ uid: message.uid, flags: bits, keywords })
      return ok()
    },
    since === '' ? undefined : since,
  )
  return fetched.ok ? ok(changes) : fetched
}

/** Below this a disappearance needs no second proof. */
const FEW = 50
const SHARE = 0.1

/**
 * Messages the store holds that the server has no more. Nothing is believed but a SEARCH that lists exactly as many as
 * EXISTS says; many at once need that twice, the second time after a fresh SELECT (DESIGN §4.4).
 */
export async function goneUids(
  session: ImapSession,
  path: string,
  cursor: Cursor,
  sink: Sink,
): Promise<Result<number[], AppError>> {
  const held = await sink.held(cursor.mailbox)
  if (!held.ok) return held
  const proof = await listing(session, path)
  if (!proof.ok || proof.value === null) return proof.ok ? ok([]) : proof
  const there = proof.value
  const gone = [...held.value].filter((uid) => !there.has(uid))
  if (gone.length <= Math.max(FEW, held.value.length * SHARE)) return ok(gone)
  const second = await listing(session, path)
  if (!second.ok || second.value === null) return second.ok ? ok([]) : second
  const still = second.value
  return ok(gone.filter((uid) => !still.has(uid)))
}

/** All UIDs after a fresh SELECT of the same UIDVALIDITY; null when the server contradicts itself. */
async function listing(session: ImapSession, path: string): Promise<Result<Set<number> | null, AppError>> {
  const selected = await session.select(path, true)
  if (!selected.ok) return selected
  const uids = await session.allUids()
  if (!uids.ok) return uids
  return ok(uids.value.length === selected.value.exists ? new Set(uids.value) : null)
}
