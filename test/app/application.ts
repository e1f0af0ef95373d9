import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type BrowserContext, type Page } from 'playwright-core'
import { findBrowser } from '../../build/find-browser.ts'
import type { AccountSettings, AppError, Bridge, Result, Sidebar } from '../../preload/contract/index.ts'
import { tree, type Process } from './processes.ts'

const ROOT = new URL('../../', import.meta.url).pathname

export interface ApplicationOptions {
  /** The data folder; made when it is not there. */
  readonly profile: string
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly colorScheme?: 'light' | 'dark'
  /** Adds to the shell's options. */
  readonly args?: readonly string[]
  /** Sees what the shell prints. */
  readonly onOutput?: (text: string) => void
}

export type Room = 'shell' | 'engine' | 'browser'

/** The whole application: shell and engine as processes of their own, and a headless Chromium with its profile. */
export interface Application {
  readonly profile: string
  /** The window. Another one after `revive()`. */
  readonly page: Page
  readonly context: BrowserContext
  /** The shell's process. */
  readonly shell: ChildProcess
  /** What the shell printed so far. */
  output(): string
  /** Errors of the page's console and violations of its CSP. */
  readonly complaints: readonly string[]
  /** Processes by room. */
  processes(): Record<Room, Process[]>
  /** SIGKILL to one room; settles when it is gone. */
  kill(room: Room): Promise<void>
  /** Starts the shell or the browser again where it was killed, and opens the window; the engine is the shell's to start. */
  revive(): Promise<void>
  /** Ends it tidily. */
  close(): Promise<void>
}

/** Starts the shell alone; settles when it serves. @throws Error with what it printed when it ends instead. */
export async function startShellProcess(
  options: ApplicationOptions,
): Promise<{ shell: ChildProcess; output: () => string }> {
  let output = ''
  const shell = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      join(ROOT, 'main/browser/start.ts'),
      '--no-open',
      '--no-install',
      '--profile',
      options.profile,
      ...(options.args ?? []),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const serving = Promise.withResolvers<void>()
  const hear = (data: Buffer) => {
    output += data.toString()
    options.onOutput?.(data.toString())
    if (output.includes('Ctrl-C ends Ketchup')) serving.resolve()
  }
  shell.stdout.on('data', hear)
  shell.stderr.on('data', hear)
  shell.once('exit', (code, signal) => serving.reject(new Error(`The shell ended (${code ?? signal}): ${output}`)))
  await serving.promise
  return { shell, output: () => output }
}

async function startBrowser(options: ApplicationOptions, folder: string): Promise<BrowserContext> {
  const executablePath = findBrowser()
  if (!executablePath) throw new Error('No Chromium, Chrome or Edge was found.')
  return chromium.launchPersistentContext(folder, {
    executablePath,
    viewport: options.viewport ?? { width: 1280, height: 800 },
    colorScheme: options.colorScheme ?? 'light',
    locale: 'en-GB',
    timezoneId: 'Europe/Paris',
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
      '--no-first-run',
    ],
  })
}

/** Starts everything and opens the window. */
export async function startApplication(options: ApplicationOptions): Promise<Application> {
  const browserProfile = join(options.profile, 'browser')
  const complaints: string[] = []
  let earlier = ''
  let { shell, output } = await startShellProcess(options)
  let context: BrowserContext
  let page: Page
  let browserGone = true

  const openWindow = async () => {
    if (browserGone) {
      context = await startBrowser(options, browserProfile)
      browserGone = false
      context.once('close', () => (browserGone = true))
      page = context.pages()[0] ?? (await context.newPage())
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(error.stack ?? error.message))
    }
    await page.goto(pathToFileURL(join(options.profile, 'start.html')).href)
    await page.waitForURL(/^http:\/\/127\.0\.0\.1:\d+\/$/)
  }
  const shellGone = () => shell.exitCode !== null || shell.signalCode !== null
  const endShell = async () => {
    if (shellGone()) return
    const ended = once(shell, 'exit')
    shell.kill('SIGTERM')
    await ended
  }
  const processes = () => {
    const own = tree(shell.pid ?? 0)
    return {
      shell: own.filter(({ pid }) => pid === shell.pid),
      engine: own.filter(({ command }) => command.includes('main/engine/main.ts')),
      browser: tree(process.pid).filter(
        ({ command }) => command.includes(`--user-data-dir=${browserProfile}`) || /--type=/.test(command),
      ),
    }
  }
  try {
    await openWindow()
  } catch (error) {
    await endShell()
    throw error
  }
  return {
    profile: options.profile,
    get page() {
      return page
    },
    get context() {
      return context
    },
    get shell() {
      return shell
    },
    output: () => earlier + output(),
    complaints,
    processes,
    async kill(room) {
      const victims = processes()[room]
      const ended = {
        shell: () => once(shell, 'exit'),
        browser: () => new Promise<void>((resolve) => context.once('close', () => resolve())),
        engine: () => new Promise<void>((resolve) => whenPrinted(shell, 'The engine ended', resolve)),
      }[room]()
      for (const { pid } of victims) {
        try {
          process.kill(pid, 'SIGKILL')
        } catch {
          // it went with another one
        }
      }
      await ended
    },
    async revive() {
      if (!shellGone() && !browserGone) return
      if (shellGone()) {
        earlier += output()
        ;({ shell, output } = await startShellProcess(options))
      }
      await openWindow()
    },
    async close() {
      if (!browserGone) await context.close()
      await endShell()
    },
  }
}

/** Calls back once, when the shell prints a text from now on. */
function whenPrinted(shell: ChildProcess, text: string, told: () => void): void {
  let heard = ''
  const hear = (data: Buffer) => {
    heard += data.toString()
    if (!heard.includes(text)) return
    shell.stdout?.off('data', hear)
    told()
  }
  shell.stdout?.on('data', hear)
}

/** Calls the bridge in the page, as the window would. @throws Error with the code when it answers an error. */
export async function bridge<T>(
  page: Page,
  call: (ketchup: Bridge, argument: never) => Promise<unknown>,
  argument?: unknown,
): Promise<T> {
  const result = await page.evaluate<Result<T, AppError>>(
    `(${call.toString()})(window.ketchup, ${JSON.stringify(argument ?? null)})`,
  )
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.server}`)
  return result.value
}

/** Adds an account as the form does. */
export async function addAccount(page: Page, settings: AccountSettings, password: string): Promise<number> {
  return bridge(page, (ketchup, [given, secret]: [AccountSettings, string]) => ketchup.engine.add(given, secret), [
    settings,
    password,
  ])
}

/** What is waited for in the page may stand still for so long (ms) before that is an error. */
const PATIENCE = 90_000

/**
 * Settles when every account is up to date (or needs its user: the last states are the answer).
 * @throws Error with the states when nothing has changed for a while.
 */
export async function whenIdle(page: Page): Promise<Sidebar> {
  await page.evaluate((patience) => {
    const { store } = (window as unknown as { ketchup: Bridge }).ketchup
    return new Promise<void>((resolve, reject) => {
      let last = 'nothing heard'
      let timer: ReturnType<typeof setTimeout> | undefined
      const wait = () => {
        clearTimeout(timer)
        timer = setTimeout(() => end(() => reject(new Error(`The sync stands still: ${last}`))), patience)
      }
      const look = ({ known, engine, accounts, mailboxes, statuses }: Sidebar) => {
        last = JSON.stringify({ known, engine, statuses, held: mailboxes.map(({ path, total }) => [path, total]) })
        wait()
        const settled = accounts.every(({ id }) => {
          const state = statuses.find(({ account }) => account === id)?.state.is
          return state === 'idle' || state === 'blocked'
        })
        if (known && accounts.length > 0 && settled) end(resolve)
      }
      const stop = store.onSidebar(look)
      const end = (how: () => void) => {
        clearTimeout(timer)
        stop()
        how()
      }
      wait()
      void store.sidebar().then((now) => now.ok && look(now.value))
    })
  }, PATIENCE)
  return bridge(page, (ketchup) => ketchup.store.sidebar())
}

/** Settles when the bridge is there and the store is open. @throws Error with the doors' states when it does not open. */
export async function whenReady(page: Page): Promise<void> {
  await page.waitForFunction(() => 'ketchup' in window)
  await page.evaluate((patience) => {
    const bridge = (window as unknown as { ketchup: Bridge }).ketchup
    return new Promise<void>((resolve, reject) => {
      let last = 'nothing heard'
      const timer = setTimeout(() => {
        stop()
        reject(new Error(`The store does not open: ${last}`))
      }, patience)
      const stop = bridge.onDoors((doors) => {
        last = JSON.stringify(doors)
        if (doors.store !== 'open') return
        clearTimeout(timer)
        queueMicrotask(() => stop()) // it may be told before onDoors has returned
        resolve()
      })
    })
  }, PATIENCE)
}
