import { once } from 'node:events'
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'

/** A TCP relay before a server of the lab that can spoil what the server sends, without looking into it. */
export interface Cutter {
  port: number
  /** How many connections there are now. */
  readonly connections: number
  /** How many octets have come from the server and been passed on, over all connections. */
  readonly passed: number
  /** Passes `n` more octets from server to client, over all connections together, then resets every connection. */
  cutAfterBytes(n: number): void
  /** Passes nothing more to clients, but keeps their connections open, as a dead line does. */
  stall(): void
  /** Resets what is open and resets every new connection at once. */
  refuse(): void
  /** Ends a stall or a refusal and forgets a cut; what was held back is passed on. */
  resume(): void
  /** Resolves at the next cut that `cutAfterBytes` makes. */
  whenCut(): Promise<void>
  close(): Promise<void>
}

/** Starts a relay from a free port of 127.0.0.1 to another. */
export async function startCutter(targetPort: number): Promise<Cutter> {
  const pairs = new Set<{ client: Socket; server: Socket }>()
  let state: 'passing' | 'stalled' | 'refusing' = 'passing'
  let left = Infinity
  let passed = 0
  let cuts: (() => void)[] = []

  const resetAll = () => {
    for (const { client, server } of pairs) {
      client.resetAndDestroy()
      server.destroy()
    }
  }
  const pass = (client: Socket, server: Socket, chunk: Buffer) => {
    const part = chunk.subarray(0, Math.min(left, chunk.length))
    left -= part.length
    passed += part.length
    if (left > 0) {
      if (client.write(part)) return
      server.pause()
      client.once('drain', () => state !== 'stalled' && server.resume())
      return
    }
    left = Infinity
    // The reset must follow the last octets, or the system throws them away unsent.
    client.write(part, () => {
      resetAll()
      for (const cut of cuts) cut()
      cuts = []
    })
    server.pause()
  }

  const listener = createServer((client) => {
    if (state === 'refusing') {
      client.on('error', () => undefined)
      client.resetAndDestroy()
      return
    }
    const server = connect({ port: targetPort, host: '127.0.0.1' })
    const pair = { client, server }
    pairs.add(pair)
    client.setNoDelay(true)
    server.on('data', (chunk) => pass(client, server, chunk))
    if (state === 'stalled') server.pause()
    client.on('data', (chunk) => server.write(chunk))
    // An error is followed by 'close', which ends the other side; there is nobody here to tell it to.
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('error', () => undefined)
      one.on('end', () => other.end())
      one.on('close', () => {
        pairs.delete(pair)
        other.destroy()
      })
    }
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')

  return {
    port: (listener.address() as AddressInfo).port,
    get connections() {
      return pairs.size
    },
    get passed() {
      return passed
    },
    cutAfterBytes(n) {
      left = n
    },
    stall() {
      state = 'stalled'
      for (const { server } of pairs) server.pause()
    },
    refuse() {
      state = 'refusing'
      resetAll()
    },
    resume() {
      state = 'passing'
      left = Infinity
      for (const { server } of pairs) server.resume()
    },
    whenCut: () => new Promise((resolve) => cuts.push(resolve)),
    async close() {
      resetAll()
      const closed = once(listener, 'close')
      listener.close()
      await closed
    },
  }
}
