/** The page of the tests in a browser: the real bridge, and a store that says what it is told to. */
import { err, appError, ok, type StoreForUi, type UiForStore } from '../../../preload/contract/index.ts'
import { connectBrowser, type StoreHost } from '../../../preload/browser.ts'
import { channelPair } from '../../../preload/doors/channels.ts'
import { openDoor, type Handlers } from '../../../preload/doors/rpc.ts'

const listeners = new Set<(state: StoreHost['state']) => void>()
const missing = () => err(appError('internal'))
const STORE: Handlers<StoreForUi> = {
  sidebar: missing,
  open: missing,
  window: missing,
  close: missing,
  position: missing,
  read: missing,
  want: missing,
  dump: () => ok('dumped'),
  stats: missing,
}

let state: StoreHost['state'] = 'waiting'
let say: ((text: string) => void) | undefined
const host: StoreHost & { set(next: StoreHost['state']): void; say(account: string): void } = {
  get state() {
    return state
  },
  onState(listener) {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  async channel() {
    const [here, there] = channelPair()
    const { remote } = openDoor<UiForStore, StoreForUi>(there, STORE)
    say = () => void remote.sidebar({ accounts: [], mailboxes: [], statuses: [], known: true, engine: true })
    return here
  },
  takeOver: () => host.set('open'),
  set(next) {
    state = next
    for (const listener of [...listeners]) listener(next)
  },
  say: (account) => say?.(account),
}

Object.assign(window, { host, ketchup: await connectBrowser(host) })
document.title = 'ready'
