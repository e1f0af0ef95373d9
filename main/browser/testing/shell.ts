/** A shell over a fresh profile, an engine without mail and a page of two files; and clients that may do what no browser lets them. */
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import { openDoor } from '../../../preload/doors/rpc.ts'
import { wsChannel } from '../../ipc/socket.ts'
import { startShell, type RunningShell } from '../app.ts'
import type { Probe } from './probe.ts'

export const FAKE_ENGINE = fileURLToPath(new URL('engine.ts', import.meta.url))

/** A folder that goes with `drop`. */
export function scratch(): { dir: string; drop: () => void } {
  const dir = mkdtempSync(join(tmpdir(), 'ketchup-shell-'))
  return { dir, drop: () => rmSync(dir, { recursive: true, force: true }) }
}

/** Writes a renderer of two files and returns its folder. */
export function tinyRenderer(dir: string): string {
  const folder = join(dir, 'renderer')
  mkdirSync(join(folder, 'assets'), { recursive: true })
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><title>Mail</title><script src="/assets/a-12345678.js"></script>',
  )
  writeFileSync(join(folder, 'assets', 'a-12345678.js'), 'document.title += " ran"')
  writeFileSync(join(folder, '.hidden.js'), 'no')
  writeFileSync(join(dir, 'outside.js'), 'no')
  return folder
}

export interface TestShell extends RunningShell {
  readonly port: number
  readonly said: readonly string[]
  /** A cookie that is good, by a code of the start file. */
  enter(): Promise<string>
}

/** Starts it. */
export async function testShell(dir: string, renderer = tinyRenderer(dir)): Promise<TestShell> {
  const said: string[] = []
  const shell = await startShell({
    profile: join(dir, 'profile'),
    renderer: async () => renderer,
    engine: FAKE_ENGINE,
    say: (sentence) => said.push(sentence),
  })
  return { ...shell, port: Number(new URL(shell.origin).port), said, enter: () => enter(shell.profile, shell.origin) }
}

/** The code that stands in a start file now. */
export function codeOf(profile: string): string {
  return /name="code" value="([\w-]+)"/.exec(readFileSync(join(profile, 'start.html'), 'utf8'))?.[1] ?? ''
}

/** Exchanges a code for a cookie. */
export async function enter(profile: string, origin: string): Promise<string> {
  const response = await fetch(`${origin}/start`, {
    method: 'POST',
    headers: { origin: 'null' },
    body: new URLSearchParams({ code: codeOf(profile) }),
  })
  return response.headers.get('set-cookie')?.split(';', 1)[0] ?? ''
}

/** Sends bytes as they are and returns all that comes back until the server closes. */
export async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk))
  socket.write(text)
  await once(socket, 'close')
  return answer
}

/** A window door of an engine, opened with a cookie. */
export async function probe(origin: string, cookie: string, path = '/doors/engine?as=ui') {
  const socket = new WebSocket(origin.replace('http', 'ws') + path, { headers: { cookie, origin } })
  const door = openDoor<Probe, Record<never, never>>(wsChannel(socket), {})
  await once(socket, 'open')
  return door
}
