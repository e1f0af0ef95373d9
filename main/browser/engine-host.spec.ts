import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { ok } from '../../preload/contract/index.ts'
import type { Clock } from './clock.ts'
import { hostEngine } from './engine-host.ts'
import { EXIT } from './failure.ts'
import { LOG_LIMIT, openLog } from './log.ts'
import { fileSecrets } from './secrets.ts'
import { BACK_OFF } from './supervisor.ts'
import { enter, probe, scratch, testShell } from './testing/shell.ts'

let dir: string
let drop: () => void
beforeEach(() => {
  ;({ dir, drop } = scratch())
})
afterEach(() => drop())

/** A clock of which the waits between starts take no time. */
const hurried = (): Clock => ({
  now: () => 0,
  after(ms, run) {
    if (ms <= BACK_OFF.last) setImmediate(run)
    return () => {}
  },
})

describe('the engine', () => {
  it('has the sockets itself, with the role of each', async () => {
    const shell = await testShell(dir)
    const cookie = await shell.enter()
    const ui = await probe(shell.origin, cookie)
    const store = await probe(shell.origin, cookie, '/doors/engine?as=store')
    expect(await ui.remote.pid()).toEqual(ok(shell.engine.fork?.pid))
    expect(await ui.remote.role()).toEqual(ok('ui'))
    expect(await store.remote.role()).toEqual(ok('store'))
    await shell.stop()
    await Promise.all([ui.gone, store.gone])
  })

  it('is started again when it ends, and said; windows see their door close and open it again', async () => {
    const shell = await testShell(dir)
    const cookie = await shell.enter()
    const first = await probe(shell.origin, cookie)
    const before = shell.engine.fork?.pid
    expect(await first.remote.crash()).toMatchObject({ ok: false, error: { code: 'door.closed' } })
    await expect.poll(() => shell.engine.fork?.pid ?? before).not.toBe(before)
    const second = await probe(shell.origin, cookie)
    expect(await second.remote.pid()).toEqual(ok(shell.engine.fork?.pid))
    expect(shell.said).toEqual([expect.stringContaining('code 7')])
    await shell.stop()
  })

  it('reaches the secrets, which lie in no log, environment or argument', async () => {
    process.env['KETCHUP_TEST_TOKEN'] = 'token-of-the-shell'
    const shell = await testShell(dir)
    const cookie = await shell.enter()
    const { remote } = await probe(shell.origin, cookie)
    expect(await remote.keep('imap:1', 'hunter2')).toEqual(ok('hunter2'))
    const around = JSON.stringify(await remote.surroundings())
    for (const secret of ['token-of-the-shell', 'hunter2', cookie.split('=')[1] ?? ''])
      expect(around).not.toContain(secret)
    await shell.stop()
    delete process.env['KETCHUP_TEST_TOKEN']
    for (const name of readdirSync(shell.profile).filter((name) => name !== 'secrets.json'))
      expect(readFileSync(join(shell.profile, name), 'latin1')).not.toMatch(/hunter2/)
  })

  it('that never starts is given up with its own words', async () => {
    const entry = join(dir, 'broken.ts')
    writeFileSync(entry, "throw new TypeError('no such vault')\n")
    const host = hostEngine({
      entry,
      args: [],
      secrets: fileSecrets(dir, () => {}),
      clock: hurried(),
      log: openLog(dir, () => {}),
      say: () => {},
    })
    await expect(host.started).rejects.toMatchObject({
      exitCode: EXIT.engineNeverStarts,
      message: expect.stringContaining('TypeError: no such vault') as string,
    })
    expect(readFileSync(join(dir, 'ketchup.log'), 'utf8')).toContain('broken.ts')
  })
})

describe('an engine without a vault', () => {
  it('has not started, and its own words are told', async () => {
    const entry = join(dir, 'engine.ts')
    const words = JSON.stringify({ at: 'now', level: 'error', message: 'the vault cannot be opened', server: 'EIO' })
    const parent = JSON.stringify(fileURLToPath(new URL('../ipc/parent.ts', import.meta.url)))
    writeFileSync(
      entry,
      `import { connectParent } from ${parent}\nconnectParent()\nconsole.error(${JSON.stringify(words)})\nprocess.exit(74)\n`,
    )
    const host = hostEngine({
      entry,
      args: [],
      secrets: fileSecrets(dir, () => {}),
      clock: hurried(),
      log: openLog(dir, () => {}),
      say: () => {},
    })
    await expect(host.started).rejects.toMatchObject({
      exitCode: EXIT.engineNeverStarts,
      message: expect.stringContaining('code 74; the vault cannot be opened: EIO') as string,
    })
  })
})

describe.skipIf(process.platform !== 'linux')('a shell in a process of its own', () => {
  const run = async () => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('testing/run.ts', import.meta.url)), dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    const origin = line.toString('utf8').trim()
    const profile = join(dir, 'profile')
    return { child, origin, profile, cookie: await enter(profile, origin) }
  }

  it('leaves no engine behind when it is killed, and its profile free', async () => {
    const { child, origin, cookie } = await run()
    const door = await probe(origin, cookie)
    child.kill('SIGKILL')
    await once(child, 'exit')
    // The engine's end of the socket is the last that is open.
    await door.gone
    const again = await run()
    expect(again.origin).toBe(origin)
    expect(again.cookie).not.toBe(cookie)
    again.child.kill('SIGKILL')
    await once(again.child, 'exit')
  })

  it('shows no secret to who lists processes', async () => {
    const { child, origin, profile, cookie } = await run()
    const secrets = [
      cookie.split('=')[1] ?? '',
      /value="([\w-]{43})"/.exec(readFileSync(join(profile, 'start.html'), 'utf8'))?.[1] ?? '',
    ]
    const engine = await (await probe(origin, cookie)).remote.pid()
    for (const pid of [child.pid ?? 0, engine.ok ? engine.value : 0])
      for (const file of ['cmdline', 'environ']) {
        const shown = readFileSync(`/proc/${pid}/${file}`, 'latin1')
        expect(shown.length).toBeGreaterThan(0)
        for (const secret of secrets) {
          expect(secret).toHaveLength(43)
          expect(shown).not.toContain(secret)
        }
      }
    child.kill('SIGKILL')
    await once(child, 'exit')
  })

  it('tells a second start in a sentence', async () => {
    const { child, profile } = await run()
    const second = startEntry('--no-open', '--profile', profile)
    expect(second).toMatchObject({ code: EXIT.profileInUse })
    expect(second.words).toMatch(/^Ketchup is already running on the profile .*\n$/)
    child.kill('SIGKILL')
    await once(child, 'exit')
  })

  it('does not answer strangers at the engine door while it starts or after', async () => {
    const { child, origin } = await run()
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/doors/engine?as=ui`, { headers: { origin } })
    const [error] = (await once(socket, 'error')) as [Error]
    expect(error.message).toContain('403')
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
})

/** `npm start` with options that end it. */
function startEntry(...args: string[]): { code: number | null; words: string } {
  try {
    const entry = fileURLToPath(new URL('start.ts', import.meta.url))
    return { code: 0, words: execFileSync(process.execPath, [entry, ...args], { encoding: 'utf8', stdio: 'pipe' }) }
  } catch (error) {
    const { status, stderr } = error as { status: number | null; stderr: string }
    return { code: status, words: stderr }
  }
}

describe('npm start', () => {
  it('explains itself', () => {
    expect(startEntry('--help')).toMatchObject({ code: 0, words: expect.stringContaining('--no-install') as string })
  })

  it.each([
    [['--prof', 'x'], '--prof'],
    [['x'], "'x'"],
    [['--profile'], '--profile'],
    [['--port', '70000'], '70000'],
  ])('refuses %j', (args, word) => {
    const { code, words } = startEntry(...args)
    expect(code).toBe(EXIT.usage)
    expect(words).toContain(word)
    expect(words.trim().split('\n')).toHaveLength(1)
  })

  it('says in a sentence that its port is taken', async () => {
    const shell = await testShell(dir)
    const profile = scratch()
    writeFileSync(join(profile.dir, 'shell.json'), JSON.stringify({ port: shell.port }))
    const { code, words } = startEntry('--no-open', '--profile', profile.dir)
    expect(code).toBe(EXIT.portTaken)
    expect(words).toMatch(/^Port \d+ of this profile is taken .*\n$/)
    await shell.stop()
    profile.drop()
  })
})

describe('the log', () => {
  it('is moved once when it is long', () => {
    const said: string[] = []
    const log = openLog(dir, (sentence) => said.push(sentence))
    log('first\n')
    log(Buffer.alloc(LOG_LIMIT))
    log('third\n')
    log('fourth\n')
    expect(readdirSync(dir).sort()).toEqual(['ketchup.log', 'ketchup.log.1'])
    expect(readFileSync(join(dir, 'ketchup.log'), 'utf8')).toBe('third\nfourth\n')
    expect(statSync(join(dir, 'ketchup.log')).mode & 0o777).toBe(0o600)
    expect(said).toEqual([])
  })
})
