import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findBrowser } from '../../build/find-browser.ts'
import { ensure, installLine } from '../../build/install-debian.ts'
import { ROOT, startShell, type RunningShell } from './app.ts'
import { systemClock } from './clock.ts'
import { EXIT, StartFailure } from './failure.ts'
import { HELP, parseFlags, type Flags } from './flags.ts'
import { hasDisplay, openBrowser, type BrowserWindow } from './open-browser.ts'
import { defaultProfile } from './profile.ts'
import { SECRETS_WORD } from './secrets.ts'
import { chooseShell } from './which-shell.ts'

const say = (sentence: string) => void process.stdout.write(`${sentence}\n`)

/** The built window; built now when its sources are newer. A package brings it and no sources. */
async function renderer(): Promise<string> {
  const folder = join(ROOT, 'out', 'renderer')
  if (existsSync(join(ROOT, 'renderer'))) {
    const { buildRenderer } = await import('../../build/renderer.ts')
    try {
      await buildRenderer({ say })
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      throw new StartFailure(EXIT.windowMissing, `The window cannot be built: ${words}`)
    }
  }
  if (!existsSync(join(folder, 'index.html')))
    throw new StartFailure(EXIT.windowMissing, `The window's files are missing from ${folder}. Run: npm run build`)
  return folder
}

/** Opens a window where there can be one, and says how to get in otherwise. */
async function show(shell: RunningShell, flags: Flags): Promise<BrowserWindow | undefined> {
  const byHand = `Open ${shell.startUrl} in Chromium, Chrome or Edge. Ctrl-C ends Ketchup.`
  if (!flags.open) return void say(byHand)
  if (!hasDisplay()) return void say(`There is no display here, so no window is opened. ${byHand}`)
  if (!findBrowser()) await ensure(['chromium'], { install: flags.install, say })
  const browser = findBrowser()
  if (!browser) {
    const how = process.platform === 'linux' ? ` Run: ${installLine(['chromium'])}` : ' Install one of them.'
    return void say(`No Chromium, Chrome or Edge was found.${how} Or: ${byHand}`)
  }
  return openBrowser({ ...shell, browser, clock: systemClock, say })
}

async function main(): Promise<void> {
  const flags = parseFlags(process.argv.slice(2))
  if (flags.help) return say(HELP)
  const ended = Promise.withResolvers<void>()
  // While it starts, a signal ends it at once: nothing is open yet that a crash would hurt.
  const onSignal = () => ended.resolve()
  const shell = await startShell({ ...flags, profile: flags.profile ?? defaultProfile(), renderer, say })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)

  const choice = chooseShell(ROOT)
  say(`Ketchup runs in the ${choice.shell} shell (${choice.why}) at ${shell.origin}, profile ${shell.profile}.`)
  say(SECRETS_WORD)
  const window = await show(shell, flags)
  await Promise.race([ended.promise, ...(window ? [window.closed] : [])])
  await window?.close()
  await shell.stop()
}

try {
  await main()
  // A browser that still goes down must not hold the terminal.
  process.exit(0)
} catch (error) {
  process.stderr.write(
    `${error instanceof StartFailure ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  process.exit(error instanceof StartFailure ? error.exitCode : EXIT.internal)
}
