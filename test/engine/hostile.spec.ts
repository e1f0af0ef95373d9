import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startFakeImap, type FakeImap } from './fake-imap.ts'
import { MemoryStore } from './memory-store.ts'
import { startPlainServer } from './plain-server.ts'
import { settingsOf, startRig, type Rig } from './rig.ts'

const COUNT = 30

describe('a server that is not what it should be', () => {
  let fake: FakeImap
  let rig: Rig
  let store: MemoryStore
  beforeEach(async () => {
    fake = await startFakeImap(COUNT)
    rig = startRig()
    store = new MemoryStore()
    await rig.attach(store)
  })
  afterEach(async () => {
    await rig.close()
    await fake.close()
  })
  const add = () => rig.engine.add(settingsOf(fake.account), 'secret')
  const uids = () => store.mails('INBOX').map(({ uid }) => uid)
  const all = [...Array(COUNT).keys()].map((index) => index + 1)
  /** A new session with the same store. */
  const again = async () => {
    store.statuses.length = 0
    await rig.attach(store)
  }

  it('one-bad-message: a mail that ends the connection every time stops no other, and is shown', async () => {
    fake.onFetch = (uid) => (uid === 13 ? 'cut' : null)
    await add()
    const retrying = setInterval(() => rig.engine.retry(1), 50) // not to wait for the back-off
    await store.until(
      ({ cursors }) => [...cursors.values()].some(({ complete }) => complete),
      'the end of the first sync',
    )
    clearInterval(retrying)
    expect(uids()).toEqual(all)
    const bad = store.mails('INBOX').find(({ uid }) => uid === 13)
    expect(bad?.row).toMatchObject({ octets: 'none' })
    expect(bad?.row.problem).not.toBe('')
    expect(store.mails('INBOX').filter(({ row }) => row.octets === 'whole').length).toBe(COUNT - 1)

    fake.onFetch = () => null
    const next = startRig(rig)
    store.statuses.length = 0
    await rig.stop()
    await next.attach(store)
    await store.until(() => store.mails('INBOX').every(({ row }) => row.octets === 'whole'), 'the mail in the next run')
    await next.stop()
  })

  it('one-bad-message: an answer that cannot be parsed does not either', async () => {
    fake.onFetch = (uid) => (uid === 7 ? Buffer.from('* 7 FETCH (UID 7 FLAGS (\\Seen) BODY[] {oops}\r\n') : null)
    await add()
    const retrying = setInterval(() => rig.engine.retry(1), 50)
    await store.until(
      ({ cursors }) => [...cursors.values()].some(({ complete }) => complete),
      'the end of the first sync',
    )
    clearInterval(retrying)
    expect(uids()).toEqual(all)
    expect(
      store
        .mails('INBOX')
        .filter(({ row }) => row.octets !== 'whole')
        .map(({ uid }) => uid),
    ).toEqual([7])
  })

  it('truncation: a literal shorter than RFC822.SIZE is kept as a part, said, and asked for again', async () => {
    const short = (uid: number) =>
      Buffer.from(
        `* ${uid} FETCH (UID ${uid} FLAGS () INTERNALDATE "01-Jan-2026 10:00:00 +0000" RFC822.SIZE 500 BODY[] {23}\r\nSubject: Half\r\n\r\nIt beg)\r\n`,
      )
    fake.onFetch = (uid) => (uid === 5 ? short(5) : null)
    await add()
    await store.idle()
    const half = store.mails('INBOX').find(({ uid }) => uid === 5)
    expect(half?.row).toMatchObject({ octets: 'partial', subject: 'Half', problem: '23 of 500 octets' })
    expect([...store.cursors.values()][0]?.missing).toEqual([5])
    fake.onFetch = () => null
    await again()
    await store.until(() => store.mails('INBOX').every(({ row }) => row.octets === 'whole'), 'the whole')
    expect([...store.cursors.values()][0]?.missing).toEqual([])
  })

  it.each([
    ['an empty SEARCH', (server: FakeImap) => (server.search = [])],
    ['a NO to SEARCH', (server: FakeImap) => (server.refuse = { pattern: /SEARCH/, answer: 'NO not now' })],
    ['a NO to SELECT', (server: FakeImap) => (server.refuse = { pattern: /SELECT/, answer: 'NO not now' })],
    ['a failing LIST', (server: FakeImap) => (server.refuse = { pattern: /^LIST/, answer: 'NO not now' })],
  ])('mass-vanish: %s empties nothing', async (_name, spoil) => {
    await add()
    await store.idle()
    spoil(fake)
    if (fake.search) fake.exists = COUNT - 5 // something is gone, it says, but not what SEARCH claims
    const commands = fake.commands.length
    await again()
    await store.until(
      ({ statuses }) => statuses.some(({ state }) => state.is === 'idle' || state.is === 'waiting'),
      'the end of the session',
    )
    expect(fake.commands.length).toBeGreaterThan(commands)
    expect(uids()).toEqual(all)
  })

  it('is asked again after its time, whatever folders are opened meanwhile', async () => {
    fake.refuse = { pattern: /^LIST/, answer: 'NO not now' }
    const { remote } = await rig.attach(store)
    await add()
    await store.until(({ statuses }) => statuses.at(-1)?.state.is === 'waiting', 'waiting')
    const connects = () => store.statuses.filter(({ state }) => state.is === 'connecting').length
    const before = connects()
    for (let i = 0; i < 5; i++) await remote.opened([1, 2])
    fake.refuse = null
    expect(await rig.engine.test(settingsOf(fake.account), 'secret')).toMatchObject({ ok: true }) // a whole session later
    expect(connects()).toBe(before)
  })

  it('is left at once when a store comes anew, however silent it is', async () => {
    const silent = await startPlainServer('', () => null)
    const settings = settingsOf(fake.account)
    await rig.engine.add({ ...settings, imap: { ...settings.imap, port: silent.port } }, 'secret')
    await store.until(({ statuses }) => statuses.some(({ state }) => state.is === 'connecting'), 'connecting')
    await again()
    expect(await rig.engine.remove(1)).toMatchObject({ ok: true })
    await rig.engine.shutdown()
    await silent.close()
  })
})
