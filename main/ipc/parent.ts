import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import type { Channel } from '../../preload/doors/rpc.ts'
import { SOCKET_OPTIONS, wsChannel } from './socket.ts'
import { fedChannel, type PortRole, type ToEngine, type ToShell } from './wire.ts'

/** The engine's side of its shell. */
export interface Parent {
  /** Opened by a door at once or later: what comes before waits. */
  readonly shell: Channel
  /**
   * Windows and stores that arrive. The listener opens their door before it returns. One listener. To listen is to be
   * ready: an engine that ends before (no vault) has not started, and the shell says so.
   */
  onPort(listener: (role: PortRole, channel: Channel) => void): void
  /** The shell has gone, by whatever death; the engine has to end itself. */
  onGone(listener: () => void): void
}

/**
 * Connects an engine process to the shell that forked it. Call once, at the start. Ctrl-C in a terminal reaches the
 * whole group of processes; the engine leaves it to the shell, which asks it to shut down in order.
 * @throws Error when this process was not forked.
 */
export function connectParent(): Parent {
  if (!process.send) throw new Error('The engine is started by a shell (npm start), not by hand.')
  const sockets = new WebSocketServer(SOCKET_OPTIONS)
  const early: [PortRole, Channel][] = []
  let onPort: ((role: PortRole, channel: Channel) => void) | undefined
  let onGone: (() => void) | undefined
  let gone = false

  // A shell that cannot be reached is gone: `disconnect` tells, not each message.
  const send = (message: ToShell) => void (process.connected && process.send?.(message, undefined, {}, () => {}))
  const shell = fedChannel(
    (bytes) => send({ type: 'door', bytes }),
    () => {
      if (process.connected) process.disconnect()
    },
  )
  process.on('message', (message: ToEngine, handle: unknown) => {
    if (message.type === 'door') return shell.receive(message.bytes)
    // No handle: the client closed while it was on its way here.
    if (!(handle instanceof Socket)) return
    // ws reads method, url and headers of a request and nothing else.
    const request = message.request as unknown as IncomingMessage
    sockets.handleUpgrade(request, handle, Buffer.from(message.head), (socket) => {
      const channel = wsChannel(socket)
      if (onPort) onPort(message.role, channel)
      else early.push([message.role, channel])
    })
  })
  process.on('disconnect', () => {
    gone = true
    shell.ended()
    onGone?.()
  })
  process.on('SIGINT', () => {})
  return {
    shell,
    onPort(listener) {
      onPort = listener
      send({ type: 'ready' })
      for (const [role, channel] of early.splice(0)) listener(role, channel)
    },
    onGone(listener) {
      onGone = listener
      if (gone) listener()
    },
  }
}
