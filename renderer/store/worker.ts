import { Dexie } from 'dexie'
import { portChannel, socketChannel } from '../../preload/doors/channels.ts'
import type { Channel } from '../../preload/doors/rpc.ts'
import { storeError } from './failure.ts'
import { DATABASE, StoreDatabase } from './schema.ts'
import { Store } from './store.ts'

/**
 * What the page tells the worker: where the engine is, then a port for each window, and which window has gone: a port in
 * a worker does not tell that its other end was closed (Chromium 156).
 */
export type ToWorker =
  | { readonly is: 'start'; readonly engineUrl: string }
  | { readonly is: 'window'; readonly id: number; readonly port: MessagePort }
  | { readonly is: 'gone'; readonly id: number }

/** What the worker tells the page. After 'lost' or 'failed' it does nothing any more. */
export type FromWorker = { readonly is: 'open' } | { readonly is: 'lost' | 'failed'; readonly detail: string }

const LOCK = 'ketchup-store-worker'
/** How long a worker of another page may take to end after its page gave way (ms). */
const PATIENCE = 3000
/** How often a database is opened before it is given up. */
const ATTEMPTS = 8

const tell = (message: FromWorker) => self.postMessage(message)
const describe = (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error))

/**
 * Runs a task while no other worker has the database. Ending a worker frees its lock, so the next one opens only when
 * the former cannot write any more; one that hangs is robbed of its lock, and ends itself when it notices.
 */
async function alone(task: () => Promise<void>): Promise<void> {
  const robbed = (error: unknown) => {
    tell({ is: 'lost', detail: describe(error) })
    self.close()
  }
  const forever = async () => {
    await task()
    await new Promise<never>(() => {})
  }
  try {
    await navigator.locks.request(LOCK, { signal: AbortSignal.timeout(PATIENCE) }, forever)
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== 'TimeoutError') return robbed(error)
    await navigator.locks.request(LOCK, { steal: true }, forever).catch(robbed)
  }
}

/**
 * Opens the store. A database that cannot be opened is tried again, for it may just be busy after a crash, then thrown
 * away once, since the engine can rebuild it.
 */
async function openStore(connect: () => Channel): Promise<Store> {
  for (let attempt = 1; ; attempt++) {
    const db = new StoreDatabase()
    try {
      const opened = await Store.open(db, connect)
      watch(db)
      return opened
    } catch (error) {
      // A full disk is nothing wrong with it.
      if (attempt > ATTEMPTS || storeError(error).code === 'disk.full') throw error
      if (attempt === ATTEMPTS) await Dexie.delete(DATABASE)
      else await new Promise((resolve) => setTimeout(resolve, 200 * attempt))
    }
  }
}

/** Tells when an open database was deleted from outside, or found broken: time to begin again in a new worker. */
function watch(db: StoreDatabase): void {
  db.on('versionchange', () => {
    db.close()
    tell({ is: 'lost', detail: 'the database was deleted or replaced' })
  })
  db.on('close', () => tell({ is: 'lost', detail: 'the database was closed' }))
}

const windows = new Map<number, () => void>()
let store: Store | null = null

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if (data.is === 'window') {
    // The page hands in windows only once it was told that the store is open.
    if (store) windows.set(data.id, store.serve(portChannel(data.port)))
    return
  }
  if (data.is === 'gone') {
    windows.get(data.id)?.()
    windows.delete(data.id)
    return
  }
  const { engineUrl } = data
  void alone(async () => {
    try {
      store = await openStore(() => socketChannel(new WebSocket(engineUrl)))
      tell({ is: 'open' })
    } catch (error) {
      tell({ is: 'failed', detail: describe(error) })
    }
  })
}
