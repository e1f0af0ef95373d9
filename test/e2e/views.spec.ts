import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import type { Locator, Page } from 'playwright-core'
import { whenIdle } from '../app/application.ts'
import { accountFile } from '../lab/account.ts'
import type { LabUser } from '../lab/dovecot.ts'
import { generate } from '../lab/generator.ts'
import { expect, test, useLab } from './fixtures.ts'
import { AccountForm } from './pages/account-form.ts'
import { MailWindow } from './pages/mail-window.ts'

const SHOTS = fileURLToPath(new URL('../../artifacts/screenshots', import.meta.url))
const SIZES = [
  [1920, 1080],
  [1280, 800],
] as const
const OPTIONS = { count: 240, seed: 'views' }
const mails = [...generate(OPTIONS)].reverse()
let alice: LabUser
let bob: LabUser

const lab = useLab(async (lab) => {
  alice = lab.addUser('alice')
  bob = lab.addUser('bob')
  await lab.fillGenerated(alice, 'INBOX', OPTIONS)
  await lab.fill(alice, 'Sent', generate({ count: 20, seed: 'views sent', sent: true }))
  await lab.fill(alice, 'Projects/Ketchup', generate({ count: 12, seed: 'views project' }))
  await lab.fill(alice, 'Projects/Übersicht', generate({ count: 5, seed: 'views other' }))
  await lab.fill(bob, 'INBOX', generate({ count: 30, seed: 'views bob' }))
})

/** Looks at what is shown in light and dark: pictures by name in both sizes, and no violation that axe can find. */
async function look(page: Page, name: string, inView?: Locator): Promise<void> {
  await test.step(name, async () => {
    for (const scheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme: scheme })
      for (const [width, height] of SIZES) {
        await page.setViewportSize({ width, height })
        await inView?.scrollIntoViewIfNeeded()
        const path = join(SHOTS, `app-${name}-${scheme}-${width}x${height}.png`)
        await page.screenshot({ path, animations: 'disabled' })
      }
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
        .analyze()
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
      expect.soft(found, `axe on ${name}, ${scheme}`).toEqual([])
    }
  })
}

/** Index of the first message, newest first, of a kind. */
function first(test: (mail: (typeof mails)[number]) => boolean): number {
  return mails.findIndex(test)
}

test('every view is accessible, in light and dark', async ({ launch }) => {
  test.setTimeout(240_000)
  const application = await launch()
  const { page } = application
  const form = new AccountForm(page)
  const window = new MailWindow(page)

  await expect(page.getByRole('heading', { name: 'Catch up with your mail' })).toBeVisible()
  await look(page, 'welcome')
  await form.add()
  await expect(form.field('Email address')).toBeFocused()
  await look(page, 'welcome-invalid')
  const account = accountFile(lab(), alice)
  await form.fill({ ...account, imap: { ...account.imap, password: 'wrong' } })
  await form.test()
  await expect(form.error).toBeVisible()
  await look(page, 'welcome-wrong-password', form.error)
  await form.fill(account)
  await form.test()
  await expect(form.works).toBeVisible()
  await look(page, 'welcome-works', form.works)

  await form.add()
  await expect(window.row(0)).toContainText(mails[0]?.subject ?? '')
  await whenIdle(page)
  await look(page, 'list')
  await window.open(first(({ attachments }) => attachments.length > 1))
  await expect(window.attachments().first()).toBeVisible()
  await look(page, 'reader-attachments')
  await window.open(first(({ text, html }) => text === undefined && html !== undefined))
  await expect(window.reader).toContainText('This is the text of an HTML mail.')
  await look(page, 'reader-html')
  await window.open(first(({ text }) => /^> /m.test(text ?? '')))
  await page.getByRole('button', { name: 'Details' }).click()
  await look(page, 'reader-details')

  await window.folder('Drafts').click()
  await expect(page.getByText('Nothing in Drafts')).toBeVisible()
  await look(page, 'empty-folder')
  await window.folder('Sent').click()
  await expect(window.row(0)).toContainText('To ')
  await look(page, 'sent')
  await window.folder('Inbox').click()

  await page.getByRole('button', { name: 'Appearance' }).click()
  await look(page, 'appearance')
  for (const density of ['Compact', 'Cozy'] as const) {
    await page.getByText(density, { exact: true }).click()
    await page.getByRole('button', { name: 'Appearance' }).click()
    await look(page, `list-${density.toLowerCase()}`)
    await page.getByRole('button', { name: 'Appearance' }).click()
  }
  await page.getByText('Comfortable', { exact: true }).click()
  await page.getByRole('button', { name: 'Appearance' }).click()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await look(page, 'keyboard-sheet')
  await page.keyboard.press('Escape')

  await window.folders.getByRole('button', { name: 'Add account' }).click()
  await look(page, 'add-account')
  await form.fill(accountFile(lab(), bob))
  await form.add()
  await expect(window.folder('All inboxes')).toBeVisible()
  await whenIdle(page)
  await window.folder('All inboxes').click()
  await look(page, 'two-accounts')
  await window.status.getByRole('button', { name: /alice@mail\.test/ }).click()
  await expect(page.getByRole('dialog', { name: 'Accounts' })).toBeVisible()
  await look(page, 'accounts')
  await page.keyboard.press('Escape')

  await lab().stop()
  await expect(window.status.getByText('Offline, trying again at').first()).toBeVisible()
  await window.open(1)
  await look(page, 'offline')
  await window.status.getByRole('button', { name: /alice@mail\.test/ }).click()
  await look(page, 'accounts-offline')
})
