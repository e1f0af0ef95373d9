import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import { expect, test as base, type Page } from '@playwright/test'
import { HEADERS } from '../../main/browser/headers.ts'

const BUILT = fileURLToPath(new URL('../../out/test-ui', import.meta.url))
const SHOTS = fileURLToPath(new URL('../../artifacts/screenshots', import.meta.url))
const ORIGIN = 'http://localhost:1'
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}
/** A Monday in November, in the afternoon: what a list shows must not depend on the day of the test. */
const NOW = new Date('2026-11-23T14:30:00+01:00')

export interface Window {
  readonly page: Page
  /** Opens a scene of the test world (renderer/mail/dev/fake-bridge.ts). */
  open(scene: string, options?: { theme?: 'light' | 'dark'; density?: string; dir?: 'rtl' }): Promise<void>
  theme(theme: 'light' | 'dark'): Promise<void>
  /** Calls a method of the test world. */
  world<T = unknown>(method: string, ...args: unknown[]): Promise<T>
  /** No violation of WCAG 2.2 AA that axe can find. */
  accessible(): Promise<void>
  /** Keeps a picture under a telling name. */
  shot(name: string): Promise<void>
}

/** Serves the built page under the headers of the browser shell; a violation of the CSP or an error fails the test. */
export const test = base.extend<{ window: Window }>({
  window: async ({ page }, use) => {
    const wrongs: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') wrongs.push(message.text())
    })
    page.on('pageerror', (error) => wrongs.push(error.message))
    await page.clock.setFixedTime(NOW)
    await page.route(`${ORIGIN}/**`, async (route) => {
      const path = new URL(route.request().url()).pathname
      const file = join(BUILT, normalize(path === '/' ? '/index.html' : path))
      const body = await readFile(file).catch(() => undefined)
      if (body === undefined) return route.fulfill({ status: 404, headers: HEADERS })
      return route.fulfill({ body, headers: { ...HEADERS, 'Content-Type': TYPES[extname(file)] ?? 'text/plain' } })
    })
    await use({
      page,
      async open(scene, { theme = 'light', density = 'comfortable', dir } = {}) {
        await page.addInitScript((look) => {
          if (!localStorage.getItem('ketchup.appearance')) localStorage.setItem('ketchup.appearance', look)
        }, JSON.stringify({ theme, density }))
        await page.goto(`${ORIGIN}/?scene=${scene}${dir ? `&dir=${dir}` : ''}`)
        await page.waitForFunction(() => document.querySelector('#app')?.childElementCount)
      },
      theme: (theme) =>
        page.evaluate((name) => {
          document.documentElement.dataset['theme'] = name
        }, theme),
      world: (method, ...args) =>
        page.evaluate(
          ({ name, values }) => {
            const { world } = globalThis as unknown as { world: Record<string, unknown> }
            const found = world[name]
            return (typeof found === 'function' ? (found.apply(world, values) as unknown) : found) as never
          },
          { name: method, values: args },
        ),
      async accessible() {
        const { violations } = await new AxeBuilder({ page })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
          .analyze()
        expect(
          violations.map(
            ({ id, nodes }) =>
              `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`,
          ),
        ).toEqual([])
      },
      async shot(name) {
        await page.screenshot({ path: join(SHOTS, `${name}.png`), animations: 'disabled' })
      },
    })
    expect(wrongs, 'nothing in the console, no violation of the CSP').toEqual([])
  },
})
export { expect }
