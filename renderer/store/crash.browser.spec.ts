import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import type { SyncBatch } from '../../preload/contract/index.ts'
import { findBrowser } from '../../build/find-browser.ts'
import { account, BatchMaker, mailbox } from '../../test/store/mail.ts'
import { startRig, type Rig } from '../../test/store/rig.ts'

const KILLS = 10

/** A browser of its own process group, so that all of it can be killed at once. */
function startBrowser(profile: string, url: string): ChildProcess {
  const args = ['--headless=new', '--disable-gpu', '--no-first-run', `--user-data-dir=${profile}`]
  if (process.getuid?.() === 0) args.push('--no-sandbox')
  return spawn(findBrowser() ?? 'chromium', [...args, url], { detached: true, stdio: 'ignore' })
}

async function kill(browser: ChildProcess): Promise<void> {
  const gone = once(browser, 'exit')
  process.kill(-browser.pid!, 'SIGKILL')
  await gone
}

const batches = (): SyncBatch[] => {
  const make = new BatchMaker(10)
  return Array.from({ length: 100 }, (_, i) =>
    make.messages(1 + i * 20, 21 + i * 20, 2001, (id) => 500 + (id % 50) * 200),
  )
}

/** Sends what the store does not have, four at a time, until all is acknowledged or `stop` says so after a batch. */
async function send(rig: Rig, from: number, stop: (acknowledged: number) => void): Promise<number> {
  const { hello, store } = await rig.engines.find(() => true, from)
  // What the cursor says is held must be there: it is compared with the rows.
  await store.mailboxes(1, [mailbox(10)])
  const done = hello.cursors[0]?.revision ?? 0
  const held = await store.held(10)
  expect(held).toMatchObject({ ok: true, value: { length: done * 20 } })
  const waiting = batches().slice(done)
  let acknowledged = 0
  await Promise.all(
    [1, 2, 3, 4].map(async () => {
      for (let batch = waiting.shift(); batch; batch = waiting.shift()) {
        const result = await store.apply(batch)
        if (!result.ok) return
        stop(++acknowledged)
      }
    }),
  )
  return done + acknowledged
}

/** Of the browser that runs now. */
async function dump(rig: Rig): Promise<string> {
  const { store } = await rig.windows.find(({ door }) => !door.closed)
  const result = await store.dump()
  if (!result.ok) throw new Error(result.error.code)
  return result.value
}

test('killed in the middle of a sync, it has what it acknowledged, or nothing, and agrees with its cursor', async () => {
  test.setTimeout(120_000)
  const rig = await startRig()
  rig.accounts = [account()]
  const profiles = [await mkdtemp(join(tmpdir(), 'store-')), await mkdtemp(join(tmpdir(), 'store-'))]
  let browser = startBrowser(profiles[0]!, rig.url)
  try {
    let acknowledged = 0
    let generation = ''
    let dropped = 0
    for (let i = 0; i < KILLS; i++) {
      const last = rig.engines.all.length === 0 ? 0 : rig.engines.all.length - 1
      const killed = Promise.withResolvers<void>()
      const before = acknowledged
      acknowledged = await send(rig, last, (count) => {
        // After another number of batches each time, with others on their way.
        if (count === 1 + (i % 4)) void kill(browser).then(killed.resolve)
      })
      expect(acknowledged).toBeGreaterThan(before)
      await killed.promise
      browser = startBrowser(profiles[0]!, rig.url)
      const { hello } = await rig.engines.find(() => true, last + 1)
      generation ||= hello.generation
      if (hello.generation !== generation) {
        // Chromium drops a database now and then when its process is killed (about 1 in 50 here; DESIGN §2 reckons with
        // it and the engine rebuilds). Then it must be all of it: a cursor without its rows would lose mail.
        expect(hello, `after kill ${i + 1}`).toMatchObject({ cursors: [], lastMessage: 0 })
        generation = hello.generation
        acknowledged = 0
        dropped++
        continue
      }
      expect(hello.cursors[0]!.revision).toBeGreaterThanOrEqual(acknowledged)
      acknowledged = hello.cursors[0]!.revision
    }
    expect(acknowledged).toBeLessThan(100)
    expect(dropped).toBeLessThan(KILLS / 3)
    await send(rig, rig.engines.all.length - 1, () => {})
    const disturbed = await dump(rig)
    await kill(browser)

    const from = rig.engines.all.length
    browser = startBrowser(profiles[1]!, rig.url)
    await send(rig, from, () => {})
    expect(disturbed).toEqual(await dump(rig))
  } finally {
    if (browser.exitCode === null && browser.signalCode === null) await kill(browser)
    await rig.close()
    for (const profile of profiles) await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
})
