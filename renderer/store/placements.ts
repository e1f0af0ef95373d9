import { FLAG, type MailboxId, type Placement } from '../../preload/contract/index.ts'
import type { PlacementPage } from './schema.ts'

const BITS = 8

/** The page on which a UID lies. */
export function pageOf(uid: number): number {
  return Math.floor(uid / (1 << BITS))
}

/** What a page is to hold for a UID from now on; null: nothing. */
export type PlacementChanges = ReadonlyMap<number, Omit<Placement, 'mailbox' | 'uid'> | null>

/** Index of a UID on its page, or -1. */
export function findUid(page: PlacementPage | undefined, uid: number): number {
  if (!page) return -1
  const { uids } = page
  let low = 0
  let high = uids.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const value = uids[middle] ?? 0
    if (value === uid) return middle
    if (value < uid) low = middle + 1
    else high = middle - 1
  }
  return -1
}

/** The placement at an index of a page. */
export function placementAt(page: PlacementPage, index: number): Placement {
  const uid = page.uids[index] ?? 0
  return {
    mailbox: page.mailbox,
    uid,
    message: page.messages[index] ?? 0,
    date: page.dates[index] ?? 0,
    flags: page.flags[index] ?? 0,
    keywords: page.keywords[uid] ?? [],
  }
}

/** How many of a page are unread. */
export function unreadOf(page: PlacementPage | undefined): number {
  let unread = 0
  for (const flags of page?.flags ?? []) if (!(flags & FLAG.seen)) unread++
  return unread
}

/** The page with some changes made; the old one stays as it was. Undefined when nothing is left. */
export function changePage(
  old: PlacementPage | undefined,
  mailbox: MailboxId,
  page: number,
  changes: PlacementChanges,
): PlacementPage | undefined {
  const all: Placement[] = []
  for (let i = 0; i < (old?.uids.length ?? 0); i++) {
    const placement = placementAt(old!, i)
    if (!changes.has(placement.uid)) all.push(placement)
  }
  for (const [uid, change] of changes) if (change) all.push({ ...change, mailbox, uid })
  if (all.length === 0) return undefined
  all.sort((a, b) => a.uid - b.uid)
  return {
    mailbox,
    page,
    uids: Uint32Array.from(all, ({ uid }) => uid),
    dates: Float64Array.from(all, ({ date }) => date),
    messages: Float64Array.from(all, ({ message }) => message),
    flags: Uint32Array.from(all, ({ flags }) => flags),
    keywords: Object.fromEntries(all.filter(({ keywords }) => keywords.length).map((p) => [p.uid, [...p.keywords]])),
  }
}
