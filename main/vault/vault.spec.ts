import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Account, AppError, Result } from '../../preload/contract/index.ts'
import type { Binding } from './bindings.ts'
import { sha256 } from './octets.ts'
import { Vault } from './vault.ts'

const DAY = 24 * 60 * 60 * 1000
const account: Account = {
  id: 1,
  position: 0,
  settings: {
    email: 'a@mail.test',
    name: '',
    imap: { host: 'mail.test', port: 993, security: 'tls', user: 'a@mail.test' },
  },
}
const octets = Buffer.from('Subject: hello\r\n\r\nworld\r\n')

describe('the vault', () => {
  let profile: string
  beforeEach(() => {
    profile = mkdtempSync(join(tmpdir(), 'ketchup-vault-'))
  })
  afterEach(() => rmSync(profile, { recursive: true, force: true }))

  const open = () => value(Vault.open(profile))
  const bind = (uid: number, more: Partial<Binding> = {}): Binding => ({
    message: uid + 100,
    uidValidity: 7,
    uid,
    sha256: sha256(octets),
    size: octets.length,
    date: 1_700_000_000_000,
    messageId: `${uid}@mail.test`,
    ...more,
  })

  it('keeps accounts, folder ids and bindings over a restart', () => {
    const vault = open()
    value(vault.accounts.put(account))
    const { ids } = value(vault.mailboxes.assign(1, ['INBOX', 'Sent']))
    const inbox = ids.get('INBOX') ?? 0
    value(vault.bindings(inbox).append([bind(1), bind(2)]))
    const again = open()
    expect(again.accounts.list()).toEqual([account])
    expect(value(again.mailboxes.assign(1, ['INBOX', 'Sent'])).ids).toEqual(ids)
    expect(value(again.bindings(inbox).find(7, 2))).toEqual(bind(2))
    expect(value(again.bindings(inbox).find(8, 2))).toBeUndefined()
    expect(again.bindings(inbox).holds(101)).toBe(true)
  })

  it('never gives a number twice, whatever the process or the store knew', () => {
    const given = new Set<number>()
    for (let run = 0; run < 3; run++) {
      const vault = open()
      for (let i = 0; i < 3; i++) given.add(value(vault.messageNumbers.take()))
    }
    expect(given.size).toBe(9)
    const vault = open()
    vault.messageNumbers.skip(1_000_000)
    expect(value(vault.messageNumbers.take())).toBe(1_000_001)
  })

  it('gives a folder that goes and comes back a new id', () => {
    const vault = open()
    const first = value(vault.mailboxes.assign(1, ['INBOX', 'Old'])).ids.get('Old')
    expect(value(vault.mailboxes.assign(1, ['INBOX'])).gone).toEqual([first])
    expect(value(vault.mailboxes.assign(1, ['INBOX', 'Old'])).ids.get('Old')).not.toBe(first)
  })

  it('skips a binding that a crash cut short, and appends behind it', () => {
    const path = join(profile, 'vault', 'bindings', '5.log')
    value(
      open()
        .bindings(5)
        .append([bind(1), bind(2)]),
    )
    truncateSync(path, statSync(path).size - 10)
    const vault = open()
    expect(value(vault.bindings(5).find(7, 1))).toEqual(bind(1))
    expect(value(vault.bindings(5).find(7, 2))).toBeUndefined()
    value(vault.bindings(5).append([bind(3)]))
    expect(value(open().bindings(5).find(7, 3))).toEqual(bind(3))
  })

  it('finds octets that were left short or changed, and mends them', async () => {
    const vault = open()
    const sha = value(await vault.octets.put(octets))
    expect(value(vault.octets.get(sha))).toEqual(octets)
    truncateSync(vault.octets.path(sha), 5)
    expect(vault.octets.get(sha)).toMatchObject({ ok: false, error: { code: 'octets.missing' } })
    value(await vault.octets.put(octets))
    expect(value(vault.octets.get(sha))).toEqual(octets)
    writeFileSync(vault.octets.path(sha), Buffer.alloc(octets.length))
    expect(vault.octets.get(sha)).toMatchObject({ error: { code: 'octets.missing' } })
  })

  it('keeps its files from other users', async () => {
    const vault = open()
    const sha = value(await vault.octets.put(octets))
    value(vault.accounts.put(account))
    for (const path of [vault.octets.path(sha), join(profile, 'vault', 'accounts.json')])
      expect(statSync(path).mode & 0o077).toBe(0)
  })

  it('does not open what a later Ketchup wrote, or accounts that are damaged, and changes nothing', () => {
    value(open().accounts.put(account))
    const file = join(profile, 'vault', 'accounts.json')
    appendFileSync(file, '}')
    const damaged = readFileSync(file)
    expect(Vault.open(profile)).toMatchObject({
      ok: false,
      error: { code: 'disk.error', params: { reason: 'damaged' } },
    })
    expect(readFileSync(file)).toEqual(damaged)
    writeFileSync(join(profile, 'vault', 'version'), '99')
    expect(Vault.open(profile)).toMatchObject({ ok: false, error: { code: 'profile.newer', params: { found: 99 } } })
  })

  it('sweeps octets that nothing has named for 30 days, and no others', async () => {
    const vault = open()
    value(vault.accounts.put(account))
    const inbox = value(vault.mailboxes.assign(1, ['INBOX'])).ids.get('INBOX') ?? 0
    const named = value(await vault.octets.put(octets))
    const unnamed = value(await vault.octets.put(Buffer.from('nobody')))
    value(vault.bindings(inbox).append([bind(1)]))
    const start = Date.now()
    expect(value(vault.sweep(start))).toBe(0)
    expect(value(vault.sweep(start + 29 * DAY))).toBe(0)
    expect(existsSync(vault.octets.path(unnamed))).toBe(true)
    expect(value(vault.sweep(start + 31 * DAY))).toBe(1)
    expect(existsSync(vault.octets.path(unnamed))).toBe(false)
    expect(existsSync(vault.octets.path(named))).toBe(true)
  })
})

function value<T>(result: Result<T, AppError>): T {
  if (!result.ok) throw new Error(`${result.error.code} ${result.error.server}`)
  return result.value
}
