import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'

/** A server in clear that follows a script: what it says at first, and what it answers to each line. */
export interface PlainServer {
  readonly port: number
  /** Every octet that clients sent, as latin1 text. */
  received(): string
  /** Settles when a client has come and gone. */
  whenLeft(): Promise<void>
  close(): Promise<void>
}

/** `answer` gets each line without CRLF, its tag and the socket; what it returns is sent as it is. */
export async function startPlainServer(
  greeting: string,
  answer: (line: string, tag: string, socket: Socket) => string | null,
): Promise<PlainServer> {
  let received = ''
  const left = Promise.withResolvers<void>()
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let rest = ''
    socket.on('error', () => {})
    socket.on('close', () => {
      sockets.delete(socket)
      left.resolve()
    })
    socket.on('data', (data) => {
      received += data.toString('latin1')
      rest += data.toString('latin1')
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end)
        rest = rest.slice(end + 2)
        const reply = answer(line, line.split(' ')[0] ?? '', socket)
        if (reply !== null) socket.write(reply)
      }
    })
    socket.write(greeting)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    received: () => received,
    whenLeft: () => left.promise,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
