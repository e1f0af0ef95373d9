import { whenIdle } from '../app/application.ts'
import { accountFile } from '../lab/account.ts'
import type { LabUser } from '../lab/dovecot.ts'
import { generate } from '../lab/generator.ts'
import { expect, test, useLab } from './fixtures.ts'
import { AccountForm } from './pages/account-form.ts'
import { MailWindow } from './pages/mail-window.ts'

const OPTIONS = { count: 60, seed: 'keyboard' }
const mails = [...generate(OPTIONS)].reverse()
let user: LabUser

const lab = useLab(async (lab) => {
  user = lab.addUser('alice')
  await lab.fill(user, 'INBOX', generate(OPTIONS))
  await lab.fill(user, 'Sent', generate({ count: 3, seed: 'keyboard sent', sent: true }))
})

test('an account is added and its mail is read by keyboard alone', async ({ launch }) => {
  const { page } = await launch()
  const { keyboard } = page
  const form = new AccountForm(page)
  const window = new MailWindow(page)
  const focused = page.locator(':focus')
  /** Tab until a control has the focus, which must show that it has. */
  const tabTo = async (name: RegExp) => {
    for (let step = 0; step < 30; step++) {
      await keyboard.press('Tab')
      const label = await focused.evaluate((element) => {
        const labels =
          element instanceof HTMLInputElement || element instanceof HTMLSelectElement ? element.labels : null
        return element.getAttribute('aria-label') ?? labels?.[0]?.textContent ?? element.textContent
      })
      if (name.test(label.trim())) {
        expect(await focused.evaluate((element) => getComputedStyle(element).outlineStyle)).not.toBe('none')
        return
      }
    }
    throw new Error(`Tab does not lead to ${name}.`)
  }
  const type = async (text: string) => {
    await keyboard.press('Control+a')
    await keyboard.type(text)
  }

  await test.step('the form is filled', async () => {
    // Early: to be told of a chooser is arranged with the browser, which takes a moment.
    const choosing = page.waitForEvent('filechooser')
    const { email, imap, ca } = accountFile(lab(), user)
    await expect(form.field('Email address')).toBeVisible()
    await tabTo(/^Email address$/)
    await type(email)
    await tabTo(/^Password$/)
    await type(imap.password)
    await tabTo(/^Server$/)
    await type(imap.host)
    await tabTo(/^Port$/)
    await type(String(imap.port))
    await tabTo(/^Advanced$/)
    await keyboard.press('Enter')
    await tabTo(/^Choose file$/)
    await keyboard.press('Enter')
    await (await choosing).setFiles(ca ?? '')
    await expect(form.trusted).toBeVisible()
    await tabTo(/^Test connection$/)
    await keyboard.press('Enter')
    await expect(form.works).toBeVisible()
    await tabTo(/^Add account$/)
    await keyboard.press('Enter')
    await expect(window.row(0)).toContainText(mails[0]?.subject ?? '')
    await whenIdle(page)
  })

  await test.step('J, K and the arrows walk the list; the reader follows', async () => {
    await keyboard.press('j')
    await expect(window.subject).toHaveText(mails[0]?.subject ?? '')
    await keyboard.press('j')
    await keyboard.press('j')
    await expect(window.subject).toHaveText(mails[2]?.subject ?? '')
    await keyboard.press('k')
    await expect(window.subject).toHaveText(mails[1]?.subject ?? '')
    await keyboard.press('u')
    await expect(window.list).toBeFocused()
    await keyboard.press('ArrowDown')
    await expect(window.subject).toHaveText(mails[2]?.subject ?? '')
    await keyboard.press('End')
    await expect(window.row(OPTIONS.count - 1)).toHaveAttribute('aria-selected', 'true')
    await expect(window.subject).toHaveText(mails.at(-1)?.subject ?? '')
    await keyboard.press('Home')
    await expect(window.subject).toHaveText(mails[0]?.subject ?? '')
  })

  await test.step('Enter goes into the message, U back to the list', async () => {
    await keyboard.press('Enter')
    await keyboard.press('o')
    await expect(window.reader).toBeFocused()
    await keyboard.press('u')
    await expect(window.list).toBeFocused()
  })

  await test.step('F6 goes round the panes', async () => {
    await keyboard.press('F6')
    await expect(window.reader).toBeFocused()
    await keyboard.press('F6')
    await expect(window.folder('Inbox')).toBeFocused()
    await keyboard.press('F6')
    await expect(window.list).toBeFocused()
    await keyboard.press('Shift+F6')
    await expect(window.folder('Inbox')).toBeFocused()
  })

  await test.step('folders open by Tab and Enter, and by G and a letter', async () => {
    await tabTo(/^Sent/)
    await keyboard.press('Enter')
    await expect(window.rows.first()).toHaveAttribute('aria-setsize', '3')
    await expect(window.folder('Sent')).toHaveAttribute('aria-current', 'page')
    await keyboard.press('g')
    await keyboard.press('i')
    await expect(window.rows.first()).toHaveAttribute('aria-setsize', String(OPTIONS.count))
    await keyboard.press('g')
    await keyboard.press('s')
    await expect(window.rows.first()).toHaveAttribute('aria-setsize', '3')
  })

  await test.step('? shows the sheet, Escape puts it away', async () => {
    await keyboard.press('?')
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await expect(sheet).toBeVisible()
    await expect(sheet).toContainText('Go to the inbox')
    await keyboard.press('Escape')
    await expect(sheet).toBeHidden()
  })
})
