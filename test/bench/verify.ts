/** What the application holds of a generated mailbox, compared with what was generated. */
import { createHash } from 'node:crypto'
import type { Page } from 'playwright-core'
import type { Bridge, MailboxId, MessageDetail } from '../../preload/contract/index.ts'
import { bridge } from '../app/application.ts'
import type { GeneratedMail, Mailbox } from '../lab/generator.ts'

/** Differences of some messages of a folder by their indexes in the generated mailbox, a sentence each. */
export async function differences(
  page: Page,
  folder: MailboxId,
  generated: Mailbox,
  indexes: readonly number[],
): Promise<string[]> {
  const ids = await idsByUid(page, folder)
  const found: string[] = []
  for (const index of indexes) {
    const mail = generated.at(index)
    // Dovecot numbers a Maildir by its files' names, which are those of the generator's order.
    const id = ids.get(index + 1)
    const detail =
      id === undefined
        ? null
        : await bridge<MessageDetail | null>(page, (ketchup, message: number) => ketchup.store.read(message), id)
    const wrong = detail ? await compare(page, mail, detail) : ['is not there']
    if (wrong.length > 0) found.push(`Message ${index}: ${wrong.join(', ')}.`)
  }
  return found
}

/** Message ids of a folder by UID, through a view as a window has it. */
async function idsByUid(page: Page, folder: MailboxId): Promise<Map<number, number>> {
  const pairs = await page.evaluate(async (mailbox) => {
    const { store } = (window as unknown as { ketchup: Bridge }).ketchup
    const view = await store.open({ kind: 'mailbox', mailbox })
    if (!view.ok) throw new Error(view.error.code)
    const all: [number, number][] = []
    for (;;) {
      const part = await store.window(view.value.view, all.length, 200)
      if (!part.ok) throw new Error(part.error.code)
      if (part.value.rows.length === 0) break
      for (const { uid, id } of part.value.rows) all.push([uid, id])
    }
    await store.close(view.value.view)
    return all
  }, folder)
  return new Map(pairs)
}

async function compare(page: Page, mail: GeneratedMail, { row, body }: MessageDetail): Promise<string[]> {
  if (!body) return ['has no body']
  const wrong: string[] = []
  const check = (what: string, is: unknown, was: unknown) => {
    if (JSON.stringify(is) !== JSON.stringify(was)) wrong.push(`another ${what}`)
  }
  check('Message-ID', `<${row.messageId}>`, mail.messageId)
  check('subject', row.subject, mail.subject)
  check('size', row.size, mail.octets.length)
  check('date', row.date, mail.date.getTime())
  check('text', body.text, mail.text ?? '')
  check('HTML', body.html, mail.html === undefined ? [] : [mail.html])
  check(
    'list of attachments',
    body.attachments.map(({ name, type }) => [name, type]),
    mail.attachments.map(({ name, type }) => [name, type]),
  )
  for (const [at, { part }] of body.attachments.entries()) {
    check(`attachment ${part}`, await sha256Of(page, row.id, part), mail.attachments[at]?.sha256)
  }
  check('octets', await sha256Of(page, row.id, ''), createHash('sha256').update(mail.octets).digest('hex'))
  return wrong
}

/** Hash of what the application serves for a part, or the status when it serves none. */
async function sha256Of(page: Page, message: number, part: string): Promise<string> {
  return page.evaluate(
    async ([id, name]) => {
      const answer = await fetch((window as unknown as { ketchup: Bridge }).ketchup.octets.url(id, name))
      if (!answer.ok) return `status ${answer.status}`
      const hash = await crypto.subtle.digest('SHA-256', await answer.arrayBuffer())
      return Array.from(new Uint8Array(hash), (octet) => octet.toString(16).padStart(2, '0')).join('')
    },
    [message, part] as const,
  )
}
