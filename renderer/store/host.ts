import type { Unsubscribe } from '../../preload/contract/index.ts'
import { portChannel } from '../../preload/doors/channels.ts'
import type { Channel } from '../../preload/doors/rpc.ts'
import type { FromWorker, ToWorker } from './worker.ts'

/**
 * 'waiting': for the lock, or for the worker to open; 'elsewhere': another page has the store; 'failed': the database
 * cannot be opened, further attempts follow; 'closed': by close().
 */
export type StoreHostState = 'waiting' | 'open' | 'elsewhere' | 'closed' | 'failed'

export interface StoreHost {
  readonly state: StoreHostState
  onState(listener: (state: StoreHostState) => void): Unsubscribe
  /** A channel to the store, once it is open; it closes when the store ends or moves. Rejects after close(). */
  channel(): Promise<Channel>
  /** Takes the store from the page that has it. */
  takeOver(): void
  close(): void
}

const LOCK = 'ketchup-store'
/** Waits before a dead worker is started again (ms): doubled from the first to the last. */
const FIRST_WAIT = 100
const LAST_WAIT = 5000

/**
 * Runs the store in a Worker of this page, as long as this page has the Web Lock. Of several pages one has it; the others
 * wait in line, and get it when that page closes or when they take it.
 */
export function startStore(options: { engineUrl: string }): StoreHost {
  let state: StoreHostState = 'waiting'
  const listeners = new Set<(state: StoreHostState) => void>()
  let worker: Worker | null = null
  const channels: Channel[] = []
  const asking: (() => void)[] = []
  let line = new AbortController()
  let wait = FIRST_WAIT
  let nextWindow = 1
  let timer: ReturnType<typeof setTimeout> | undefined

  const become = (next: StoreHostState) => {
    if (state === next || state === 'closed') return
    state = next
    for (const listener of listeners) listener(state)
    if (state === 'open' || state === 'closed') for (const ask of asking.splice(0)) ask()
  }

  const stop = () => {
    clearTimeout(timer)
    worker?.terminate()
    worker = null
    // The other ends died with the worker; not every browser tells a port so.
    for (const channel of channels.splice(0)) {
      channel.close()
      channel.onClose?.()
    }
  }

  const start = () => {
    stop()
    const mine = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    worker = mine
    const again = (next: StoreHostState) => {
      if (worker !== mine) return
      stop()
      become(next)
      timer = setTimeout(start, wait)
      wait = Math.min(wait * 2, LAST_WAIT)
    }
    mine.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (worker !== mine) return
      if (data.is === 'open') {
        wait = FIRST_WAIT
        become('open')
      } else again(data.is === 'failed' ? 'failed' : 'waiting')
    }
    mine.onerror = () => again('waiting')
    mine.postMessage({ is: 'start', engineUrl: options.engineUrl } satisfies ToWorker)
  }

  /** Has the lock: runs the store until it is taken away or the page ends. */
  const hold = (lock: Lock | null) => {
    if (!lock || state === 'closed') return undefined
    become('waiting')
    start()
    return new Promise<never>((_resolve, reject) => {
      line.signal.addEventListener('abort', () => reject(new DOMException('closed', 'AbortError')))
    })
  }

  const queue = () => {
    line = new AbortController()
    navigator.locks.request(LOCK, { signal: line.signal }, hold).catch(lost)
  }

  /** Robbed by another page, or out of line because we rob or close. */
  const lost = () => {
    stop()
    if (state === 'closed' || line.signal.aborted) return
    become('elsewhere')
    queue()
  }

  void navigator.locks.query().then(({ held }) => {
    if (held?.some(({ name }) => name === LOCK)) become('elsewhere')
    queue()
  })

  return {
    get state() {
      return state
    },
    onState(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async channel() {
      while (state !== 'open' || !worker) {
        if (state === 'closed') throw new Error('the store is closed')
        await new Promise<void>((resolve) => asking.push(resolve))
      }
      const { port1, port2 } = new MessageChannel()
      const mine = worker
      const id = nextWindow++
      mine.postMessage({ is: 'window', id, port: port2 } satisfies ToWorker, [port2])
      const channel = portChannel(port1)
      channel.close = () => {
        port1.close()
        mine.postMessage({ is: 'gone', id } satisfies ToWorker)
        const at = channels.indexOf(channel)
        if (at >= 0) channels.splice(at, 1)
      }
      channels.push(channel)
      return channel
    },
    takeOver() {
      if (state !== 'elsewhere') return
      line.abort()
      line = new AbortController()
      navigator.locks.request(LOCK, { steal: true }, hold).catch(lost)
    },
    close() {
      become('closed')
      line.abort()
      stop()
    },
  }
}
