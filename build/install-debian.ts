/** The parts that npm cannot bring: found, or installed where we may, or named with the line that installs them. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { findBrowser, findCommand } from './find-browser.ts'

/** `chromium` shows the application, `dovecot` is the lab's server, `isync` (mbsync) what the sync bench runs beside. */
export type Part = 'chromium' | 'dovecot' | 'isync'

export interface Missing {
  part: Part
  /** The one line that installs it, for a person to run. */
  line: string
}

export interface Ensured {
  present: Part[]
  missing: Missing[]
}

const PACKAGES: Record<Part, string[]> = {
  chromium: ['chromium'],
  dovecot: ['dovecot-imapd', 'dovecot-pop3d', 'dovecot-lmtpd', 'dovecot-sieve'],
  isync: ['isync'],
}

// Every program of a part: a Dovecot without its POP3 is half a part.
const DOVECOT_PROGRAMS = ['imap', 'pop3', 'lmtp'].map((name) => `/usr/lib/dovecot/${name}`)

function isPresent(part: Part): boolean {
  if (part === 'chromium') return findBrowser() !== undefined
  if (part === 'isync') return findCommand('mbsync') !== undefined
  return findCommand('dovecot') !== undefined && DOVECOT_PROGRAMS.every((path) => existsSync(path))
}

/** The line for a person on Debian or Ubuntu to install parts. */
export function installLine(parts: Part[]): string {
  const packages = parts.flatMap((part) => PACKAGES[part])
  return `sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`
}

/**
 * Looks for parts and, with `install`, as root on Debian, installs what is missing by apt-get, saying so first.
 * Never throws for a part that cannot be had: it is `missing`, with the line to run; apt's own words are on stderr.
 */
export async function ensure(
  parts: Part[],
  { install, say = console.error }: { install: boolean; say?: (sentence: string) => void },
): Promise<Ensured> {
  const absent = parts.filter((part) => !isPresent(part))
  if (absent.length > 0 && install && isRootOnDebian()) {
    const packages = absent.flatMap((part) => PACKAGES[part])
    say(`Installing by apt-get what is missing: ${packages.join(' ')} (--no-install forbids it).`)
    // Stale package lists name files that the mirrors no longer have. An update that fails in part may still serve.
    await aptGet(['-q', 'update'])
    const code = await aptGet(['-q', 'install', '-y', '--no-install-recommends', ...packages])
    if (code !== 0) say(`apt-get ended with code ${code}; its own words are above.`)
  }
  const missing = parts.filter((part) => !isPresent(part)).map((part) => ({ part, line: installLine([part]) }))
  return { present: parts.filter(isPresent), missing }
}

function isRootOnDebian(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && findCommand('apt-get') !== undefined
}

/** Runs apt-get with all its words on our stderr, for stdout may be somebody's JSON. Returns its exit code. */
async function aptGet(args: string[]): Promise<number> {
  const child = spawn('apt-get', args, {
    stdio: ['ignore', 2, 2],
    // RUNLEVEL=1 makes invoke-rc.d leave the new mail server unstarted; the lab never uses the service of the system.
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 1
}
