import { test, type Window } from './page.ts'

/** Every view and state: how it is reached, and its name. */
const SCREENS: readonly (readonly [name: string, scene: string, reach?: (window: Window) => Promise<void>])[] = [
  ['mail-list', 'full'],
  ['mail-reading', 'full', ({ page }) => page.getByRole('option').nth(1).click()],
  ['mail-one-account', 'one', ({ page }) => page.getByRole('option').nth(0).click()],
  ['reader-japanese', 'full', ({ page }) => page.getByRole('option').nth(2).click()],
  ['reader-arabic', 'full', ({ page }) => page.getByRole('option').nth(5).click()],
  [
    'reader-quotes-open',
    'one',
    async ({ page }) => {
      await page.getByRole('option').nth(7).click()
      await page.getByRole('button', { name: /17 Nov/ }).click()
    },
  ],
  [
    'reader-details',
    'full',
    async ({ page }) => {
      await page.getByRole('option').nth(1).click()
      await page.getByRole('button', { name: 'Details' }).click()
    },
  ],
  ['reader-html-text', 'one', ({ page }) => page.getByRole('option').nth(4).click()],
  ['reader-danger', 'one', (window) => openRow(window, 12)],
  ['reader-fetching', 'one', (window) => openRow(window, 14)],
  ['reader-problem', 'one', (window) => openRow(window, 16)],
  ['reader-long-subject', 'one', (window) => openRow(window, 11)],
  ['offline', 'offline', (window) => openRow(window, 14)],
  ['sign-in-needed', 'blocked'],
  [
    'accounts-sign-in-needed',
    'blocked',
    async ({ page }) => {
      await page.getByRole('button', { name: /Sign-in needed/ }).click()
    },
  ],
  [
    'accounts-new-password',
    'blocked',
    async ({ page }) => {
      await page.getByRole('button', { name: /Sign-in needed/ }).click()
      await page.getByRole('button', { name: 'Enter password' }).click()
    },
  ],
  [
    'accounts-remove',
    'full',
    async ({ page }) => {
      await page.getByRole('button', { name: /Archive 3,214/ }).click()
      await page.getByRole('button', { name: 'Remove account' }).first().click()
    },
  ],
  ['engine-restarting', 'engine-closed'],
  ['store-elsewhere', 'elsewhere'],
  ['store-failed', 'store-failed'],
  ['starting', 'starting'],
  ['list-empty', 'empty'],
  ['list-empty-syncing', 'empty-syncing'],
  ['list-empty-offline', 'empty-offline'],
  ['list-loading', 'list-loading'],
  ['list-placeholders', 'placeholders'],
  ['list-error', 'list-error'],
  ['welcome', 'welcome'],
  ['welcome-keychain', 'welcome-keychain'],
  [
    'welcome-invalid',
    'welcome',
    async ({ page }) => {
      await page.getByLabel('Email address').fill('alice')
      await page.getByRole('button', { name: 'Add account' }).click()
    },
  ],
  ['welcome-test-works', 'welcome', (window) => testConnection(window, 'imap.crepes.example')],
  ['welcome-test-wrong-password', 'welcome', (window) => testConnection(window, 'fails-auth.failed.example')],
  ['welcome-test-certificate', 'welcome', (window) => testConnection(window, 'fails-cert.untrusted.example')],
  ['account-add-dialog', 'full', ({ page }) => page.getByRole('button', { name: 'Add account' }).click()],
  ['appearance', 'full', ({ page }) => page.getByRole('button', { name: 'Appearance' }).click()],
  ['keyboard-sheet', 'full', ({ page }) => page.keyboard.press('?')],
]

async function openRow({ page }: Window, index: number): Promise<void> {
  const list = page.getByRole('listbox')
  await list.focus()
  for (let step = 0; step <= index; step++) await page.keyboard.press('j')
}

async function testConnection({ page }: Window, host: string): Promise<void> {
  await page.getByLabel('Email address').fill('alice@crepes.example')
  await page.getByLabel('Password', { exact: true }).fill('correct horse')
  await page.getByLabel('Server').fill(host)
  await page.getByRole('button', { name: 'Test connection' }).click()
}

/** Looks at what is open in both themes: for axe, and for the pictures. */
async function look(window: Window, name: string, sizes: readonly (readonly [number, number])[]): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await window.theme(theme)
    for (const [width, height] of sizes) {
      await window.page.setViewportSize({ width, height })
      await window.shot(`${name}-${theme}-${width}x${height}`)
    }
    await window.accessible()
  }
}

for (const [name, scene, reach] of SCREENS) {
  test(`${name} is accessible`, async ({ window }) => {
    await window.open(scene)
    await reach?.(window)
    await look(window, name, [
      [1920, 1080],
      [1280, 800],
    ])
  })
}

for (const density of ['compact', 'cozy'] as const) {
  test(`${density} rows are accessible`, async ({ window }) => {
    await window.open('full', { density })
    await openRow(window, 1)
    await look(window, `mail-${density}`, [[1280, 800]])
  })
}

for (const [width, height] of [
  [820, 900],
  [420, 800],
] as const) {
  test(`a window of ${width} px is accessible`, async ({ window }) => {
    const { page } = window
    await page.setViewportSize({ width, height })
    await window.open('full')
    await look(window, 'narrow-list', [[width, height]])
    await page.getByRole('option').nth(1).click()
    await look(window, 'narrow-reader', [[width, height]])
    await page.getByRole('button', { name: 'Back to the list' }).click()
    await page.getByRole('button', { name: 'Show sidebar' }).click()
    await look(window, 'narrow-sidebar', [[width, height]])
  })
}

test('right to left is accessible', async ({ window }) => {
  await window.open('full', { dir: 'rtl' })
  await openRow(window, 4)
  await look(window, 'mail-rtl', [[1280, 800]])
})
