import type { WebSocket } from 'ws'
import type { Channel } from '../../preload/doors/rpc.ts'
import { fedChannel } from './wire.ts'

/** Of every WebSocket of ours: a batch has about 1 MB; nothing that is one message comes near. Local, so uncompressed. */
export const SOCKET_OPTIONS = {
  noServer: true,
  clientTracking: false,
  maxPayload: 64 * 1024 * 1024,
  perMessageDeflate: false,
} as const

/** A door's channel over a server-side WebSocket. Text is no message of ours and ends it. */
export function wsChannel(socket: WebSocket): Channel {
  const channel = fedChannel(
    (bytes) => {
      if (socket.readyState === socket.OPEN) socket.send(bytes)
    },
    () => socket.close(),
  )
  socket.binaryType = 'nodebuffer'
  socket.on('message', (data, isBinary) => {
    if (isBinary && data instanceof Uint8Array) channel.receive(data)
    else socket.close(1003)
  })
  // A broken frame or a reset connection: `close` follows and is what the door hears.
  socket.on('error', () => socket.terminate())
  socket.on('close', () => channel.ended())
  return channel
}
