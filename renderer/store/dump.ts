import { flagNames, type Cursor, type MessageId } from '../../preload/contract/index.ts'
import { decode } from '../../preload/doors/codec.ts'
import { bodyIn } from './bodies.ts'
import { placementAt } from './placements.ts'
import type { MailboxRecord, PlacementPage, StoredMessage } from './schema.ts'
import { messagePageOf, type StoreState } from './state.ts'

/**
 * All that is held as text in one canonical order, without ids, times or anything else of how it came here: two stores
 * that hold the same mail give the same text. One line per account, folder and placement; the last field of a placement
 * is the hash of its decoded body.
 */
export async function dumpStore(state: StoreState): Promise<string> {
  const lines: string[] = []
  const accounts = [...state.accounts.values()].sort((a, b) => (a.settings.email < b.settings.email ? -1 : 1))
  for (const account of accounts) {
    lines.push(`account ${account.settings.email}`)
    const mailboxes = [...state.mailboxes.values()].filter((mailbox) => mailbox.account === account.id)
    for (const mailbox of mailboxes.sort((a, b) => (a.path < b.path ? -1 : 1))) {
      lines.push(mailboxLine(mailbox), cursorLine(state.cursors.get(mailbox.id)))
      const pages = await state.placements(mailbox.id)
      for (const page of [...pages.values()].sort((a, b) => a.page - b.page)) {
        lines.push(...(await placementLines(state, page)))
      }
    }
  }
  return lines.join('\n') + '\n'
}

function mailboxLine({ path, role, selectable, total, unread }: MailboxRecord): string {
  return `mailbox ${canonical({ path, role, selectable, total, unread })}`
}

function cursorLine(cursor: Cursor | undefined): string {
  if (!cursor) return 'cursor none'
  const { uidValidity, complete } = cursor
  const missing = [...cursor.missing].sort((a, b) => a - b)
  return `cursor ${canonical({ uidValidity, complete, missing, synced: normalRanges(cursor.synced) })}`
}

/** Ranges sorted, joined where they touch, without empty ones. */
export function normalRanges(ranges: Cursor['synced']): [number, number][] {
  const normal: [number, number][] = []
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = normal.at(-1)
    if (to <= from) continue
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else normal.push([from, to])
  }
  return normal
}

async function placementLines(state: StoreState, page: PlacementPage): Promise<string[]> {
  const messages = new Map<MessageId, StoredMessage>()
  const wanted = [...page.messages]
  for (const rows of (await state.messagePages(wanted.map(messagePageOf))).values()) {
    for (const message of rows) messages.set(message.row.id, message)
  }
  const packs = new Set(wanted.map((id) => messages.get(id)?.pack ?? 0).filter((pack) => pack > 0))
  const hashes = new Map<MessageId, string>()
  // One pack after the other: all bodies of a page at once may be many megabytes.
  for (const id of packs) {
    const pack = await state.db.bodies.get(id)
    for (const message of pack?.messages ?? []) {
      const bytes = pack && bodyIn(pack, message)
      if (bytes) hashes.set(message, await sha256(canonical(decode(bytes))))
    }
  }
  return wanted.map((id, index) => {
    const { uid, flags, keywords } = placementAt(page, index)
    const message = messages.get(id)
    const row = { ...message?.row, id: undefined, account: undefined }
    const body = message?.pack ? (hashes.get(id) ?? 'lost') : 'none'
    return `uid ${uid} ${canonical({ flags: flagNames({ bits: flags, keywords }), row })} body ${body}`
  })
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** JSON with the keys of every object in order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
