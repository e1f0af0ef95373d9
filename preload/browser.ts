import {
  appError,
  err,
  UI_FOR_STORE,
  type Bridge,
  type DoorStates,
  type EngineForUi,
  type Remote,
  type ShellForUi,
  type StoreForUi,
  type UiForStore,
  type Unsubscribe,
} from './contract/index.ts'
import { makeBridge, storeEvents, topic } from './bridge.ts'
import { socketChannel } from './doors/channels.ts'
import { openDoor, type Channel, type Door } from './doors/rpc.ts'
import { keepOpen } from './reconnect.ts'

/** What the page must know of its store's host (`renderer/store/host.ts`), which this folder may not import. */
export interface StoreHost {
  readonly state: 'waiting' | 'open' | 'elsewhere' | 'closed' | 'failed'
  onState(listener: (state: StoreHost['state']) => void): Unsubscribe
  /** Settles when the store is open; rejects when it never will be again. */
  channel(): Promise<Channel>
  takeOver(): void
}

/**
 * Connects a page of the browser shell: doors to engine and shell by WebSocket, opened again whenever they close; the
 * store through its host. Settles when engine and shell have answered or failed for the first time.
 */
export async function connectBrowser(store: StoreHost): Promise<Bridge> {
  const base = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/doors/`
  const changes = topic<DoorStates>()
  let last = ''
  const changed = () => {
    const now = states()
    const key = JSON.stringify(now)
    if (key === last) return
    last = key
    changes.tell(now)
  }
  const open = <Api>(url: string) => {
    const socket = new WebSocket(url)
    const opened = Promise.withResolvers<void>()
    const door = openDoor<Api, Record<never, never>>(socketChannel(socket), {})
    socket.addEventListener('open', () => opened.resolve())
    return { door, opened: opened.promise }
  }
  const engine = keepOpen(() => open<EngineForUi>(`${base}engine?as=ui`), changed)
  const shell = keepOpen(() => open<ShellForUi>(`${base}shell`), changed)
  addEventListener('online', () => {
    engine.now()
    shell.now()
  })

  const events = storeEvents()
  const storeRemote = throughHost(store, events.handlers)
  store.onState(changed)
  const states = (): DoorStates => ({ engine: engine.state, shell: shell.state, store: storeState(store) })

  await Promise.all([engine.first, shell.first])
  return makeBridge({
    store: storeRemote,
    events,
    engine: engine.remote,
    shell: shell.remote,
    takeOverStore: () => store.takeOver(),
    doors: { now: states, changes },
    octets: '/octets/',
  })
}

function storeState({ state }: StoreHost): DoorStates['store'] {
  return state === 'waiting' ? 'closed' : state
}

/**
 * The store's methods, over whichever channel its host has now. While it is being opened a call waits, so that a window
 * need not ask twice at its start; in every other state it answers `door.closed` at once.
 */
function throughHost(
  host: StoreHost,
  handlers: Parameters<typeof openDoor<StoreForUi, UiForStore>>[1],
): Remote<StoreForUi> {
  let door: Promise<Door<StoreForUi> | undefined> | undefined
  const openNow = () =>
    (door ??= host.channel().then(
      (channel) => {
        const opened = openDoor<StoreForUi, UiForStore>(channel, handlers, { checks: UI_FOR_STORE })
        const mine = door
        void opened.gone.then(() => {
          if (door === mine) door = undefined
        })
        return opened
      },
      () => undefined, // closed for good, which its state tells
    ))
  const settled = () =>
    new Promise<void>((resolve) => {
      if (host.state !== 'waiting') return resolve()
      const stop = host.onState((state) => {
        if (state === 'waiting') return
        stop()
        resolve()
      })
    })
  // Opened when the host is, not when first asked: events come without a question.
  const follow = (state: StoreHost['state']) => {
    if (state === 'open') void openNow()
    else door = undefined
  }
  host.onState(follow)
  follow(host.state)

  const call = async (method: keyof StoreForUi, args: unknown[]) => {
    await settled()
    if (host.state !== 'open') return err(appError('door.closed'))
    const opened = await openNow()
    if (!opened) return err(appError('door.closed'))
    return (opened.remote[method] as (...values: unknown[]) => Promise<unknown>)(...args)
  }
  return new Proxy({} as Remote<StoreForUi>, {
    get: (_target, method) =>
      typeof method === 'string' && method !== 'then'
        ? (...args: unknown[]) => call(method as keyof StoreForUi, args)
        : undefined,
  })
}
