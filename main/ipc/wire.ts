import type { Channel } from '../../preload/doors/rpc.ts'

/** Who is at the other end of a socket that the shell hands to the engine. */
export type PortRole = 'store' | 'ui'

/** What a WebSocket handshake needs of a request that was read in another process (RFC 6455 §4.2.1). */
export interface UpgradeRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** Shell → engine. */
export type ToEngine =
  | { readonly type: 'door'; readonly bytes: Uint8Array }
  | { readonly type: 'socket'; readonly role: PortRole; readonly head: Uint8Array; readonly request: UpgradeRequest }

/** Engine → shell. */
export type ToShell = { readonly type: 'door'; readonly bytes: Uint8Array } | { readonly type: 'ready' }

/** A channel whose incoming end is fed from outside: what comes before somebody listens waits. */
export interface FedChannel extends Channel {
  receive(bytes: Uint8Array): void
  /** Tells the listener that nothing will come any more; once. */
  ended(): void
}

/** Makes a channel over `send` and `close`; `receive` and `ended` are its other end. */
export function fedChannel(send: (bytes: Uint8Array<ArrayBuffer>) => void, close: () => void): FedChannel {
  const early: Uint8Array[] = []
  let onMessage: Channel['onMessage'] = null
  let onClose: Channel['onClose'] = null
  let over = false
  return {
    send,
    close,
    get onMessage() {
      return onMessage
    },
    set onMessage(listener) {
      onMessage = listener
      if (listener) for (const bytes of early.splice(0)) listener(bytes)
    },
    get onClose() {
      return onClose
    },
    set onClose(listener) {
      onClose = listener
      if (over) queueMicrotask(() => listener?.())
    },
    receive(bytes) {
      if (onMessage) onMessage(bytes)
      else early.push(bytes)
    },
    ended() {
      if (over) return
      over = true
      onClose?.()
    },
  }
}
