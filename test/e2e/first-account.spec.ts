import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { whenIdle } from '../app/application.ts'
import { accountFile } from '../lab/account.ts'
import { generate } from '../lab/generator.ts'
import type { LabUser } from '../lab/dovecot.ts'
import { expect, test, useLab } from './fixtures.ts'
import { htmlWords, shownWords } from './mails.ts'
import { AccountForm } from './pages/account-form.ts'
import { MailWindow } from './pages/mail-window.ts'

const COUNT = 600
const mails = [...generate({ count: COUNT, seed: 'first account', bytes: 9e6 })].reverse()
let user: LabUser

const lab = useLab(async (lab) => {
  user = lab.addUser('alice')
  await lab.fillGenerated(user, 'INBOX', { count: COUNT, seed: 'first account', bytes: 9e6 })
})

/** Index, newest first, of the first message of a kind. */
function find(what: string, test: (mail: (typeof mails)[number]) => boolean): number {
  const index = mails.findIndex(test)
  if (index < 0) throw new Error(`The generated mailbox has no message ${what}.`)
  return index
}

test('from the welcome page to mail that is scrolled and read', async ({ launch }) => {
  const application = await launch()
  const { page } = application
  const form = new AccountForm(page)
  const window = new MailWindow(page)

  await test.step('the form tests the connection, then adds the account', async () => {
    await expect(page.getByRole('heading', { name: 'Catch up with your mail' })).toBeVisible()
    await form.fill(accountFile(lab(), user))
    await form.test()
    await expect(form.works).toContainText(/It works: signed in to localhost in [\d.,]+ m?s\./)
    await form.add()
    await expect(window.folder('Inbox')).toHaveAttribute('aria-current', 'page')
  })

  await test.step('the inbox appears newest first, and can be scrolled to its end', async () => {
    await whenIdle(page)
    await expect(window.rows.first()).toHaveAttribute('aria-setsize', String(COUNT))
    for (const index of [0, 1, 2, 3]) await expect(window.row(index)).toContainText(mails[index]?.subject ?? '')
    for (const index of [200, 400, COUNT - 1]) {
      await window.scrollTo(index)
      await expect(window.row(index)).toContainText(mails[index]?.subject ?? '')
    }
    await expect(window.status).toContainText(/Up to date \d\d:\d\d/)
  })

  await test.step('messages show the text that was written', async () => {
    const plain = [0, 150, 299, COUNT - 1, find('with a quote', ({ text }) => /^> /m.test(text ?? ''))]
    for (const index of plain.filter((at) => mails[at]?.text !== undefined)) {
      const mail = mails[index]
      if (!mail) throw new Error('unreachable')
      await window.open(index)
      await expect(window.subject).toHaveText(mail.subject)
      // A quote's introduction stands without its colon.
      await expect
        .poll(async () => (await window.text()).replaceAll(':', ''), `text of ${mail.subject}`)
        .toBe(shownWords(mail).replaceAll(':', ''))
    }
  })

  await test.step('a mail that has HTML only shows its words', async () => {
    const index = find('with HTML only', ({ text, html }) => text === undefined && html !== undefined)
    await window.open(index)
    await expect(window.reader).toContainText('This is the text of an HTML mail.')
    const shown = await window.text()
    const words = htmlWords(mails[index] as (typeof mails)[number])
    expect(words.length).toBeGreaterThan(2)
    for (const each of words) expect(shown).toContain(each)
  })

  await test.step('attachments have their names and sizes, and download as they were sent', async () => {
    const index = find('with attachments', ({ attachments }) => attachments.length > 1)
    const sent = mails[index]?.attachments ?? []
    await window.open(index)
    await expect(window.attachments()).toHaveCount(sent.length)
    for (const [at, { name, size, sha256 }] of sent.entries()) {
      const link = window.attachments().nth(at)
      await expect(link).toContainText(name)
      await expect(link).toContainText(
        size < 999_500 ? `${Math.round(size / 1000)} kB` : `${(size / 1e6).toFixed(1)} MB`,
      )
      const downloading = page.waitForEvent('download')
      await link.click()
      const download = await downloading
      expect(download.suggestedFilename()).toBe(name)
      const octets = await readFile(await download.path())
      expect(createHash('sha256').update(octets).digest('hex')).toBe(sha256)
    }
  })
})
