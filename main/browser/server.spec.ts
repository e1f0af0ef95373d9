import { once } from 'node:events'
import { readdirSync, statSync, symlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeOf, probe, raw, scratch, testShell, type TestShell } from './testing/shell.ts'

const { dir, drop } = scratch()
let shell: TestShell
let cookie: string
beforeAll(async () => {
  shell = await testShell(dir)
  cookie = await shell.enter()
})
afterAll(async () => {
  await shell.stop()
  drop()
})

type Headers = Record<string, string | undefined>
const good = (): Headers => ({ Host: `127.0.0.1:${shell.port}`, Cookie: cookie })
const WEBSOCKET: Headers = {
  Upgrade: 'websocket',
  Connection: 'Upgrade',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
}
const ask = (line: string, headers: Headers, body = '') => {
  const lines = Object.entries({ Connection: 'close', ...headers }).filter(([, value]) => value !== undefined)
  return raw(shell.port, [`${line} HTTP/1.1`, ...lines.map((pair) => pair.join(': ')), '', body].join('\r\n'))
}
const status = (answer: string) => Number(answer.split(' ', 2)[1])
/** The status of an upgrade without waiting for its end: an accepted one stays open. */
const knock = async (path: string, headers: Headers) => {
  const lines = Object.entries({ ...WEBSOCKET, ...headers }).filter(([, value]) => value !== undefined)
  const socket = connect(shell.port, '127.0.0.1')
  socket.write([`GET ${path} HTTP/1.1`, ...lines.map((pair) => pair.join(': ')), '', ''].join('\r\n'))
  const [chunk] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return status(chunk.toString('latin1'))
}

describe('who is answered', () => {
  it.each<[string, (port: number) => Headers, number]>([
    ['our own page', () => ({}), 200],
    ['our own page, told by Fetch Metadata', () => ({ 'Sec-Fetch-Site': 'same-origin' }), 200],
    ['no cookie', () => ({ Cookie: undefined }), 403],
    ['another cookie', (port) => ({ Cookie: `ketchup-${port}=${'A'.repeat(43)}` }), 403],
    ['an empty cookie', (port) => ({ Cookie: `ketchup-${port}=` }), 403],
    ['another name for us', (port) => ({ Host: `localhost:${port}` }), 403],
    ['a rebound name', (port) => ({ Host: `evil.test:${port}` }), 403],
    ['no port', () => ({ Host: '127.0.0.1' }), 403],
    ['no Host', () => ({ Host: undefined }), 403],
    ['another Origin', () => ({ Origin: 'http://evil.test' }), 403],
    ['the Origin of a file', () => ({ Origin: 'null' }), 403],
    ['the same site at another port', () => ({ 'Sec-Fetch-Site': 'same-site' }), 403],
    ['another site', () => ({ 'Sec-Fetch-Site': 'cross-site' }), 403],
  ])('GET /: %s', async (_name, headers, expected) => {
    expect(status(await ask('GET /', { ...good(), ...headers(shell.port) }))).toBe(expected)
  })

  it('refuses two Hosts', async () => {
    const hosts = `Host: 127.0.0.1:${shell.port}\r\nHost: evil.test`
    expect(
      status(await raw(shell.port, `GET / HTTP/1.1\r\n${hosts}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`)),
    ).toBe(403)
  })

  it.each(['/doors/shell', '/doors/engine?as=ui', '/doors/engine?as=store'])('WebSocket %s', async (path) => {
    const own = { ...good(), Origin: shell.origin }
    expect(await knock(path, own)).toBe(101)
    expect(await knock(path, { ...own, Origin: undefined })).toBe(403)
    expect(await knock(path, { ...own, Origin: 'null' })).toBe(403)
    expect(await knock(path, { ...own, Origin: `http://localhost:${shell.port}` })).toBe(403)
    expect(await knock(path, { ...own, Cookie: undefined })).toBe(403)
    expect(await knock(path, { ...own, Host: 'evil.test' })).toBe(403)
  })

  it('knows two roles at the engine door', async () => {
    const own = { ...good(), Origin: shell.origin }
    for (const path of ['/doors/engine', '/doors/engine?as=shell', '/doors/engine?as=ui&as=store', '/doors', '/'])
      expect(await knock(path, own)).toBe(404)
  })

  it('writes nothing', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect(status(await ask(`${method} /`, good()))).toBe(403)
      expect(status(await ask(`${method} /`, { ...good(), Origin: shell.origin }))).toBe(405)
    }
  })
})

describe('every answer', () => {
  it.each<[number, string, () => Promise<string>]>([
    [200, 'a page', () => ask('GET /', good())],
    [200, 'the way in', () => ask('POST /start', { ...good(), Origin: 'null', ...form() }, formBody())],
    [403, 'no cookie', () => ask('GET /', { ...good(), Cookie: undefined })],
    [404, 'no such page', () => ask('GET /nothing.js', good())],
    [404, 'no such octets', () => ask('GET /octets/77/', good())],
    [404, 'no octets path', () => ask('GET /octets/x', good())],
    [405, 'writing', () => ask('DELETE /', { ...good(), Origin: shell.origin })],
    [405, 'the way in by GET', () => ask('GET /start', good())],
    [405, 'a proxy', () => ask('CONNECT evil.test:443', good())],
    [
      413,
      'a long code',
      () => ask('POST /start', { ...good(), Origin: 'null', 'Content-Length': '3000' }, 'c'.repeat(3000)),
    ],
    [426, 'a door without WebSocket', () => ask('GET /doors/shell', good())],
    [400, 'no HTTP', () => raw(shell.port, 'hello\r\n\r\n')],
    [403, 'a refused WebSocket', () => ask('GET /doors/shell', { ...good(), ...WEBSOCKET })],
    [404, 'no such door', () => ask('GET /doors/x', { ...good(), ...WEBSOCKET, Origin: shell.origin })],
  ])('%i has the policy: %s', async (expected, _name, get) => {
    const answer = await get()
    expect(status(answer)).toBe(expected)
    const head = answer.split('\r\n\r\n', 1)[0]
    expect(head).toMatch(/^content-security-policy: default-src 'none'; script-src 'self'; .*frame-ancestors 'none'/im)
    expect(head).not.toMatch(/unsafe|\*/)
    for (const header of [
      'x-content-type-options: nosniff',
      'referrer-policy: no-referrer',
      'cross-origin-opener-policy: same-origin',
      'cross-origin-embedder-policy: require-corp',
      'cross-origin-resource-policy: same-origin',
      'permissions-policy: accelerometer=\\(\\)',
      'cache-control: no-store',
    ])
      expect(head).toMatch(new RegExp(`^${header}`, 'im'))
  })
  const formBody = () => `code=${codeOf(shell.profile)}`
  const form = () => ({
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': String(formBody().length),
  })
})

describe('files', () => {
  it('keeps what has a hash in its name', async () => {
    const answer = await ask('GET /assets/a-12345678.js', good())
    expect(answer).toMatch(/^cache-control: private, max-age=31536000, immutable/im)
    expect(answer).toMatch(/^content-type: text\/javascript/im)
    expect(answer).toMatch(/document\.title/)
  })

  it.each([
    '/../outside.js',
    '/assets/../../outside.js',
    '/%2e%2e/outside.js',
    '/..%2foutside.js',
    '/assets/%2e%2e%2f%2e%2e%2foutside.js',
    '/..%5coutside.js',
    '/%00/index.html',
    '/%zz',
    '/.hidden.js',
    '/assets',
    '/assets/',
    '//127.0.0.1/outside.js',
    '/link.js',
    'http://evil.test/',
  ])('does not serve %s', async (path) => {
    if (!readdirSync(join(dir, 'renderer')).includes('link.js'))
      symlinkSync(join(dir, 'outside.js'), join(dir, 'renderer', 'link.js'))
    expect(status(await ask(`GET ${path}`, good()))).toBe(404)
  })
})

describe('the way in', () => {
  const post = (code: string, origin = 'null') =>
    fetch(`${shell.origin}/start`, { method: 'POST', headers: { origin }, body: new URLSearchParams({ code }) })

  it('takes a code once, then there is another', async () => {
    const code = codeOf(shell.profile)
    const first = await post(code)
    expect(first.status).toBe(200)
    expect(first.headers.get('set-cookie')).toMatch(/^ketchup-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/)
    expect((await post(code)).status).toBe(403)
    expect(codeOf(shell.profile)).not.toBe(code)
    expect((await post(codeOf(shell.profile))).status).toBe(200)
  })

  it('takes no other code, nor one from a page of another origin', async () => {
    for (const code of ['', 'x', 'A'.repeat(43)]) expect((await post(code)).status).toBe(403)
    const code = codeOf(shell.profile)
    expect((await post(code, 'http://evil.test')).status).toBe(403)
    expect((await post(code)).status).toBe(200)
  })

  it('lies in a file of this user alone', () => {
    expect(statSync(join(shell.profile, 'start.html')).mode & 0o777).toBe(0o600)
    expect(statSync(shell.profile).mode & 0o777).toBe(0o700)
  })
})

describe('octets', () => {
  const get = (path: string, signal?: AbortSignal) =>
    fetch(`${shell.origin}/octets/${path}`, { headers: { cookie }, signal: signal ?? null })

  it('come as an attachment in a sandbox, with a name that leads nowhere', async () => {
    const response = await get('1/2.1')
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('hello')
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-disposition': "attachment; filename*=UTF-8''_ein%20_Bild_X_%201%20%C3%BC.png",
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'content-type': 'image/png',
      'content-length': '5',
    })
  })

  it('are never a page', async () => {
    const response = await get('2')
    expect(response.headers.get('content-type')).toBe('application/octet-stream')
    expect(response.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''attachment")
    expect(await response.text()).toBe('<script></script>')
  })

  it('break off where the engine fails, or gives other than it said', async () => {
    for (const message of ['4/', '5/']) {
      const whole = get(message).then((response) => response.arrayBuffer())
      await expect(whole).rejects.toThrow()
    }
  })

  it('need the cookie', async () => {
    expect((await fetch(`${shell.origin}/octets/1/`)).status).toBe(403)
  })

  it('stop being read when the client leaves', async () => {
    const door = await probe(shell.origin, cookie)
    const before = await door.remote.closed()
    const abort = new AbortController()
    const response = await get('3/1', abort.signal)
    await response.body?.getReader().read()
    abort.abort()
    // The engine answers calls in the order they come; the handle is the youngest.
    const youngest = before.ok ? Math.max(...before.value) + 1 : 0
    await expect
      .poll(async () => await door.remote.closed())
      .toMatchObject({ value: expect.arrayContaining([youngest]) as unknown })
    door.close()
  })
})
