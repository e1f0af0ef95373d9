import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Clock } from './clock.ts'
import type { ShellDoors } from './shell-door.ts'

/** How long a window may take to come back (a reload, a hand-over to a browser that runs already), in ms. */
const GRACE = 5000

/** A window of ours in somebody's browser. */
export interface BrowserWindow {
  /** Settles when it is closed: the browser has ended and no window is connected. */
  readonly closed: Promise<void>
  /** Asks the browser to end and waits for it, for a while. */
  close(): Promise<void>
}

/** A window can be shown here. */
export function hasDisplay(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): boolean {
  return platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY'])
}

/** The arguments for a window of its own that talks to nobody but us. None of them is a secret. */
export function browserArgs(startUrl: string, profile: string, root: boolean): string[] {
  return [
    `--app=${startUrl}`,
    `--user-data-dir=${join(profile, 'browser')}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-domain-reliability',
    '--disable-sync',
    '--disable-extensions',
    '--disable-features=Translate,MediaRouter,OptimizationHints,AutofillServerCommunication',
    '--no-pings',
    '--password-store=basic',
    '--use-mock-keychain',
    // Chromium refuses to run its sandbox as root.
    ...(root ? ['--no-sandbox'] : []),
  ]
}

/** Opens the window. */
export function openBrowser(options: {
  readonly browser: string
  readonly startUrl: string
  readonly profile: string
  readonly windows: ShellDoors
  readonly clock: Clock
  readonly say: (sentence: string) => void
}): BrowserWindow {
  const { clock, windows } = options
  const root = process.getuid?.() === 0
  if (root)
    options.say('You are root, so the browser runs without its sandbox (--no-sandbox). Better start as another user.')
  const child = spawn(options.browser, browserArgs(options.startUrl, options.profile, root), {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let words = ''
  child.stderr.on('data', (chunk: Buffer) => (words = (words + chunk.toString('utf8')).slice(-2000)))

  // A browser that runs on this profile already takes the window over and our process ends: the window counts.
  const closed = Promise.withResolvers<void>()
  const exited = Promise.withResolvers<void>()
  let running = true
  let seen = false
  let callOff = () => {}
  const look = () => {
    callOff()
    if (running || windows.count > 0) return
    callOff = clock.after(GRACE, () => {
      if (!seen) options.say(`The browser ended without showing a window. ${lastLine(words)}`.trim())
      closed.resolve()
    })
  }
  windows.onCount((count) => {
    seen ||= count > 0
    look()
  })
  child.once('error', (error) => {
    words = error.message
    running = false
    exited.resolve()
    look()
  })
  child.once('exit', () => {
    running = false
    exited.resolve()
    look()
  })
  return {
    closed: closed.promise,
    async close() {
      callOff()
      if (!running) return
      child.kill('SIGTERM')
      const giveUp = clock.after(GRACE, () => child.kill('SIGKILL'))
      await exited.promise
      giveUp()
    },
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
