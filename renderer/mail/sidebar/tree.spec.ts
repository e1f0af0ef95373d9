import { expect, test } from 'vitest'
import { type Mailbox, type MailboxRole } from '../../../preload/contract/index.ts'
import { folderTree, shownFolders } from './tree.ts'

function box(id: number, name: string, role: MailboxRole | null = null, parent: number | null = null): Mailbox {
  return {
    id,
    account: 1,
    path: name,
    name,
    parent,
    role,
    selectable: true,
    serverTotal: null,
    serverUnread: null,
    total: 0,
    unread: 0,
    complete: true,
  }
}

test('folders with a role come first, then the others by name, numbers as numbers', () => {
  const tree = folderTree(
    [box(1, 'Zoo'), box(2, 'Trash', 'trash'), box(3, 'a10'), box(4, 'INBOX', 'inbox'), box(5, 'a9')],
    1,
    'en',
  )
  expect(tree.map((node) => node.mailbox.name)).toEqual(['INBOX', 'Trash', 'a9', 'a10', 'Zoo'])
})

test('children stand under their parent, and are left out while it is folded', () => {
  const tree = folderTree(
    [box(1, 'A'), box(2, 'B', null, 1), box(3, 'C', null, 2), box(4, 'Orphan', null, 99)],
    1,
    'en',
  )
  const names = (folded: readonly number[]) =>
    shownFolders(tree, new Set(folded)).map((node) => `${node.depth}${node.mailbox.name}`)
  expect(names([])).toEqual(['0A', '1B', '2C', '0Orphan'])
  expect(names([2])).toEqual(['0A', '1B', '0Orphan'])
  expect(names([1])).toEqual(['0A', '0Orphan'])
})

test('folders of other accounts do not show', () => {
  expect(folderTree([{ ...box(1, 'A'), account: 2 }], 1)).toEqual([])
})
