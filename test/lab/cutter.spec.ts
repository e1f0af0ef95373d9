import { once } from 'node:events'
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Cutter, startCutter } from './cutter.ts'

describe('lab: cutter', () => {
  let server: Server
  let cutter: Cutter
  const held: Socket[] = []

  beforeEach(async () => {
    server = createServer((socket) => {
      held.push(socket)
      socket.on('error', () => undefined)
      socket.on('data', (chunk) => socket.write(chunk.toString().toUpperCase()))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    cutter = await startCutter((server.address() as AddressInfo).port)
  })
  afterEach(async () => {
    await cutter.close()
    for (const socket of held.splice(0)) socket.destroy()
    server.close()
  })

  function open() {
    const socket = connect(cutter.port, '127.0.0.1')
    let received = ''
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => (received += text))
    const failed = new Promise<string>((resolve) => {
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
    })
    return { socket, failed, received: () => received }
  }

  it('passes octets both ways until it cuts at exactly the one asked for', async () => {
    const { socket, failed, received } = open()
    socket.write('abc')
    await once(socket, 'data')
    expect(cutter.connections).toBe(1)
    cutter.cutAfterBytes(4)
    const cut = cutter.whenCut()
    socket.write('defghij')
    await cut
    expect(await failed).toBe('ECONNRESET')
    expect(received()).toBe('ABCDEFG')
    expect(cutter.passed).toBe(7)
    expect(cutter.connections).toBe(0)
  })

  it('holds back everything in a stall and passes it on afterwards', async () => {
    const { socket, received } = open()
    socket.write('a')
    await once(socket, 'data')
    cutter.stall()
    socket.write('b')
    await once(held[0] as Socket, 'data')
    expect(received()).toBe('A')
    cutter.resume()
    await once(socket, 'data')
    expect(received()).toBe('AB')
    socket.destroy()
  })

  it('refuses, and takes connections again', async () => {
    const first = open()
    first.socket.write('a')
    await once(first.socket, 'data')
    cutter.refuse()
    expect(await first.failed).toBe('ECONNRESET')
    const second = open()
    expect(await second.failed).toBe('ECONNRESET')
    cutter.resume()
    const third = open()
    third.socket.write('c')
    await once(third.socket, 'data')
    expect(third.received()).toBe('C')
    third.socket.destroy()
  })
})
