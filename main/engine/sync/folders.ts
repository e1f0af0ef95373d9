import {
  ROLES,
  type AccountId,
  type Cursor,
  type MailboxId,
  type MailboxInfo,
  type MailboxRole,
} from '../../../preload/contract/index.ts'
import type { ListedMailbox, MailboxStatus } from './backend.ts'

/** Folders as the store shows them: each role once per account, the first that claims it. */
export function describeFolders(
  account: AccountId,
  listed: readonly ListedMailbox[],
  ids: ReadonlyMap<string, MailboxId>,
): MailboxInfo[] {
  const taken = new Set<MailboxRole>()
  return listed.map((entry) => {
    const claimed = entry.path.toUpperCase() === 'INBOX' ? 'inbox' : roleOf(entry.specialUse)
    const role = claimed && !taken.has(claimed) ? claimed : null
    if (role) taken.add(role)
    return {
      id: ids.get(entry.path) as MailboxId,
      account,
      path: entry.path,
      name: entry.name,
      parent: ids.get(entry.parentPath) ?? null,
      role,
      selectable: entry.selectable,
      serverTotal: entry.status?.messages ?? null,
      serverUnread: entry.status?.unseen ?? null,
    }
  })
}

function roleOf(specialUse: string): MailboxRole | null {
  const name = specialUse.replace(/^\\/, '').toLowerCase()
  return ROLES.find((role) => role === name) ?? null
}

/** Whether STATUS shows nothing that the cursor does not know. */
export function upToDate(status: MailboxStatus | null, cursor: Cursor | undefined): boolean {
  if (!status || !cursor?.complete || cursor.missing.length > 0) return false
  const { messages, uidNext, uidValidity, modseq } = status
  if (messages === null || uidNext === null || uidValidity === null || modseq === '') return false
  const end = cursor.synced.at(-1)?.[1] ?? 1
  return cursor.uidValidity === uidValidity && cursor.held === messages && end >= uidNext && cursor.modseq === modseq
}

/** Order in which folders are synced after those in view: Inbox, what people look into, the rest, Junk and Trash last. */
export function rank(role: MailboxRole | null): number {
  const order: (MailboxRole | null)[] = [
    'inbox',
    'drafts',
    'sent',
    'archive',
    null,
    'flagged',
    'important',
    'all',
    'junk',
    'trash',
  ]
  return order.indexOf(role)
}
