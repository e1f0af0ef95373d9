import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { FLAG } from '../../preload/contract/index.ts'
import { accountFile } from '../lab/account.ts'
import { imapClient, startDovecot, type DovecotLab, type LabUser } from '../lab/dovecot.ts'
import { generate, type MailboxOptions } from '../lab/generator.ts'
import { describeLab } from '../lab/vitest.ts'
import { MemoryStore } from './memory-store.ts'
import { settingsOf, startRig, type Rig } from './rig.ts'

const SMALL: MailboxOptions = { count: 260, seed: 'engine' }

describeLab('the engine against Dovecot', () => {
  let lab: DovecotLab
  const rigs: Rig[] = []
  const rig = (earlier?: Rig) => {
    const made = startRig(earlier)
    rigs.push(made)
    return made
  }
  let users = 0
  const newUser = () => lab.addUser(`user${++users}`)
  const add = async (engine: Rig, user: LabUser) => {
    const added = await engine.engine.add(settingsOf(accountFile(lab, user)), user.password)
    expect(added).toMatchObject({ ok: true })
  }
  /** Signed in, synced and at rest. */
  const synced = async (user: LabUser) => {
    const engine = rig()
    const store = new MemoryStore()
    await engine.attach(store)
    await add(engine, user)
    await store.idle()
    return { engine, store }
  }
  const bodyFetches = (user: LabUser) => (lab.rawlog(user).client.match(/BODY\.PEEK\[\]/g) ?? []).length

  beforeAll(async () => {
    lab = await startDovecot()
  })
  afterEach(async () => {
    for (const used of rigs.splice(0)) await used.close()
  })
  afterAll(() => lab.close())

  it('brings every mail of every folder, newest first, with the text that was written', async () => {
    const user = newUser()
    await lab.fillGenerated(user, 'INBOX', SMALL)
    await lab.fillGenerated(user, 'Projekte/Köln', { count: 3, seed: 'nested' })
    const engine = rig()
    const store = new MemoryStore()
    const order: number[] = []
    store.beforeApply = (batch) => {
      if (batch.rows.length > 1) order.push(Math.max(...batch.rows.map(({ date }) => date)))
      return Promise.resolve(null)
    }
    await engine.attach(store)
    await add(engine, user)
    await store.idle()

    const mails = store.mails('INBOX')
    const written = [...generate(SMALL)]
    expect(mails.length).toBe(SMALL.count)
    mails.forEach(({ row, body, placement }, index) => {
      const mail = written[index]
      expect(row.subject).toBe(mail?.subject)
      expect(row.date).toBe(mail?.date.getTime())
      expect(row.octets).toBe('whole')
      expect(body?.text).toBe(mail?.text ?? '')
      expect(body?.html).toEqual(mail?.html === undefined ? [] : [mail.html])
      expect(Boolean(placement.flags & FLAG.seen)).toBe(mail?.flags.includes('\\Seen'))
      expect(row.attachments).toBe(mail?.attachments.length)
    })
    expect(order[0]).toBe(written.at(-1)?.date.getTime())
    expect(store.mails('Projekte/Köln').length).toBe(3)
    expect(
      [...store.folders.values()]
        .map(({ role }) => role)
        .filter(Boolean)
        .sort(),
    ).toEqual(['archive', 'drafts', 'inbox', 'junk', 'sent', 'trash'])
  })

  it('asks for no body again after a restart', async () => {
    const user = newUser()
    await lab.fillGenerated(user, 'INBOX', SMALL)
    const { engine, store } = await synced(user)
    await engine.stop()
    lab.startRawlog(user)
    const again = rig(engine)
    store.statuses.length = 0
    await again.attach(store)
    await store.idle()
    expect(bodyFetches(user)).toBe(0)
    expect(lab.rawlog(user).client).not.toMatch(/FETCH/)
  })

  it('rebuilds an empty store from the vault, without fetching a body twice', async () => {
    const user = newUser()
    await lab.fillGenerated(user, 'INBOX', SMALL)
    const { engine, store } = await synced(user)
    lab.startRawlog(user)
    const empty = new MemoryStore()
    await engine.attach(empty)
    await empty.idle()
    expect(empty.dump()).toBe(store.dump())
    expect(bodyFetches(user)).toBe(0)
    expect([...empty.rows.keys()].sort()).toEqual([...store.rows.keys()].sort())
  })

  it('sees new mail, changed flags and expunged messages of another client', async () => {
    const user = newUser()
    await lab.fillGenerated(user, 'INBOX', { count: 20, seed: 'others' })
    const { store } = await synced(user)
    await lab.deliver(user, Buffer.from('From: new@mail.test\r\nSubject: News\r\n\r\nHello.\r\n'))
    await store.until(({ rows }) => [...rows.values()].some(({ subject }) => subject === 'News'), 'the new mail')

    const client = imapClient(lab, user)
    await client.connect()
    await client.mailboxOpen('INBOX')
    await client.messageFlagsAdd('3', ['\\Flagged', 'work'], { uid: true })
    await store.until(
      (held) => held.mails('INBOX').some(({ uid, placement }) => uid === 3 && placement.keywords.includes('work')),
      'the flag',
    )
    await client.messageDelete('5:7', { uid: true })
    await store.until((held) => held.mails('INBOX').length === 18, 'the expunge')
    await client.logout()
    expect(store.mails('INBOX').map(({ uid }) => uid)).not.toContain(6)
  })

  it('finds what changed while it was away', async () => {
    const user = newUser()
    await lab.fillGenerated(user, 'INBOX', { count: 30, seed: 'away' })
    const { engine, store } = await synced(user)
    await engine.stop()
    const client = imapClient(lab, user)
    await client.connect()
    await client.mailboxOpen('INBOX')
    await client.messageFlagsRemove('1:30', ['\\Seen'], { uid: true })
    await client.messageDelete('10:12', { uid: true })
    await client.logout()
    await lab.deliver(user, Buffer.from('Subject: later\r\n\r\n'))
    const again = rig(engine)
    store.statuses.length = 0
    await again.attach(store)
    await store.idle()
    const mails = store.mails('INBOX')
    expect(mails.map(({ uid }) => uid)).toEqual(
      [...Array(31).keys()].map((index) => index + 1).filter((uid) => uid < 10 || uid > 12),
    )
    expect(mails.filter(({ placement }) => placement.flags & FLAG.seen)).toEqual([])
  })

  it('uidvalidity: keeps every body when the server numbers anew, and fetches none again', async () => {
    const user = newUser()
    await lab.fillGenerated(user, 'INBOX', { count: 40, seed: 'validity' })
    const { engine, store } = await synced(user)
    const before = store.mails('INBOX').map(({ row, body }) => [row.id, row.subject, body?.text])
    await engine.stop()
    await lab.doveadm('mailbox', 'update', '-u', user.user, '--uid-validity', '4711', 'INBOX')
    lab.startRawlog(user)
    const again = rig(engine)
    store.statuses.length = 0
    await again.attach(store)
    await store.idle()
    expect(store.mails('INBOX').map(({ row, body }) => [row.id, row.subject, body?.text])).toEqual(before)
    expect(
      store.cursors.get([...store.folders.values()].find(({ path }) => path === 'INBOX')?.id ?? 0)?.uidValidity,
    ).toBe(4711)
    expect(bodyFetches(user)).toBe(0)
  })

  it('holds the same mail in two folders as one message', async () => {
    const user = newUser()
    const octets = Buffer.from('Message-ID: <same@mail.test>\r\nSubject: Twice\r\n\r\nOne text.\r\n')
    await lab.append(user, octets)
    await lab.append(user, octets)
    await lab.append(user, octets, { mailbox: 'Archive' })
    const { store } = await synced(user)
    const inbox = store.mails('INBOX').map(({ row }) => row.id)
    expect(new Set(inbox).size).toBe(2)
    expect(inbox).toContain(store.mails('Archive')[0]?.row.id)
  })

  it('loses nothing when the disk of the store is full for a while', async () => {
    const user = newUser()
    await lab.fillGenerated(user, 'INBOX', SMALL)
    const engine = rig()
    const store = new MemoryStore()
    let refusals = 0
    store.beforeApply = (batch) =>
      Promise.resolve(
        batch.rows.length > 0 && refusals++ === 1 ? { code: 'disk.full', server: 'QuotaExceeded', params: {} } : null,
      )
    await engine.attach(store)
    await add(engine, user)
    await store.until(
      ({ statuses }) => statuses.some(({ state }) => state.is === 'waiting' && state.error.code === 'disk.full'),
      'the error',
    )
    engine.engine.retry(1)
    await store.until(
      ({ statuses, cursors }) =>
        statuses.at(-1)?.state.is === 'idle' && [...cursors.values()].every(({ complete }) => complete),
    )
    expect(store.mails('INBOX').map(({ uid }) => uid)).toEqual([...Array(SMALL.count).keys()].map((index) => index + 1))
  })

  it('keeps passwords out of its log and its vault', async () => {
    const user = lab.addUser('silent', 'geheim-3141592')
    const { engine } = await synced(user)
    expect(engine.logged.join('\n')).not.toContain('geheim')
    expect(JSON.stringify(engine.vault.accounts.list())).not.toContain('geheim')
  })
})
