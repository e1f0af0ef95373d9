import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { diskFailure, EXIT } from './failure.ts'
import { listenKept } from './port.ts'
import { defaultProfile, openProfile } from './profile.ts'
import { scratch } from './testing/shell.ts'

let dir: string
let drop: () => void
beforeEach(() => {
  ;({ dir, drop } = scratch())
})
afterEach(() => drop())

describe('a profile', () => {
  it('lies where the system keeps data', () => {
    const home = homedir()
    expect(defaultProfile({}, 'linux')).toBe(join(home, '.local/share/ketchup'))
    expect(defaultProfile({ XDG_DATA_HOME: '/data' }, 'linux')).toBe('/data/ketchup')
    expect(defaultProfile({ XDG_DATA_HOME: 'data' }, 'linux')).toBe(join(home, '.local/share/ketchup'))
    expect(defaultProfile({}, 'darwin')).toBe(join(home, 'Library/Application Support/Ketchup'))
    expect(defaultProfile({ APPDATA: '/roaming' }, 'win32')).toBe('/roaming/Ketchup')
  })

  it('is private, and one process at a time has it', () => {
    const path = join(dir, 'a', 'b')
    const first = openProfile(path)
    expect(statSync(path).mode & 0o777).toBe(0o700)
    expect(() => openProfile(path)).toThrow(expect.objectContaining({ exitCode: EXIT.profileInUse }) as Error)
    first.release()
    openProfile(path).release()
  })

  it('is closed to others even when it was open', () => {
    const path = join(dir, 'open')
    mkdirSync(path, { mode: 0o755 })
    openProfile(path).release()
    expect(statSync(path).mode & 0o777).toBe(0o700)
  })

  it('says in a sentence that it cannot be used, or that the disk is full', () => {
    writeFileSync(join(dir, 'file'), '')
    expect(() => openProfile(join(dir, 'file', 'profile'))).toThrow(
      expect.objectContaining({
        exitCode: EXIT.profileUnusable,
        message: expect.stringContaining('--profile') as string,
      }) as Error,
    )
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' })
    expect(diskFailure(dir, full)).toMatchObject({ exitCode: EXIT.diskFull })
  })
})

describe('the port of a profile', () => {
  const said: string[] = []
  const listen = async (wanted?: number) => {
    const server = createServer()
    try {
      return await listenKept(server, dir, wanted, (sentence) => said.push(sentence))
    } finally {
      server.close()
    }
  }
  const taken = async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    return { other, port: (other.address() as AddressInfo).port }
  }

  it('is chosen once and kept', async () => {
    const port = await listen()
    expect(JSON.parse(readFileSync(join(dir, 'shell.json'), 'utf8'))).toEqual({ port })
    expect(await listen()).toBe(port)
    expect(await listen(port)).toBe(port)
  })

  it('is not changed by --port, which would show an empty store', async () => {
    const port = await listen()
    await expect(listen(port === 65_535 ? 1 : port + 1)).rejects.toMatchObject({ exitCode: EXIT.usage })
    expect(await listen()).toBe(port)
  })

  it('is never replaced when it is taken', async () => {
    const { other, port } = await taken()
    writeFileSync(join(dir, 'shell.json'), JSON.stringify({ port }))
    await expect(listen()).rejects.toMatchObject({
      exitCode: EXIT.portTaken,
      message: expect.stringContaining('empty store') as string,
    })
    expect(JSON.parse(readFileSync(join(dir, 'shell.json'), 'utf8'))).toEqual({ port })
    other.close()
  })

  it('is not kept when a wished one is taken', async () => {
    const { other, port } = await taken()
    await expect(listen(port)).rejects.toMatchObject({ exitCode: EXIT.portTaken })
    expect(readdirSync(dir)).toEqual([])
    other.close()
  })

  it('is chosen anew, aloud, when its file is damaged', async () => {
    writeFileSync(join(dir, 'shell.json'), '{"port":')
    await listen()
    expect(said.at(-1)).toContain('shell.json')
    expect(readFileSync(join(dir, 'shell.json.damaged'), 'utf8')).toBe('{"port":')
  })
})
