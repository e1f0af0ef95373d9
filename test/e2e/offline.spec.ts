import { readFileSync } from 'node:fs'
import type { Bridge, MessageDetail, ViewState, ViewWindow } from '../../preload/contract/index.ts'
import { bridge, whenIdle, type Application } from '../app/application.ts'
import { imapClient, type LabUser } from '../lab/dovecot.ts'
import { generate, type GeneratedMail } from '../lab/generator.ts'
import { addLabAccount, expect, test, useLab } from './fixtures.ts'
import { shownWords } from './mails.ts'
import { MailWindow } from './pages/mail-window.ts'

const COUNT = 300
const OPTIONS = { count: COUNT, seed: 'offline' }
const mails = [...generate(OPTIONS)].reverse()
/** Opened in the window, all over the list. */
const OPENED = Array.from({ length: 30 }, (_, index) => Math.floor((index * COUNT) / 30) + (index % 7))
let user: LabUser

const lab = useLab(async (lab) => {
  user = lab.addUser('alice')
  await lab.fillGenerated(user, 'INBOX', OPTIONS)
})

function mail(subject: string): Buffer {
  const head = ['From: Bob Lab <bob@mail.test>', 'To: alice@mail.test', `Subject: ${subject}`]
  return Buffer.from(
    `${head.join('\r\n')}\r\nMessage-ID: <${subject.replaceAll(' ', '.')}@mail.test>\r\n\r\nHello.\r\n`,
  )
}

/** Every message of the inbox as the store reads it, newest first. */
async function readAll({ page }: Application): Promise<MessageDetail[]> {
  const all = async ({ store }: Bridge): Promise<unknown> => {
    const opened = await store.open({ kind: 'role', role: 'inbox' })
    if (!opened.ok) return opened
    const { view, total }: ViewState = opened.value
    const details: (MessageDetail | null)[] = []
    for (let from = 0; from < total; from += 100) {
      const window = await store.window(view, from, 100)
      if (!window.ok) return window
      const { rows }: ViewWindow = window.value
      for (const { id } of rows) {
        const read = await store.read(id)
        if (!read.ok) return read
        details.push(read.value)
      }
    }
    await store.close(view)
    return { ok: true, value: details }
  }
  return bridge(page, all)
}

function expectWritten(details: readonly MessageDetail[], written: readonly GeneratedMail[]): void {
  expect(details.map(({ row }) => row.messageId)).toEqual(written.map(({ messageId }) => messageId.slice(1, -1)))
  expect(details.map(({ body }) => body?.text)).toEqual(written.map(({ text }) => text ?? ''))
  for (const [index, { body }] of details.entries())
    if (written[index]?.text === undefined) expect(body?.htmlText, written[index]?.subject).not.toBe('')
}

test('without the server every body opens; when it is back the list agrees with it', async ({ launch }) => {
  await test.step('a first run brings all', async () => {
    const application = await launch()
    await addLabAccount(application, lab(), user)
    await whenIdle(application.page)
    await application.close()
  })
  await lab().stop()

  const application = await launch()
  const { page } = application
  const window = new MailWindow(page)
  await test.step('offline is said in words, and all is there to read', async () => {
    await expect(window.status).toContainText(/Offline, trying again at \d\d:\d\d/)
    await expect(window.rows.first()).toHaveAttribute('aria-setsize', String(COUNT))
    expectWritten(await readAll(application), mails)
    for (const index of OPENED) {
      const written = mails[index]
      if (!written) continue
      await window.open(index)
      await expect(window.subject).toHaveText(written.subject)
      if (written.text !== undefined)
        await expect
          .poll(async () => (await window.text()).replaceAll(':', ''))
          .toBe(shownWords(written).replaceAll(':', ''))
    }
  })

  await test.step('what changed meanwhile is in the list soon after the server is back', async () => {
    await lab().start()
    await lab().deliver(user, mail('Delivered meanwhile'))
    const client = imapClient(lab(), user)
    await client.connect()
    await client.mailboxOpen('INBOX')
    // UIDs ascend with the dates: the newest generated message has UID 300.
    await client.messageFlagsAdd('299', ['\\Flagged'], { uid: true })
    await client.messageFlagsRemove('298', ['\\Seen'], { uid: true })
    await client.messageFlagsAdd('297', ['\\Seen'], { uid: true })
    await client.messageDelete('290,295:296', { uid: true })
    await client.logout()

    await page.getByRole('button', { name: 'Try now' }).click()
    await window.scrollTo(0)
    await expect(window.row(0)).toContainText('Delivered meanwhile')
    await expect(window.rows.first()).toHaveAttribute('aria-setsize', String(COUNT + 1 - 3))
    await expect(window.row(2)).toContainText('Starred')
    await expect(window.row(3)).toContainText('Unread')
    await expect(window.row(4)).not.toContainText('Unread')
    const gone = [290, 295, 296]
    const left = mails.filter((_, index) => !gone.includes(COUNT - index))
    await whenIdle(page)
    expectWritten((await readAll(application)).slice(1), left)
  })

  await test.step('new mail appears by itself, and the list keeps its place', async () => {
    await window.scrollTo(100)
    const at = await window.row(101).boundingBox()
    const key = await window.row(101).getAttribute('data-key')
    await lab().deliver(user, mail('While it runs'))
    await expect(page.getByRole('button', { name: '1 new message' })).toBeVisible()
    await expect(window.row(102)).toHaveAttribute('data-key', String(key))
    expect((await window.row(102).boundingBox())?.y).toBe(at?.y)
    await page.getByRole('button', { name: '1 new message' }).click()
    await expect(window.row(0)).toContainText('While it runs')
  })

  await test.step('flags that another client changes are followed too', async () => {
    await expect(window.row(0)).toContainText('Unread')
    const client = imapClient(lab(), user)
    await client.connect()
    await client.mailboxOpen('INBOX')
    await client.messageFlagsAdd('*', ['\\Seen'])
    await client.logout()
    await expect(window.row(0)).not.toContainText('Unread')
  })
  expect(readFileSync(`${application.profile}/ketchup.log`, 'utf8')).not.toContain(user.password)
})
