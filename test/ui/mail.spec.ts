import { expect, test } from './page.ts'

test('a list keeps its place when mail arrives above, and offers the way up', async ({ window }) => {
  const { page } = window
  await window.open('one')
  const list = page.getByRole('listbox')
  await list.evaluate((box) => (box.scrollTop = 40 * 72 + 10))
  const seen = page.locator('[aria-posinset="45"]')
  await expect(seen).toHaveAttribute('data-key', /.+/)
  const key = await seen.getAttribute('data-key')
  const before = await seen.boundingBox()
  await window.world('arrive', 3)
  const after = page.locator(`[data-key="${key}"]`)
  await expect(after).toHaveAttribute('aria-posinset', '48')
  await expect.poll(async () => (await after.boundingBox())?.y).toBe(before?.y)
  await expect(page.getByText('3 new messages').first()).toBeVisible()
  await page.getByRole('button', { name: '3 new messages' }).click()
  await expect(page.getByRole('option').first()).toContainText('Arrived')
  await expect(page.getByRole('button', { name: '3 new messages' })).toHaveCount(0)
})

test('the open message stays open and current while rows come and go', async ({ window }) => {
  const { page } = window
  await window.open('one')
  await page.getByRole('option').nth(1).click()
  await window.world('arrive', 2)
  const current = page.locator('[aria-selected="true"]')
  await expect(current).toHaveAttribute('aria-posinset', '4')
  await expect(current).toContainText('Delivery window')
  await expect(page.getByText('4 of 1,849')).toBeVisible()
  await window.world('expunge', 0)
  await expect(current).toHaveAttribute('aria-posinset', '3')
  await expect(page.getByRole('heading', { name: 'Delivery window for the November order' })).toBeVisible()
})

test('a message that is expunged elsewhere is said to be gone, and nothing opens in its place', async ({ window }) => {
  const { page } = window
  await window.open('one')
  await page.getByRole('option').nth(1).click()
  await window.world('expunge', 1)
  await expect(page.getByText('This message is no longer here')).toBeVisible()
  await page.keyboard.press('j')
  await expect(page.getByText('This message is no longer here')).toHaveCount(0)
})

test('new mail is announced', async ({ window }) => {
  await window.open('one')
  await expect(window.page.getByRole('option').first()).toBeVisible()
  await window.world('arrive', 2)
  await expect(window.page.locator('[aria-live="polite"]').filter({ hasText: '2 new messages' })).toHaveCount(1)
})

test('a list of two thousand draws some dozens, and every place is known by number', async ({ window }) => {
  const { page } = window
  await window.open('one')
  await expect(page.getByRole('option').first()).toHaveAttribute('aria-setsize', '1847')
  expect(await page.getByRole('option').count()).toBeLessThan(40)
  await page.getByRole('listbox').focus()
  await page.keyboard.press('End')
  await expect(page.locator('[aria-posinset="1847"]')).toHaveAttribute('data-key', /.+/)
  expect(await page.getByRole('option').count()).toBeLessThan(40)
})

test('the keyboard walks, opens, goes, cycles and helps', async ({ window }) => {
  const { page } = window
  await window.open('full')
  await expect(page.getByRole('option').first()).toContainText('Bob')
  const title = page.getByRole('region', { name: 'Message', exact: true }).getByRole('heading')
  await page.keyboard.press('j')
  await expect(title).toHaveText('How about pickles?')
  await page.keyboard.press('j')
  await expect(title).toHaveText('Delivery window for the November order')
  await page.keyboard.press('k')
  await expect(title).toHaveText('How about pickles?')
  await page.keyboard.press('o')
  await expect(page.getByRole('region', { name: 'Message', exact: true })).toBeFocused()
  await page.keyboard.press('u')
  const list = page.getByRole('listbox')
  await expect(list).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('PageDown')
  await page.keyboard.press('Home')
  await expect(page.locator('[aria-selected="true"]')).toHaveAttribute('aria-posinset', '1')
  await expect(list).toHaveAttribute('aria-activedescendant', 'row-0')

  await page.keyboard.press('F6')
  await expect(page.getByRole('region', { name: 'Message', exact: true })).toBeFocused()
  await page.keyboard.press('F6')
  await expect(page.getByRole('button', { name: /^All inboxes/ })).toBeFocused()
  await page.keyboard.press('Shift+F6')
  await expect(page.getByRole('region', { name: 'Message', exact: true })).toBeFocused()

  await page.keyboard.press('g')
  await page.keyboard.press('s')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sent')
  await expect(page.getByText('Nothing in Sent')).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('i')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('All inboxes')

  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
})

test('panes are resized by key and remembered, within their bounds', async ({ window }) => {
  const { page } = window
  await window.open('full')
  const separator = page.getByRole('separator', { name: 'Width of the list' })
  await separator.focus()
  await page.keyboard.press('ArrowRight')
  await expect(separator).toHaveAttribute('aria-valuenow', '388')
  await page.keyboard.press('End')
  await expect(separator).toHaveAttribute('aria-valuenow', '520')
  await page.reload()
  await expect(separator).toHaveAttribute('aria-valuenow', '520')
  await expect(page.locator('[data-pane="list"]')).toHaveJSProperty('offsetWidth', 520)
})

test('theme and density are chosen and remembered', async ({ window }) => {
  const { page } = window
  await window.open('full')
  await page.getByRole('button', { name: 'Appearance' }).click()
  await page.getByRole('radio', { name: 'Dark' }).check()
  await page.getByRole('radio', { name: 'Compact' }).check()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Appearance' })).toBeFocused()
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(page.getByRole('option').first()).toHaveJSProperty('offsetHeight', 28)
})

test('links are opened through the shell only, and say where they lead', async ({ window }) => {
  const { page } = window
  await window.open('one')
  await page.getByRole('option').nth(0).click()
  const link = page.getByRole('link', { name: 'https://pickles.example/brine' })
  await expect(link).toHaveAttribute('title', 'Opens https://pickles.example/brine in your browser')
  await link.click()
  expect(await window.world('opened')).toEqual(['https://pickles.example/brine'])
  expect(page.url()).toContain('scene=one')
})

test('a mail is shown with its real address, its HTML as text, and its quotes on demand', async ({ window }) => {
  const { page } = window
  await window.open('one')
  await page.getByRole('option').nth(4).click()
  await expect(page.getByText('letters@linen.example')).toBeVisible()
  await expect(page.getByText('This is the text of an HTML mail.')).toBeVisible()
  await page.getByRole('option').nth(7).click()
  await expect(page.getByText('Good. I reserve the long table.')).toBeHidden()
  await page.getByRole('button', { name: /17 Nov/ }).click()
  await expect(page.getByText('Good. I reserve the long table.')).toBeVisible()
})

test('attachments lead to local octets under safe names, and programs warn', async ({ window }) => {
  const { page } = window
  await window.open('one')
  await page.getByRole('listbox').focus()
  for (let step = 0; step < 13; step++) await page.keyboard.press('j')
  const program = page.getByRole('link', { name: /updatefdp\.exe/ })
  await expect(program).toHaveAttribute('href', /^\/octets\/\d+\/2$/)
  await expect(program).toHaveAttribute('download', 'updatefdp.exe')
  await expect(program).toContainText('Can do harm')
})

test('a message that is not here is asked for, and appears when it comes', async ({ window }) => {
  const { page } = window
  await window.open('one')
  await page.getByRole('listbox').focus()
  for (let step = 0; step < 15; step++) await page.keyboard.press('j')
  await expect(page.getByText('Fetching this message')).toBeAttached()
  expect(await window.world<string[]>('calls')).toEqual([expect.stringMatching(/^want \d+$/)])
  await window.world('deliver')
  await expect(page.getByText('Fetching this message')).toHaveCount(0)
  await expect(page.locator('article')).toContainText(/\w{4}/)
})

test('a message that cannot be had says why in the server’s words, and is tried again', async ({ window }) => {
  const { page } = window
  await window.open('one')
  await page.getByRole('listbox').focus()
  for (let step = 0; step < 17; step++) await page.keyboard.press('j')
  await expect(page.getByRole('alert')).toContainText('the server says')
  await expect(page.getByRole('alert')).toContainText('SERVERBUG')
  const before = (await window.world<string[]>('calls')).length
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect.poll(async () => (await window.world<string[]>('calls')).length).toBe(before + 1)
})

test('an account is tested, told the reason, mended and added', async ({ window }) => {
  const { page } = window
  await window.open('welcome')
  await page.getByLabel('Email address').fill('alice@crepes.example')
  await expect(page.getByLabel('Server')).toHaveValue('imap.crepes.example')
  await expect(page.getByLabel('User name')).toHaveValue('alice@crepes.example')
  await page.getByRole('button', { name: 'Test connection' }).click()
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused()
  await expect(page.getByText('Please fill this in.')).toBeVisible()
  await page.getByLabel('Password', { exact: true }).fill('secret')
  await page.getByLabel('Server').fill('fails-auth.failed.example')
  await page.getByRole('button', { name: 'Test connection' }).click()
  await expect(page.getByRole('alert')).toContainText(
    "Couldn't sign in to fails-auth.failed.example: the server says 'Authentication failed'.",
  )
  await page.getByLabel('Server').fill('imap.crepes.example')
  await expect(page.getByRole('alert')).toHaveCount(0)
  await page.getByLabel('Security').selectOption('STARTTLS')
  await expect(page.getByLabel('Port')).toHaveValue('143')
  await page.getByRole('button', { name: 'Test connection' }).click()
  await expect(page.getByText('It works: signed in to imap.crepes.example in 340 ms.')).toBeVisible()
  await page.getByRole('button', { name: 'Add account' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Inbox')
  expect(await window.world('calls')).toEqual([
    'test fails-auth.failed.example:993 tls',
    'test imap.crepes.example:143 starttls',
    'add alice@crepes.example',
  ])
})

test('an account without sign-in gets a new password', async ({ window }) => {
  const { page } = window
  await window.open('blocked')
  await page.getByRole('button', { name: /Sign-in needed/ }).click()
  await page.getByRole('button', { name: 'Enter password' }).click()
  await page.getByLabel('New password').fill('better')
  await page.getByRole('button', { name: 'Save and try again' }).click()
  await expect(page.getByRole('dialog')).toContainText('Connecting')
  expect(await window.world('calls')).toEqual(['password 1'])
})

test('an account is removed after a calm word', async ({ window }) => {
  const { page } = window
  await window.open('one')
  await page.getByRole('button', { name: /Up to date/ }).click()
  await page.getByRole('button', { name: 'Remove account' }).click()
  await expect(page.getByText('Nothing happens at the server')).toBeVisible()
  await page.getByRole('button', { name: 'Remove account' }).click()
  await expect(page.getByRole('heading', { name: 'Catch up with your mail' })).toBeVisible()
  expect(await window.world('calls')).toEqual(['remove 1'])
})

test('an account that is offline is tried at once', async ({ window }) => {
  await window.open('offline')
  await window.page.getByRole('button', { name: 'Try now' }).first().click()
  expect(await window.world('calls')).toEqual(['retry 1'])
})

test('an error keeps the name of the server as it is', async ({ window }) => {
  const { page } = window
  await window.open('welcome')
  await page.getByLabel('Email address').fill('alice@crepes.example')
  await page.getByLabel('Password', { exact: true }).fill('secret')
  await page.getByLabel('Server').fill('fails-net.unreachable.example')
  await page.getByRole('button', { name: 'Test connection' }).click()
  await expect(page.getByRole('alert')).toContainText("fails-net.unreachable.example can't be reached.")
})

test('a window without the store takes it over', async ({ window }) => {
  const { page } = window
  await window.open('elsewhere')
  await page.getByRole('button', { name: 'Use it here' }).click()
  await expect(page.getByRole('option').first()).toContainText('Bob')
})

test('a narrow window shows one pane at a time, with a way back', async ({ window }) => {
  const { page } = window
  await page.setViewportSize({ width: 420, height: 800 })
  await window.open('full')
  await page.getByRole('option').nth(0).click()
  await expect(page.getByRole('listbox')).toHaveCount(0)
  await page.keyboard.press('j')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Delivery window for the November order')
  await page.getByRole('button', { name: 'Back to the list' }).click()
  await expect(page.locator('[aria-selected="true"]')).toContainText('Delivery window')
  await page.getByRole('button', { name: 'Show sidebar' }).click()
  await page
    .getByRole('button', { name: /^Archive/ })
    .first()
    .click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Archive')
})

test('nothing is cut off at twice the size', async ({ window }) => {
  const { page } = window
  await page.setViewportSize({ width: 640, height: 400 })
  await window.open('full')
  await page.getByRole('option').nth(1).click()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(640)
})

test('what is unread is known without colour', async ({ window }) => {
  await window.open('one')
  const weight = (index: number) =>
    window.page
      .getByRole('option')
      .nth(index)
      .locator('.subject')
      .evaluate((element) => Number(getComputedStyle(element).fontWeight))
  expect(await weight(0)).toBeGreaterThan(await weight(1))
  await expect(window.page.getByRole('option').nth(0)).toContainText('Unread.')
  await expect(window.page.getByRole('option').nth(1)).not.toContainText('Unread.')
})
