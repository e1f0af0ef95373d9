import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { appError, err, ok } from '../contract/index.ts'
import { channelPair, portChannel } from './channels.ts'
import { decode, encode } from './codec.ts'
import { openDoor } from './rpc.ts'

interface Calculator {
  add(a: number, b: number): number
  echo(value: unknown): unknown
  fail(): void
  crash(): void
  never(): void
}
const calculator = {
  add: (a: number, b: number) => ok(a + b),
  echo: (value: unknown) => ok(value),
  fail: () =>
    err(appError('auth.failed', { server: 'NO [AUTHENTICATIONFAILED] go away', params: { host: 'mail.test' } })),
  crash: () => {
    throw new Error('boom')
  },
  never: () => new Promise<never>(() => {}),
}
interface Nothing {
  nothing?: never
}

describe('a door', () => {
  it('carries values, bytes, dates and undefined unharmed', async () => {
    const [a, b] = channelPair()
    openDoor<Nothing, Calculator>(a, calculator)
    const { remote } = openDoor<Calculator, Nothing>(b, {})
    expect(await remote.add(2, 3)).toEqual(ok(5))
    const value = {
      bytes: new Uint8Array([1, 2, 255]),
      at: new Date(1_700_000_000_123),
      none: undefined,
      nil: null,
      big: 2 ** 52,
    }
    expect(await remote.echo(value)).toEqual(ok(value))
  })

  it('carries an error with its code, the words of the server and its parameters', async () => {
    const [a, b] = channelPair()
    openDoor<Nothing, Calculator>(a, calculator)
    const { remote } = openDoor<Calculator, Nothing>(b, {})
    expect(await remote.fail()).toEqual({
      ok: false,
      error: { code: 'auth.failed', server: 'NO [AUTHENTICATIONFAILED] go away', params: { host: 'mail.test' } },
    })
  })

  it('turns a throwing handler into an error, and tells', async () => {
    const [a, b] = channelPair()
    const bugs: string[] = []
    openDoor<Nothing, Calculator>(a, calculator, { onBug: (_error, method) => bugs.push(method) })
    const { remote } = openDoor<Calculator, Nothing>(b, {})
    expect(await remote.crash()).toMatchObject({ ok: false, error: { code: 'internal' } })
    expect(bugs).toEqual(['crash'])
  })

  it('settles every waiting call at once when it closes, and later ones too', async () => {
    const [a, b] = channelPair()
    const server = openDoor<Nothing, Calculator>(a, calculator)
    const client = openDoor<Calculator, Nothing>(b, {})
    const waiting = [client.remote.never(), client.remote.never()]
    server.close()
    for (const result of await Promise.all(waiting)) expect(result).toMatchObject({ error: { code: 'door.closed' } })
    expect(await client.remote.add(1, 1)).toMatchObject({ error: { code: 'door.closed' } })
    await client.gone
    expect(client.closed).toBe(true)
  })

  it('refuses arguments that fail their check, without repeating their values', async () => {
    const [a, b] = channelPair()
    const two = v.tuple([v.number(), v.number()])
    const any = v.tuple([])
    openDoor<Nothing, Calculator>(a, calculator, {
      checks: {
        add: two,
        echo: v.tuple([v.object({ password: v.pipe(v.string(), v.maxLength(3)) })]),
        fail: any,
        crash: any,
        never: any,
      },
    })
    const { remote } = openDoor<Calculator, Nothing>(b, {})
    expect(await remote.add(1, 'x' as unknown as number)).toMatchObject({ error: { code: 'door.bad-argument' } })
    const refused = await remote.echo({ password: 'geheim' })
    expect(refused).toMatchObject({ error: { code: 'door.bad-argument', params: { where: '0.password' } } })
    expect(JSON.stringify(refused)).not.toContain('geheim')
  })

  it('knows no methods but its own', async () => {
    const [a, b] = channelPair()
    openDoor<Nothing, Calculator>(a, calculator)
    const { remote } = openDoor<Record<'constructor' | 'valueOf', () => void>, Nothing>(b, {})
    expect(await remote.constructor()).toMatchObject({ error: { code: 'door.unknown-method' } })
    expect(await remote.valueOf()).toMatchObject({ error: { code: 'door.unknown-method' } })
  })

  it('closes on bytes that are no message', async () => {
    const [a, b] = channelPair()
    const server = openDoor<Nothing, Calculator>(a, calculator)
    b.send(new Uint8Array([0xc1, 0xc1]))
    await server.gone
    expect(server.closed).toBe(true)
  })

  it('works over a MessagePort and sees it close', async () => {
    const { port1, port2 } = new MessageChannel()
    openDoor<Nothing, Calculator>(portChannel(port1), calculator)
    const client = openDoor<Calculator, Nothing>(portChannel(port2), {})
    expect(await client.remote.add(20, 22)).toEqual(ok(42))
    const waiting = client.remote.never()
    port1.close()
    expect(await waiting).toMatchObject({ error: { code: 'door.closed' } })
  })
})

describe('the codec', () => {
  it('gives bytes that own their memory: a view would keep the whole message alive', () => {
    const message = encode({ parts: [new Uint8Array(10), new Uint8Array(20)] })
    const { parts } = decode(message) as { parts: Uint8Array[] }
    expect(parts.map((part) => part.buffer.byteLength)).toEqual([10, 20])
  })
})
