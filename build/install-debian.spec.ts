import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findBrowser } from './find-browser.ts'
import { ensure } from './install-debian.ts'

const isRootOnDebian = process.getuid?.() === 0 && existsSync('/etc/debian_version')

describe.skipIf(process.platform !== 'linux')('parts that npm cannot bring', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ketchup-path-'))
    vi.stubEnv('PATH', folder)
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })

  function program(name: string, script = 'exit 0'): string {
    const path = join(folder, name)
    writeFileSync(path, `#!/bin/sh\n${script}\n`)
    chmodSync(path, 0o755)
    return path
  }

  it('finds a browser on PATH, Chromium before Chrome', () => {
    expect(findBrowser()).toBeUndefined()
    const chrome = program('google-chrome')
    expect(findBrowser()).toBe(chrome)
    const chromium = program('chromium')
    expect(findBrowser()).toBe(chromium)
  })

  it('names the one line to run when it may not install', async () => {
    program('apt-get', 'exit 1')
    program('chromium')
    const said: string[] = []
    const { present, missing } = await ensure(['chromium', 'isync'], { install: false, say: (line) => said.push(line) })
    expect(present).toEqual(['chromium'])
    expect(missing).toEqual([{ part: 'isync', line: 'sudo apt-get install -y --no-install-recommends isync' }])
    expect(said).toEqual([])
  })

  it.runIf(isRootOnDebian)('installs what is missing by apt-get, saying so first', async () => {
    // An apt-get that notes how it was called and brings mbsync.
    const note = join(folder, 'calls')
    program(
      'apt-get',
      `echo "$* $DEBIAN_FRONTEND" >>${note}\n[ "$2" = update ] || /bin/cp $0 ${join(folder, 'mbsync')}`,
    )
    const said: string[] = []
    const { present, missing } = await ensure(['isync'], { install: true, say: (line) => said.push(line) })
    expect(said).toEqual(['Installing by apt-get what is missing: isync (--no-install forbids it).'])
    expect(readFileSync(note, 'utf8').split('\n')).toEqual([
      '-q update noninteractive',
      '-q install -y --no-install-recommends isync noninteractive',
      '',
    ])
    expect(present).toEqual(['isync'])
    expect(missing).toEqual([])
  })

  it.runIf(isRootOnDebian)('says what apt-get did when it could not', async () => {
    program('apt-get', 'exit 100')
    const said: string[] = []
    const { missing } = await ensure(['isync'], { install: true, say: (line) => said.push(line) })
    expect(said[1]).toContain('code 100')
    expect(missing.map(({ part }) => part)).toEqual(['isync'])
  })
})
