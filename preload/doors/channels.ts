import type { Channel } from './rpc.ts'

/*
 * Channels over what browsers, workers and Node share by the web's own interfaces. Electron's MessagePortMain and the
 * fork IPC have theirs in main/ipc.
 */

/** A MessagePort or a dedicated Worker's two ends. Buffers are copied, never transferred (DESIGN §4.9). */
export function portChannel(port: MessagePort): Channel {
  const channel: Channel = {
    onMessage: null,
    onClose: null,
    send: (bytes) => port.postMessage(bytes),
    close: () => port.close(),
  }
  port.onmessage = (event: MessageEvent<unknown>) => {
    if (event.data instanceof Uint8Array) channel.onMessage?.(event.data)
  }
  port.addEventListener('close', () => channel.onClose?.())
  port.start()
  return channel
}

/** A WebSocket of the browser. Messages sent while it opens wait; it fails by closing. */
export function socketChannel(socket: WebSocket): Channel {
  const early: Uint8Array<ArrayBuffer>[] = []
  socket.binaryType = 'arraybuffer'
  const channel: Channel = {
    onMessage: null,
    onClose: null,
    send: (bytes) => {
      if (socket.readyState === WebSocket.CONNECTING) early.push(bytes)
      else if (socket.readyState === WebSocket.OPEN) socket.send(bytes)
    },
    close: () => socket.close(),
  }
  socket.onopen = () => {
    for (const bytes of early.splice(0)) socket.send(bytes)
  }
  socket.onmessage = (event: MessageEvent<unknown>) => {
    if (event.data instanceof ArrayBuffer) channel.onMessage?.(new Uint8Array(event.data))
  }
  socket.onclose = () => channel.onClose?.()
  return channel
}

/** Two channels back to back, for tests and for rooms that share a thread. */
export function channelPair(): [Channel, Channel] {
  let open = true
  const make = (): Channel => ({ send: () => {}, close: () => {}, onMessage: null, onClose: null })
  const a = make()
  const b = make()
  const close = () => {
    if (!open) return
    open = false
    queueMicrotask(() => {
      a.onClose?.()
      b.onClose?.()
    })
  }
  a.send = (bytes) => open && queueMicrotask(() => b.onMessage?.(bytes))
  b.send = (bytes) => open && queueMicrotask(() => a.onMessage?.(bytes))
  a.close = b.close = close
  return [a, b]
}
