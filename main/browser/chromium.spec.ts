import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { findBrowser } from '../../build/find-browser.ts'
import type { Bridge, DoorStates } from '../../preload/contract/index.ts'
import type { StoreHost } from '../../preload/browser.ts'
import { browserArgs, hasDisplay, openBrowser } from './open-browser.ts'
import { handClock } from './testing/clock.ts'
import { scratch, testShell, tinyRenderer, type TestShell } from './testing/shell.ts'

type TestWindow = Window & { ketchup: Bridge; host: StoreHost & { set(state: StoreHost['state']): void; say(): void } }

const path = findBrowser()
if (!path && process.env['LAB'] === 'required') throw new Error('There is no Chromium, and LAB=required.')

describe.skipIf(!path)('in a real Chromium', () => {
  const { dir, drop } = scratch()
  let shell: TestShell
  let browser: Browser
  beforeAll(async () => {
    shell = await testShell(dir, await bridgeRenderer(dir))
    browser = await chromium.launch({ executablePath: path ?? '', args: ['--no-sandbox'] })
  })
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()))
    await expect.poll(() => shell.windows.count).toBe(0)
  })
  afterAll(async () => {
    await browser.close()
    await shell.stop()
    drop()
  })

  /** A fresh profile of the browser, let in by the start file, with all that its console complained of. */
  const enter = async (): Promise<{ page: Page; complaints: string[] }> => {
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(shell.startUrl)
    await page.waitForURL(`${shell.origin}/`)
    await page.waitForFunction(() => document.title === 'ready')
    return { page, complaints }
  }

  it('the start file lets in, once per code, without a trace in addresses or scripts', async () => {
    const used = join(dir, 'used.html')
    writeFileSync(used, readFileSync(new URL(shell.startUrl)))
    const { page } = await enter()
    expect(await page.evaluate(() => document.cookie)).toBe('')
    expect(page.url()).toBe(`${shell.origin}/`)
    const late = await browser.newPage()
    await late.goto(`file://${used}`)
    await late.waitForURL(`${shell.origin}/start`)
    expect(await late.textContent('body')).toContain('This code was used')
  })

  it('the page lives under its policy: doors, reload, no complaint in the console', async () => {
    const { page, complaints } = await enter()
    await page.reload()
    await page.waitForFunction(() => document.title === 'ready')
    expect(await page.evaluate(() => (window as unknown as TestWindow).ketchup.shell.info())).toMatchObject({
      ok: true,
      value: { shell: 'browser', secrets: 'file' },
    })
    expect(complaints).toEqual([])
    const evil = page.evaluate(() => fetch('http://127.0.0.1:9/'))
    await expect(evil).rejects.toThrow('Failed to fetch')
    expect(complaints.join()).toContain('connect-src')
  })

  it('the shell opens no other things than web pages and mail addresses', async () => {
    const { page } = await enter()
    const open = (url: string) =>
      page.evaluate((address) => (window as unknown as TestWindow).ketchup.shell.openExternal(address), url)
    for (const url of ['file:///etc/passwd', 'javascript:alert(1)', '--help', 'smb://host/share', 'https:evil'])
      expect(await open(url)).toMatchObject({ ok: false, error: { code: 'door.bad-argument' } })
  })

  it('a door that closed opens again, and the window is told', async () => {
    const { page } = await enter()
    await page.evaluate(() => {
      const seen: DoorStates['engine'][] = []
      Object.assign(window, { seen })
      ;(window as unknown as TestWindow).ketchup.onDoors((doors) => seen.push(doors.engine))
    })
    shell.engine.fork?.kill()
    await page.waitForFunction(() => (window as unknown as { seen: string[] }).seen.join() === 'open,closed,open')
  })

  it('calls to the store wait for it to open, and fail at once when another window has it', async () => {
    const { page } = await enter()
    const [early, events, doors, after] = await page.evaluate(async () => {
      const { ketchup, host } = window as unknown as TestWindow
      let sidebars = 0
      const states: string[] = []
      ketchup.store.onSidebar(() => sidebars++)
      ketchup.onDoors((now) => states.push(now.store))
      const waiting = ketchup.store.dump()
      host.set('open')
      const first = await waiting
      host.say()
      await ketchup.store.dump()
      host.set('elsewhere')
      const moved = await ketchup.store.dump()
      ketchup.takeOverStore()
      return [first, sidebars, states, [moved, await ketchup.store.dump()]] as const
    })
    expect(early).toEqual({ ok: true, value: 'dumped' })
    expect(events).toBe(1)
    expect(doors).toEqual(['closed', 'open', 'elsewhere', 'open'])
    expect(after).toMatchObject([
      { ok: false, error: { code: 'door.closed' } },
      { ok: true, value: 'dumped' },
    ])
  })

  it('a window of its own gets in, and its end is the end of the application', async () => {
    const clock = handClock()
    const arrived = new Promise<void>((resolve) => shell.windows.onCount((count) => count > 0 && resolve()))
    const window = openBrowser({ ...shell, browser: headless(dir, path ?? ''), clock, say: () => {} })
    await arrived
    const left = new Promise<void>((resolve) => shell.windows.onCount((count) => count === 0 && resolve()))
    await Promise.all([left, window.close()])
    clock.pass(60_000)
    await window.closed
  })

  it('a browser that cannot start is said', async () => {
    const said: string[] = []
    const clock = handClock()
    const window = openBrowser({ ...shell, browser: '/bin/false', clock, say: (words) => said.push(words) })
    await expect.poll(() => (clock.pass(10_000), said.at(-1))).toContain('without showing a window')
    await window.closed
  })
})

describe('the window', () => {
  it('gets no secret in its arguments, and no --no-sandbox but for root', () => {
    const args = browserArgs('file:///p/start.html', '/p', false)
    expect(args).toContain('--app=file:///p/start.html')
    expect(args).not.toContain('--no-sandbox')
    expect(browserArgs('file:///p/start.html', '/p', true)).toContain('--no-sandbox')
  })

  it('needs a display on Linux', () => {
    expect(hasDisplay({}, 'linux')).toBe(false)
    expect(hasDisplay({ DISPLAY: '' }, 'linux')).toBe(false)
    expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true)
    expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true)
    expect(hasDisplay({}, 'darwin')).toBe(true)
  })
})

/** The page of testing/page.ts, built as the window is. */
async function bridgeRenderer(dir: string): Promise<string> {
  const folder = tinyRenderer(dir)
  mkdirSync(join(folder, 'assets'), { recursive: true })
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><title>…</title><link rel="icon" href="data:,"><script type="module" src="/assets/page.js"></script>',
  )
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      target: 'chrome140',
      outDir: join(folder, 'assets'),
      emptyOutDir: false,
      lib: {
        entry: fileURLToPath(new URL('testing/page.ts', import.meta.url)),
        formats: ['es'],
        fileName: () => 'page.js',
      },
    },
  })
  return folder
}

/** The browser without a screen: the same program with one argument more. */
function headless(dir: string, program: string): string {
  const script = join(dir, 'headless.sh')
  writeFileSync(script, `#!/bin/sh\nexec "${program}" --headless=new "$@"\n`)
  chmodSync(script, 0o755)
  return script
}
