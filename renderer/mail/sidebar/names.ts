import type { Mailbox, MailboxRole, Sidebar, ViewQuery } from '../../../preload/contract/index.ts'
import { m } from '../../i18n/paraglide/messages.js'

/** What a folder of a role is called in the person's language. */
export function roleName(role: MailboxRole): string {
  switch (role) {
    case 'inbox':
      return m.role_inbox()
    case 'archive':
      return m.role_archive()
    case 'drafts':
      return m.role_drafts()
    case 'sent':
      return m.role_sent()
    case 'junk':
      return m.role_junk()
    case 'trash':
      return m.role_trash()
    case 'all':
      return m.role_all()
    case 'flagged':
      return m.role_flagged()
    case 'important':
      return m.role_important()
  }
}

/** The inbox has its name from us (servers write INBOX); every other folder keeps the name it has at the server. */
export function folderName(mailbox: Pick<Mailbox, 'role' | 'name'>): string {
  return mailbox.role === 'inbox' ? m.role_inbox() : mailbox.name
}

/** What a view is called. */
export function viewName(query: ViewQuery, sidebar: Sidebar): string {
  if (query.kind === 'role') {
    return query.role === 'inbox' && sidebar.accounts.length > 1 ? m.sidebar_all_inboxes() : roleName(query.role)
  }
  const mailbox = sidebar.mailboxes.find(({ id }) => id === query.mailbox)
  return mailbox ? folderName(mailbox) : ''
}

/** The folders that a view is made of. */
export function viewFolders(query: ViewQuery, sidebar: Sidebar): Mailbox[] {
  return sidebar.mailboxes.filter((mailbox) =>
    query.kind === 'role' ? mailbox.role === query.role : mailbox.id === query.mailbox,
  )
}
