/**
 * `npm run bench -- sync`: the mailbox of 10,000 messages and 240 MB from a real Dovecot through the whole application,
 * shell, engine and a window in headless Chromium, in turn with mbsync at its default fsync.
 *
 * The application's clock starts when the account is added and stops when the store has committed the last body.
 * Afterwards, clock stopped, the server is stopped, the application restarted on the same profile, and 100 messages
 * must equal what was generated; else the bench fails.
 *
 * Profiles and Maildirs are removed at the very end only: ext4 looks past every inode that was deleted in the last
 * minutes, so that creating files after ten thousand were removed takes ten times as long.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { buildRenderer } from '../../build/renderer.ts'
import type { AccountSettings, Bridge, Sidebar, StoreStats } from '../../preload/contract/index.ts'
import { bridge, startApplication, whenIdle, whenReady, type Application } from '../app/application.ts'
import { Peak } from '../app/peak.ts'
import { accountFile } from '../lab/account.ts'
import { startDovecot, type DovecotLab, type LabUser } from '../lab/dovecot.ts'
import { generate, sizes, type Mailbox } from '../lab/generator.ts'
import { Random } from '../lab/mailbox/random.ts'
import { cpuSeconds } from './cpu.ts'
import { Mbsync } from './mbsync.ts'
import { Figures, machine, type BenchOptions, type BenchResult } from './result.ts'
import { differences } from './verify.ts'

const RUNS = 3
const SEED = 'bench'
const COMPARED = 100
const ROOMS = ['shell', 'engine', 'browser'] as const
const APP = 'Ketchup: all bodies readable'
const APP_AGAIN = 'Ketchup: signed in anew, nothing new'
const MBSYNC = 'mbsync: all pulled'
const MBSYNC_AGAIN = 'mbsync: again, nothing new'

interface Setting {
  /** Where profiles and Maildirs lie. */
  readonly folder: string
  readonly lab: DovecotLab
  readonly user: LabUser
  readonly generated: Mailbox
  readonly figures: Figures
}

/** Runs the bench. @throws Error when a message is missing or differs */
export async function run({ runs = RUNS, count = sizes.big.count, say }: BenchOptions = {}): Promise<BenchResult> {
  await buildRenderer({ ...(say ? { say } : {}) })
  const options = { ...sizes.big, count, bytes: (sizes.big.bytes / sizes.big.count) * count, seed: SEED }
  const folder = mkdtempSync(join(tmpdir(), 'ketchup-bench-sync-'))
  const lab = await startDovecot()
  try {
    const user = lab.addUser('bench')
    say?.(`Filling a mailbox of ${count} messages …`)
    await lab.fillGenerated(user, 'INBOX', options)
    const figures = new Figures()
    const setting = { folder, lab, user, generated: generate(options), figures }
    // Memory is measured in a run of its own: to sum it up takes CPU. It also warms the caches for both.
    say?.('Ketchup, for its memory …')
    await runApplication(setting, new Random(SEED, 'memory'), true)
    for (let i = 1; i <= runs; i++) {
      say?.(`Ketchup, ${i} of ${runs} …`)
      await runApplication(setting, new Random(SEED, i), false)
      say?.(`mbsync, ${i} of ${runs} …`)
      await runMbsync(setting)
    }
    return {
      bench: 'sync',
      machine: machine(),
      results: figures.results,
      ratios: {
        readable_vs_mbsync_fsync: figures.ratio(APP, MBSYNC),
        resync_vs_mbsync: figures.ratio(APP_AGAIN, MBSYNC_AGAIN),
      },
    }
  } finally {
    await lab.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function runMbsync({ folder, lab, user, generated, figures }: Setting): Promise<void> {
  const mbsync = new Mbsync(mkdtempSync(join(folder, 'mbsync-')), lab, user)
  settleDisk()
  const first = await mbsync.pull()
  if (mbsync.count() !== generated.count) throw new Error(`mbsync pulled ${mbsync.count()} of ${generated.count}.`)
  const again = await mbsync.pull()
  figures.note(MBSYNC, 's', first.seconds)
  figures.note('mbsync: CPU', 's', first.cpu)
  figures.note(MBSYNC_AGAIN, 's', again.seconds)
}

async function runApplication(setting: Setting, random: Random, memory: boolean): Promise<void> {
  const { folder, lab, user, generated, figures } = setting
  const profile = mkdtempSync(join(folder, 'profile-'))
  await withApplication(profile, async (application) => {
    settleDisk()
    const before = cpuOf(application)
    const peak = memory ? new Peak(application) : null
    const clock = await sync(application.page, settings(lab, user), user.password, generated.count)
    peak?.stop()
    const after = cpuOf(application)
    await checkCounts(application.page, generated.count)
    if (peak) {
      for (const room of ROOMS) figures.note(`Ketchup: peak PSS, ${room}`, 'MB', peak.octets[room] / 1e6)
      return
    }
    figures.note(APP, 's', clock.all)
    figures.note('Ketchup: first rows in the list', 's', clock.rows)
    for (const room of ROOMS) figures.note(`Ketchup: CPU, ${room}`, 's', after[room] - before[room])
    const idle = await whenIdle(application.page)
    figures.note(APP_AGAIN, 's', await signInAnew(application.page, idle.accounts[0]?.id ?? 0, user.password))
  })
  if (memory) return
  const start = performance.now()
  await withApplication(profile, async ({ page }) => {
    await whenIdle(page)
    figures.note('Ketchup: started, nothing new', 's', (performance.now() - start) / 1000)
  })
  await lab.stop()
  await withApplication(profile, ({ page }) => verify(page, generated, random))
  await lab.start()
}

/** What one run left to be written must not be paid by the next one's fsync. */
function settleDisk(): void {
  if (process.platform !== 'win32') execFileSync('sync')
}

async function withApplication(profile: string, task: (application: Application) => Promise<void>): Promise<void> {
  const application = await startApplication({ profile })
  try {
    await whenReady(application.page)
    await task(application)
  } finally {
    await application.close()
  }
}

function cpuOf(application: Application): Record<(typeof ROOMS)[number], number> {
  const rooms = application.processes()
  return { shell: cpuSeconds(rooms.shell), engine: cpuSeconds(rooms.engine), browser: cpuSeconds(rooms.browser) }
}

function settings(lab: DovecotLab, user: LabUser): AccountSettings {
  const { email, imap, ca } = accountFile(lab, user)
  const { host, port, security } = imap
  return {
    email,
    name: '',
    imap: { host, port, security, user: imap.user },
    ...(ca === undefined ? {} : { ca: readFileSync(ca, 'utf8') }),
  }
}

/**
 * Adds the account and waits, by what the store tells the window, until the Inbox is whole. Seconds to that, and to the
 * first row that stands in the list.
 */
async function sync(
  page: Page,
  account: AccountSettings,
  password: string,
  count: number,
): Promise<{ all: number; rows: number }> {
  return page.evaluate(
    async ([given, secret, expected]) => {
      const { store, engine } = (window as unknown as { ketchup: Bridge }).ketchup
      const rows = Promise.withResolvers<number>()
      const all = Promise.withResolvers<number>()
      const observer = new MutationObserver(() => {
        if (!document.querySelector('[role="option"][data-key]')) return
        observer.disconnect()
        requestAnimationFrame(() => rows.resolve(performance.now()))
      })
      observer.observe(document, { subtree: true, childList: true, attributeFilter: ['data-key'] })
      const stop = store.onSidebar(({ mailboxes, statuses }) => {
        const inbox = mailboxes.find(({ role }) => role === 'inbox')
        if (inbox?.complete && inbox.total === expected) all.resolve(performance.now())
        for (const { state } of statuses) {
          if (state.is === 'blocked' || state.is === 'waiting') {
            all.reject(new Error(`The account is ${state.is}: ${state.error.code} ${state.error.server}`))
          }
        }
      })
      const start = performance.now()
      const added = await engine.add(given, secret)
      if (!added.ok) throw new Error(`The account was not added: ${added.error.code} ${added.error.server}`)
      const end = await all.promise
      stop()
      return { all: (end - start) / 1000, rows: ((await rows.promise) - start) / 1000 }
    },
    [account, password, count] as const,
  )
}

/** A row says that a message is there; only this says that each has its body. */
async function checkCounts(page: Page, count: number): Promise<void> {
  const stats = await bridge<StoreStats>(page, (ketchup) => ketchup.store.stats())
  const { messages, bodies, problems } = stats
  if (messages === count && bodies === count && problems === 0) return
  throw new Error(
    `The store holds ${messages} messages, ${bodies} bodies and ${problems} problems, not ${count} whole.`,
  )
}

/** Seconds from giving the password again, which begins a new session, to being up to date. */
/**
 * From a new sign-in to up to date, by the engine's own clock: the window is told at a pace of its own, and sees neither
 * the moment nor the states in between.
 */
async function signInAnew(page: Page, id: number, password: string): Promise<number> {
  return page.evaluate(
    async ([account, secret]) => {
      const { store, engine } = (window as unknown as { ketchup: Bridge }).ketchup
      const start = Date.now()
      const idle = Promise.withResolvers<number>()
      const stop = store.onSidebar(({ statuses }) => {
        const state = statuses.find((status) => status.account === account)?.state
        if (state?.is === 'idle' && state.at > start) idle.resolve(state.at)
      })
      const given = await engine.password(account, secret)
      if (!given.ok) throw new Error(given.error.code)
      const end = await idle.promise
      stop()
      return (end - start) / 1000
    },
    [id, password] as const,
  )
}

async function verify(page: Page, generated: Mailbox, random: Random): Promise<void> {
  const { mailboxes } = await bridge<Sidebar>(page, (ketchup) => ketchup.store.sidebar())
  const inbox = mailboxes.find(({ role }) => role === 'inbox')
  if (!inbox) throw new Error('There is no Inbox after the restart.')
  const indexes = new Set<number>()
  while (indexes.size < Math.min(COMPARED, generated.count)) indexes.add(random.int(0, generated.count))
  const found = await differences(page, inbox.id, generated, [...indexes])
  if (found.length > 0)
    throw new Error(`${found.length} of ${indexes.size} messages differ. ${found.slice(0, 5).join(' ')}`)
}
