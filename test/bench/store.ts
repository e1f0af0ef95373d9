/**
 * The store alone, in a real browser: 10,000 messages with 65 MB of bodies through its engine door, and what a window
 * waits meanwhile. `node build/run.mjs test/bench/store.ts` prints it; on a busy machine look at the CPU seconds.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { findBrowser } from '../../build/find-browser.ts'
import type { Result, SyncBatch } from '../../preload/contract/index.ts'
import { buildPage } from '../store/build.ts'
import { account, BatchMaker, mailbox } from '../store/mail.ts'
import { startRig } from '../store/rig.ts'
import { LAYOUTS, runLayout } from './store-layouts.ts'

export interface BenchReport {
  readonly bench: string
  readonly machine: { cpu: string; cores: number; node: string; platform: string }
  readonly results: readonly { name: string; runs: number[]; median: number; unit: string }[]
  readonly ratios: Readonly<Record<string, number>>
}

const MESSAGES = 10_000
const BATCH = 100
const HUGE = 50_000

/** Runs the bench. `runs` of the whole, medians told. */
export async function run(runs = 3): Promise<BenchReport> {
  await buildPage()
  const figures = new Map<string, { unit: string; values: number[] }>()
  const note = (name: string, unit: string, value: number) => {
    const figure = figures.get(name) ?? { unit, values: [] }
    figures.set(name, figure)
    figure.values.push(value)
  }
  for (let i = 0; i < runs; i++) await once(note)
  const results = [...figures].map(([name, { unit, values }]) => ({
    name,
    runs: values.map(round),
    median: round(median(values)),
    unit,
  }))
  const of = (name: string) => results.find((result) => result.name === name)?.median ?? NaN
  const [layout] = LAYOUTS
  return {
    bench: 'store',
    machine: {
      cpu: cpus()[0]?.model ?? '',
      cores: cpus().length,
      node: process.versions.node,
      platform: process.platform,
    },
    results,
    ratios: { pages_vs_values: of('layout: pages') / of(`layout: ${layout?.name ?? ''}`) },
  }
}

async function once(note: (name: string, unit: string, value: number) => void): Promise<void> {
  const rig = await startRig()
  rig.accounts = [account()]
  const profile = await mkdtemp(join(tmpdir(), 'store-bench-'))
  const executablePath = findBrowser()
  const browser = await chromium.launchPersistentContext(profile, {
    ...(executablePath ? { executablePath } : {}),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  try {
    const page = await browser.newPage()
    await page.goto(rig.url)
    const [engine, window] = [await rig.engines.find(), await rig.windows.find()]
    good(await engine.store.mailboxes(1, [mailbox(10), mailbox(11)]))
    const { view } = good(await window.store.open({ kind: 'mailbox', mailbox: 10 }))

    const batches = sync(10, 1, MESSAGES, (id) => 2000 + ((id * 7919) % 9000))
    let over = false
    const waits: number[] = []
    const reading = (async () => {
      while (!over) {
        const from = performance.now()
        good(await window.store.window(view, 0, 50))
        waits.push(performance.now() - from)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    })()
    const cpu = await cpuSeconds(profile)
    const from = performance.now()
    await send(batches, engine.store.apply)
    note('10,000 messages, 65 MB of bodies applied', 's', (performance.now() - from) / 1000)
    note('CPU of the browser for it', 's', (await cpuSeconds(profile)) - cpu)
    over = true
    await reading
    waits.sort((a, b) => a - b)
    note('window of 50 meanwhile, median', 'ms', median(waits))
    note('window of 50 meanwhile, p95', 'ms', waits[Math.floor(waits.length * 0.95)] ?? 0)

    await send(
      sync(11, MESSAGES + 1, HUGE, () => 0),
      engine.store.apply,
    )
    const held = rig.windows.all.length
    await page.reload()
    const again = await rig.windows.find(() => true, held)
    for (const [id, name] of [
      [10, '10,000'],
      [11, '50,000'],
    ] as const) {
      const opened = performance.now()
      const state = good(await again.store.open({ kind: 'mailbox', mailbox: id }))
      good(await again.store.window(state.view, 0, 50))
      note(`first window of ${name} rows after a start`, 'ms', performance.now() - opened)
      const deep = performance.now()
      good(await again.store.window(state.view, Math.floor(state.total / 2), 50))
      note(`window in the middle of ${name} rows`, 'ms', performance.now() - deep)
    }
    const read = performance.now()
    for (let id = 100; id < MESSAGES; id += 100) good(await again.store.read(id))
    note('a message read', 'ms', (performance.now() - read) / 99)
    const blank = await browser.newPage()
    await blank.goto(new URL('blank.html', rig.url).href)
    for (const layout of LAYOUTS) note(`layout: ${layout.name}`, 'ms', await runLayout(blank, layout))
  } finally {
    await browser.close()
    await rig.close()
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

function sync(folder: number, first: number, count: number, length: (id: number) => number): SyncBatch[] {
  const make = new BatchMaker(folder)
  const batch = length(first) ? BATCH : 200
  return Array.from({ length: count / batch }, (_, i) =>
    make.messages(first + i * batch, first + (i + 1) * batch, first + count, length),
  )
}

/** As the engine does: four on their way. */
async function send(batches: SyncBatch[], apply: (batch: SyncBatch) => Promise<Result<void, unknown>>): Promise<void> {
  await Promise.all(
    [1, 2, 3, 4].map(async () => {
      for (let batch = batches.shift(); batch; batch = batches.shift()) good(await apply(batch))
    }),
  )
}

function good<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

/** CPU seconds so far of all processes that have the profile in their command line, and of their children. Linux. */
async function cpuSeconds(profile: string): Promise<number> {
  const processes = new Map<number, { parent: number; ticks: number; mine: boolean }>()
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const [stat, command] = await Promise.all([
        readFile(`/proc/${name}/stat`, 'utf8'),
        readFile(`/proc/${name}/cmdline`, 'utf8'),
      ])
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const ticks = Number(fields[11]) + Number(fields[12])
      processes.set(Number(name), { parent: Number(fields[1]), ticks, mine: command.includes(profile) })
    } catch {
      continue // it ended while we looked
    }
  }
  const isMine = (pid: number): boolean => {
    const one = processes.get(pid)
    return one !== undefined && (one.mine || isMine(one.parent))
  }
  return [...processes].reduce((sum, [pid, { ticks }]) => sum + (isMine(pid) ? ticks : 0), 0) / 100
}

if (import.meta.main) console.log(JSON.stringify(await run(Number(process.argv[2] ?? 3)), null, 2))
