import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ok } from '../../preload/contract/index.ts'
import { fileSecrets } from './secrets.ts'
import { scratch } from './testing/shell.ts'

describe('secrets in a file', () => {
  let dir: string
  let drop: () => void
  let said: string[]
  const open = () => fileSecrets(dir, (sentence) => said.push(sentence))
  beforeEach(() => {
    ;({ dir, drop } = scratch())
    said = []
  })
  afterEach(() => drop())

  it('are kept over a restart, for this user alone, and dropped', async () => {
    expect(await open().secret('imap:1')).toEqual(ok(null))
    expect(await open().setSecret('imap:1', 'pä"ss\nword')).toEqual(ok())
    expect(await open().setSecret('imap:2', 'other')).toEqual(ok())
    expect(statSync(join(dir, 'secrets.json')).mode & 0o777).toBe(0o600)
    expect(await open().secret('imap:1')).toEqual(ok('pä"ss\nword'))
    expect(await open().dropSecret('imap:1')).toEqual(ok())
    expect(await open().secret('imap:1')).toEqual(ok(null))
    expect(await open().secret('imap:2')).toEqual(ok('other'))
    expect(readdirSync(dir)).toEqual(['secrets.json'])
  })

  it('closes a file that others can read', async () => {
    await open().setSecret('imap:1', 'x')
    chmodSync(join(dir, 'secrets.json'), 0o644)
    await open().secret('imap:1')
    expect(statSync(join(dir, 'secrets.json')).mode & 0o777).toBe(0o600)
  })

  it.each(['{"imap:1":"hunter2"', '["hunter2"]', '{"imap:1":5}', ''])('sets a damaged file aside: %s', async (text) => {
    writeFileSync(join(dir, 'secrets.json'), text)
    const refused = await open().setSecret('imap:2', 'new')
    expect(refused).toMatchObject({ ok: false, error: { code: 'secrets.unavailable' } })
    expect(JSON.stringify(refused)).not.toContain('hunter2')
    expect(said).toHaveLength(1)
    expect(await open().setSecret('imap:2', 'new')).toEqual(ok())
    expect(readFileSync(join(dir, 'secrets.json.damaged'), 'utf8')).toBe(text)
    writeFileSync(join(dir, 'secrets.json'), 'again')
    await open().secret('imap:2')
    expect(readFileSync(join(dir, 'secrets.json.damaged'), 'utf8')).toBe(text)
    expect(readFileSync(join(dir, 'secrets.json.damaged-2'), 'utf8')).toBe('again')
  })

  it('says so when the file cannot be read or written', async () => {
    mkdirSync(join(dir, 'secrets.json'))
    for (const result of [await open().secret('a'), await open().setSecret('a', 'b')])
      expect(result).toMatchObject({
        ok: false,
        error: { code: 'secrets.unavailable', server: expect.stringContaining('EISDIR') as string },
      })
  })
})
