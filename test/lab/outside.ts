import { once } from 'node:events'
import { type Socket, connect, createServer } from 'node:net'

/** A relay that makes its clients look as if they came from outside. */
export interface Outside {
  /** Resets every connection and frees the port. */
  close(): Promise<void>
}

/**
 * Relays `port` of 127.0.0.1 to `target`, a listener of Dovecot with `haproxy = yes`, and announces each client with a
 * foreign address (PROXY protocol version 1). Dovecot holds a client with the server's own address for secure and
 * would take its password without STARTTLS, which no server on a network does.
 */
export async function startOutside(port: number, target: number): Promise<Outside> {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket, other: Socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    // An error is followed by 'close', which tells the other side all there is to tell.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      sockets.delete(socket)
      other.destroy()
    })
  }
  const listener = createServer({ allowHalfOpen: true }, (client) => {
    const server = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true })
    keep(client, server)
    keep(server, client)
    server.write(`PROXY TCP4 192.0.2.1 127.0.0.1 ${client.remotePort ?? 1} ${port}\r\n`)
    client.pipe(server)
    server.pipe(client)
  })
  listener.listen(port, '127.0.0.1')
  await once(listener, 'listening')
  return {
    async close() {
      for (const socket of sockets) socket.resetAndDestroy()
      const closed = once(listener, 'close')
      listener.close()
      await closed
    },
  }
}
