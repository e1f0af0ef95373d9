import { ROLES, type AccountId, type Mailbox } from '../../../preload/contract/index.ts'

/** A folder with the folders in it. */
export interface FolderNode {
  readonly mailbox: Mailbox
  readonly depth: number
  readonly children: readonly FolderNode[]
}

/** The folders of an account: those with a role first, in the order of the roles, then by name. */
export function folderTree(mailboxes: readonly Mailbox[], account: AccountId, locale?: string): FolderNode[] {
  const own = mailboxes.filter((mailbox) => mailbox.account === account)
  const known = new Set(own.map((mailbox) => mailbox.id))
  const collator = new Intl.Collator(locale, { numeric: true })
  const rank = (mailbox: Mailbox) => (mailbox.role === null ? ROLES.length : ROLES.indexOf(mailbox.role))
  const order = (a: Mailbox, b: Mailbox) => rank(a) - rank(b) || collator.compare(a.name, b.name) || a.id - b.id
  const below = (parent: number | null, depth: number): FolderNode[] =>
    own
      // a folder whose parent is not listed stands at the top
      .filter((mailbox) => (mailbox.parent !== null && known.has(mailbox.parent) ? mailbox.parent : null) === parent)
      .filter((mailbox) => depth < 20 && mailbox.id !== parent)
      .sort(order)
      .map((mailbox) => ({ mailbox, depth, children: below(mailbox.id, depth + 1) }))
  return below(null, 0)
}

/** The tree as the lines that are shown: children of a collapsed folder are left out. */
export function shownFolders(tree: readonly FolderNode[], collapsed: ReadonlySet<number>): FolderNode[] {
  return tree.flatMap((node) => [
    node,
    ...(collapsed.has(node.mailbox.id) ? [] : shownFolders(node.children, collapsed)),
  ])
}
