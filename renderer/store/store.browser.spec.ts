import { expect, test as base, type Page } from '@playwright/test'
import { FLAG, ok, type ListRow, type Result } from '../../preload/contract/index.ts'
import { account, BatchMaker, body, mailbox, place, row } from '../../test/store/mail.ts'
import { startRig, type EngineEnd, type Rig, type WindowEnd } from '../../test/store/rig.ts'

interface Parts {
  readonly rig: Rig
  /** The store's two doors, with two folders known: 10 (Inbox) and 11. */
  readonly engine: EngineEnd
  readonly window: WindowEnd
}

const test = base.extend<Parts>({
  // eslint-disable-next-line no-empty-pattern -- Playwright wants the pattern
  rig: async ({}, use) => {
    const rig = await startRig()
    rig.accounts = [account()]
    await use(rig)
    await rig.close()
  },
  engine: async ({ rig, page }, use) => {
    await page.goto(rig.url)
    const engine = await rig.engines.find()
    good(await engine.store.mailboxes(1, [mailbox(10), mailbox(11)]))
    await use(engine)
  },
  window: async ({ rig, engine }, use) => {
    void engine
    await use(await rig.windows.find())
  },
})

function good<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`)
  return result.value
}
const inbox = { kind: 'mailbox', mailbox: 10 } as const
const rowsOf = async ({ store }: WindowEnd, view: number, from = 0, count = 100): Promise<readonly ListRow[]> =>
  good(await store.window(view, from, count)).rows
const folder = async ({ store }: WindowEnd, id: number) =>
  good(await store.sidebar()).mailboxes.find((one) => one.id === id)

test('gives back what was applied: rows, bodies, counters, the cursor', async ({ rig, page, engine, window }) => {
  const make = new BatchMaker(10)
  good(await engine.store.apply(make.messages(1, 101, 101)))
  const state = good(await window.store.open(inbox))
  expect(state).toMatchObject({ total: 100, unread: 50 })
  const rows = await rowsOf(window, state.view)
  expect(rows.map(({ uid }) => uid)).toEqual(Array.from({ length: 100 }, (_, i) => 100 - i))
  expect(rows[6]).toMatchObject({ id: 7, subject: 'Subject of message 7', mailbox: 10, uid: 94, flags: FLAG.seen })
  const detail = good(await window.store.read(7))
  expect(detail).toEqual({ row: row(7), placements: [place(10, 94, 7, 1)], body: body(7, 100) })
  expect(good(await window.store.read(999))).toBeNull()
  expect(good(await engine.store.held(10))).toEqual(Uint32Array.from({ length: 100 }, (_, i) => i + 1))
  expect(good(await window.store.stats())).toEqual({
    mailboxes: 2,
    messages: 100,
    bodies: 100,
    placements: 100,
    problems: 0,
  })

  await page.reload()
  const again = await rig.engines.find((end) => end !== engine)
  expect(again.hello).toMatchObject({ generation: engine.hello.generation, lastMessage: 100 })
  expect(again.hello.cursors).toMatchObject([{ mailbox: 10, revision: 1, synced: [[1, 101]], complete: true }])
})

test('a batch applied twice is the same as once', async ({ engine, window }) => {
  const make = new BatchMaker(10)
  const batches = [
    make.messages(1, 41, 41),
    make.next({
      rows: [row(50)],
      placements: [place(10, 60, 50)],
      flags: [{ uid: 5, flags: FLAG.flagged, keywords: ['work'] }],
      gone: [1, 2, 3],
    }),
  ]
  const dumps: string[] = []
  for (const batch of batches) {
    for (let i = 0; i < 2; i++) {
      good(await engine.store.apply(batch))
      dumps.push(good(await window.store.dump()))
    }
  }
  expect(dumps[1]).toBe(dumps[0])
  expect(dumps[3]).toBe(dumps[2])
  expect(dumps[2]).not.toBe(dumps[1])
  expect(good(await window.store.stats())).toMatchObject({ messages: 38, bodies: 38, placements: 38 })
  expect(await folder(window, 10)).toMatchObject({ total: 38 })
})

test('a batch that does not follow its cursor, or is for no folder, is refused whole', async ({ engine, window }) => {
  const make = new BatchMaker(10)
  good(await engine.store.apply(make.messages(1, 11, 11)))
  const before = good(await window.store.dump())
  make.revision++
  expect(await engine.store.apply(make.messages(11, 21, 31))).toMatchObject({ error: { code: 'input.invalid' } })
  const stranger = new BatchMaker(99).messages(30, 31, 40)
  expect(await engine.store.apply(stranger)).toMatchObject({ error: { code: 'mailbox.missing' } })
  const loose = new BatchMaker(11).next({ placements: [place(11, 1, 12345)] })
  expect(await engine.store.apply(loose)).toMatchObject({ error: { code: 'input.invalid' } })
  expect(good(await window.store.dump())).toBe(before)
})

test('a refused batch does not take its neighbours with it', async ({ engine, window }) => {
  const [a, b] = [new BatchMaker(10), new BatchMaker(11)]
  const results = await Promise.all([
    engine.store.apply(a.messages(1, 11, 11)),
    engine.store.apply(b.next({ placements: [place(11, 1, 12345)] })),
    engine.store.apply(a.messages(11, 21, 31)),
  ])
  expect(results.map((result) => result.ok)).toEqual([true, false, true])
  expect(await folder(window, 10)).toMatchObject({ total: 20 })
})

test('flags change rows and the unread counter', async ({ engine, window }) => {
  const make = new BatchMaker(10)
  good(await engine.store.apply(make.messages(1, 11, 11)))
  const { view } = good(await window.store.open(inbox))
  await rowsOf(window, view)
  const flags = [
    { uid: 10, flags: 0, keywords: [] }, // message 1 was read
    { uid: 9, flags: FLAG.seen | FLAG.flagged, keywords: ['work'] }, // message 2 was not
    { uid: 7, flags: FLAG.seen, keywords: [] },
    { uid: 4711, flags: 0, keywords: [] },
  ]
  good(await engine.store.apply(make.next({ flags })))
  const change = await window.changes.find((one) => one.updated.length > 0)
  expect([...change.updated].sort((a, b) => a - b)).toEqual([1, 2, 4])
  expect(change).toMatchObject({ total: 10, unread: 4, moves: [] })
  expect((await rowsOf(window, view)).slice(0, 2)).toMatchObject([
    { uid: 10, flags: 0 },
    { uid: 9, flags: FLAG.seen | FLAG.flagged, keywords: ['work'] },
  ])
})

test('octets only ever grow, and the body comes with them', async ({ engine, window }) => {
  const make = new BatchMaker(10)
  const bare = row(1, { octets: 'none', preview: '' })
  good(await engine.store.apply(make.next({ rows: [bare], placements: [place(10, 5, 1)] })))
  expect(good(await window.store.read(1))).toMatchObject({ row: bare, body: null })
  good(await engine.store.apply(make.next({ rows: [row(1, { octets: 'partial' })], bodies: new Map([[1, 50]]) })))
  expect(good(await window.store.read(1))?.body).toEqual(body(1, 50))
  good(await engine.store.apply(make.next({ rows: [row(1)] })))
  expect(good(await window.store.read(1))).toMatchObject({ row: row(1), body: body(1, 200) })
  good(await engine.store.apply(make.next({ rows: [bare] })))
  expect(good(await window.store.read(1))).toMatchObject({ row: row(1), body: body(1, 200) })
  expect(good(await window.store.stats())).toMatchObject({ messages: 1, bodies: 1 })
})

test('a message goes with its last place, and its body with it', async ({ page, engine, window }) => {
  const [a, b] = [new BatchMaker(10), new BatchMaker(11)]
  good(await engine.store.apply(a.messages(1, 21, 21)))
  good(await engine.store.apply(b.next({ placements: [place(11, 3, 5), place(11, 4, 6)] })))
  expect(good(await window.store.read(5))?.placements.length).toBe(2)
  good(await engine.store.apply(a.next({ gone: [16, 17, 18] }))) // messages 5, 4, 3
  expect(good(await window.store.read(5))).toMatchObject({ placements: [{ mailbox: 11, uid: 3 }], body: body(5, 200) })
  expect(good(await window.store.read(4))).toBeNull()
  expect(good(await window.store.read(6))?.body).toEqual(body(6, 220))
  good(await engine.store.apply(b.next({ gone: [3] })))
  expect(good(await window.store.read(5))).toBeNull()
  expect(good(await window.store.stats())).toMatchObject({ messages: 17, bodies: 17, placements: 18 })
  good(await engine.store.apply(a.next({ gone: [...good(await engine.store.held(10))] })))
  good(await engine.store.apply(b.next({ gone: [4] })))
  expect(await countRecords(page)).toMatchObject({ bodies: 0, messages: 0, placements: 0 })
})

test('a reset keeps bodies for their new UIDs, and what stays unbound goes at its end', async ({
  page,
  engine,
  window,
}) => {
  const make = new BatchMaker(10)
  good(await engine.store.apply(make.messages(1, 41, 41)))
  const { view } = good(await window.store.open(inbox))
  await rowsOf(window, view)
  const rebound = [1, 2, 3].map((id) => place(10, 900 + id, id))
  good(await engine.store.apply(make.next({ reset: true, placements: rebound, cursor: { uidValidity: 2 } })))
  await window.changes.find(({ moves }) => moves === null)
  expect((await rowsOf(window, view)).map(({ uid }) => uid)).toEqual([901, 902, 903])
  expect(await folder(window, 10)).toMatchObject({ total: 3, unread: 3 })
  const late = make.next({ placements: [place(10, 904, 40)], cursor: { uidValidity: 2, complete: true } })
  good(await engine.store.apply(late))
  expect(good(await window.store.read(40))?.body).toEqual(body(40, 200))
  await expect.poll(async () => good(await window.store.stats())).toMatchObject({ messages: 4, bodies: 4 })
  expect(good(await engine.store.held(10))).toEqual(Uint32Array.of(901, 902, 903, 904))
  expect(await countRecords(page)).toMatchObject({ placements: 1 })
})

test('folders and accounts that are gone take all of theirs with them', async ({ page, engine, window }) => {
  const [a, b] = [new BatchMaker(10), new BatchMaker(11)]
  good(await engine.store.apply(a.messages(1, 201, 201)))
  good(await engine.store.apply(b.messages(201, 301, 301)))
  good(await engine.store.mailboxes(1, [mailbox(10, { name: 'Renamed' })]))
  await expect.poll(async () => good(await window.store.stats())).toMatchObject({ messages: 200, bodies: 200 })
  expect(await folder(window, 10)).toMatchObject({ name: 'Renamed', total: 200, unread: 100 })
  good(await engine.store.accounts([]))
  await expect
    .poll(() => countRecords(page))
    .toEqual({
      accounts: 0,
      bodies: 0,
      cursors: 0,
      mailboxes: 0,
      messages: 0,
      meta: 3,
      placements: 0,
    })
  expect(good(await window.store.sidebar())).toMatchObject({ accounts: [], mailboxes: [], known: true })
})

test('a full disk acknowledges nothing, loses nothing, and the batch goes in later', async ({ page, rig }) => {
  const origin = new URL(rig.url).origin
  const cdp = await page.context().newCDPSession(page)
  // Before the first write: Chromium remembers for a while how much room there was.
  await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 400_000 })
  await page.goto(rig.url)
  const [engine, window] = [await rig.engines.find(), await rig.windows.find()]
  good(await engine.store.mailboxes(1, [mailbox(10)]))
  const make = new BatchMaker(10)
  good(await engine.store.apply(make.messages(1, 11, 11)))
  const before = good(await window.store.dump())
  const big = make.messages(11, 111, 200, () => 20_000)
  expect(await engine.store.apply(big)).toMatchObject({ ok: false, error: { code: 'disk.full' } })
  expect(good(await window.store.dump())).toBe(before)
  expect(good(await window.store.read(20))).toBeNull()
  await cdp.send('Storage.overrideQuotaForOrigin', { origin })
  good(await engine.store.apply(big))
  expect(good(await window.store.read(20))?.body).toEqual(body(20, 20_000))
})

test('a list keeps its place by the moves while mail pours in', async ({ engine, window }) => {
  const make = new BatchMaker(10)
  good(await engine.store.apply(make.messages(1001, 1101, 5000)))
  const { view } = good(await window.store.open(inbox))
  const held = (await rowsOf(window, view))[40]!
  let index = 40
  let version = good(await window.store.window(view, 0, 1)).version
  const from = window.changes.all.length
  // Older ones, newer ones, and some that go: the row is followed by moves alone.
  good(await engine.store.apply(make.messages(1101, 1301, 4000)))
  good(await engine.store.apply(make.messages(801, 901, 6000)))
  good(await engine.store.apply(make.next({ gone: [3998 - 1200, 3997 - 1200, 3000, 6000 - 850] })))
  await rowsOf(window, view)
  for (const change of window.changes.all.slice(from)) {
    expect(change.version).toBe(++version)
    index += change.moves!.filter(({ at }) => at <= index).reduce((sum, { by }) => sum + by, 0)
  }
  expect(index).toBe(good(await window.store.position(view, held.mailbox, held.uid)))
  expect((await rowsOf(window, view, index, 1))[0]).toEqual(held)
})

test('windows always agree with their version, while batches are applied', async ({ engine, window }) => {
  const make = new BatchMaker(10)
  const { view } = good(await window.store.open(inbox))
  let over = false
  const read = async () => {
    while (!over) {
      const { rows, from } = good(await window.store.window(view, 30, 50))
      expect(from).toBe(30)
      const dates = rows.map(({ date }) => date)
      expect(dates).toEqual([...dates].sort((a, b) => b - a))
    }
  }
  const reading = read()
  await Promise.all(
    Array.from({ length: 12 }, (_, i) => engine.store.apply(make.messages(1 + i * 50, 51 + i * 50, 601))),
  )
  over = true
  await reading
  const rows = await rowsOf(window, view, 0, 500)
  expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 500 }, (_, i) => i + 1))
  expect(good(await window.store.position(view, 10, 1))).toBe(599)
  expect(good(await window.store.position(view, 10, 4711))).toBe(-1)
})

test('a role shows the mail of all its folders in one order', async ({ engine, window, rig }) => {
  good(await engine.store.accounts([account(1), account(2)]))
  const { view } = good(await window.store.open({ kind: 'role', role: 'inbox' }))
  good(await engine.store.mailboxes(2, [mailbox(20, { account: 2, role: 'inbox' })]))
  await rig.opened.find((mailboxes) => String(mailboxes) === '10,20')
  const [a, b] = [new BatchMaker(10), new BatchMaker(20)]
  const even = Array.from({ length: 20 }, (_, i) => 2 + 2 * i)
  const odd = even.map((id) => id - 1)
  good(
    await engine.store.apply(
      a.next({ rows: even.map((id) => row(id)), placements: even.map((id) => place(10, id, id)) }),
    ),
  )
  good(
    await engine.store.apply(
      b.next({ rows: odd.map((id) => row(id)), placements: odd.map((id) => place(20, id, id)) }),
    ),
  )
  expect((await rowsOf(window, view)).map(({ id }) => id)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1))
  expect((await rowsOf(window, view))[0]).toMatchObject({ mailbox: 20, uid: 1 })
  expect(good(await window.store.position(view, 10, 40))).toBe(39)
  good(await engine.store.mailboxes(2, []))
  expect((await rowsOf(window, view)).map(({ id }) => id)).toEqual(even)
})

test('two windows see the same mail, each with its own views', async ({ page, rig, engine, window }) => {
  await page.evaluate(async () => {
    const { store } = globalThis as unknown as { store: { serveAnother(): Promise<void> } }
    await store.serveAnother()
  })
  const second = await rig.windows.find((end) => end !== window)
  const [one, two] = [good(await window.store.open(inbox)), good(await second.store.open(inbox))]
  expect(one.view).not.toBe(two.view)
  await Promise.all([rowsOf(window, one.view), rowsOf(second, two.view)])
  good(await engine.store.apply(new BatchMaker(10).messages(1, 11, 11)))
  expect(await window.changes.find()).toMatchObject({ view: one.view, total: 10 })
  expect(await second.changes.find()).toMatchObject({ view: two.view, total: 10 })
  good(await second.store.open({ kind: 'mailbox', mailbox: 11 }))
  await rig.opened.find((mailboxes) => String(mailboxes) === '10,11')
  const from = rig.opened.all.length
  second.door.close()
  await rig.opened.find((mailboxes) => String(mailboxes) === '10', from)
  expect((await rowsOf(window, one.view)).length).toBe(10)
})

test('mail is there without any engine, and a wish for more says so', async ({ page, rig, engine, window }) => {
  good(await engine.store.apply(new BatchMaker(10).messages(1, 11, 11)))
  good(await engine.store.status({ account: 1, state: { is: 'idle', at: 1 }, failing: 0 }))
  await window.sidebars.find(({ statuses }) => statuses.length === 1)
  good(await window.store.want(3))
  expect(await rig.wanted.find()).toEqual([3, 10, 8])
  rig.engineUp = false
  engine.door.close()
  await window.sidebars.find(({ engine: up, statuses }) => !up && statuses.length === 0, window.sidebars.all.length)
  expect(await window.store.want(3)).toMatchObject({ error: { code: 'octets.missing' } })
  await page.reload()
  const offline = await rig.windows.find((end) => end !== window)
  expect(good(await offline.store.sidebar())).toMatchObject({
    known: true,
    engine: false,
    accounts: [{ id: 1 }],
    mailboxes: [{ id: 10, total: 10 }, { id: 11 }],
  })
  const { view } = good(await offline.store.open(inbox))
  expect((await rowsOf(offline, view)).length).toBe(10)
  expect(good(await offline.store.read(4))?.body).toEqual(body(4, 180))
  rig.engineUp = true
  await offline.sidebars.find(({ engine: up }) => up)
})

test('nothing is known before the first engine has spoken', async ({ page, rig }) => {
  rig.engineUp = false
  await page.goto(rig.url)
  const window = await rig.windows.find()
  expect(good(await window.store.sidebar())).toMatchObject({ known: false, accounts: [] })
  rig.engineUp = true
  expect(await window.sidebars.find(({ known }) => known)).toMatchObject({ accounts: [{ id: 1 }] })
})

test('a deleted database is another generation, empty and at work', async ({ page, rig, engine }) => {
  good(await engine.store.apply(new BatchMaker(10).messages(1, 11, 11)))
  await page.evaluate(() => void indexedDB.deleteDatabase('ketchup-store'))
  const again = await rig.engines.find((end) => end !== engine)
  expect(again.hello).toMatchObject({ lastMessage: 0, cursors: [] })
  expect(again.hello.generation).not.toBe(engine.hello.generation)
  good(await again.store.mailboxes(1, [mailbox(10)]))
  good(await again.store.apply(new BatchMaker(10).messages(1, 11, 11)))
})

test('a database that cannot be opened is thrown away and made anew', async ({ page, rig }) => {
  await page.goto(new URL('blank.html', rig.url).href)
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const request = indexedDB.open('ketchup-store', 1)
        request.onupgradeneeded = () => request.result.createObjectStore('meta', { keyPath: 'other' })
        request.onsuccess = () => {
          request.result.close()
          resolve()
        }
      }),
  )
  await page.goto(rig.url)
  const engine = await rig.engines.find()
  expect(engine.hello).toMatchObject({ lastMessage: 0, cursors: [] })
  good(await engine.store.mailboxes(1, [mailbox(10)]))
  good(await engine.store.apply(new BatchMaker(10).messages(1, 11, 11)))
})

test('a second page waits, takes the store over, and gives it back', async ({ page, context, rig, engine }) => {
  good(await engine.store.apply(new BatchMaker(10).messages(1, 11, 11)))
  const other = await context.newPage()
  await other.goto(rig.url)
  await rig.states.find((state) => state === 'elsewhere')
  expect(await stateOf(page)).toBe('open')
  await takeOver(other)
  await engine.door.gone
  const taken = await rig.engines.find((end) => end !== engine)
  expect(taken.hello).toMatchObject({ generation: engine.hello.generation, lastMessage: 10 })
  await expect.poll(() => stateOf(page)).toBe('elsewhere')
  expect(await stateOf(other)).toBe('open')
  await other.close()
  await rig.engines.find((end) => end !== engine && end !== taken)
  expect(await stateOf(page)).toBe('open')
})

test('what a window asks is checked', async ({ window }) => {
  const refused = { ok: false, error: { code: 'door.bad-argument' } }
  expect(await window.store.window(1, 0, 100_000)).toMatchObject(refused)
  expect(await window.store.read(-1)).toMatchObject(refused)
  expect(await window.store.open({ kind: 'role', role: 'boss' as never })).toMatchObject(refused)
  expect(await window.store.window(77, 0, 10)).toEqual(ok({ view: 77, version: 0, from: 0, rows: [] }))
})

const stateOf = (page: Page) => page.evaluate(() => (globalThis as unknown as { store: { state: string } }).store.state)
const takeOver = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { store: { takeOver(): void } }).store.takeOver())

/** Records per table, read beside the store. */
function countRecords(page: Page): Promise<Record<string, number>> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error ?? new Error('failed'))
      })
    const db = await done(indexedDB.open('ketchup-store'))
    const names = [...db.objectStoreNames]
    const transaction = db.transaction(names)
    const counts = await Promise.all(names.map((name) => done(transaction.objectStore(name).count())))
    db.close()
    return Object.fromEntries(names.map((name, i) => [name, counts[i] ?? 0]))
  })
}
