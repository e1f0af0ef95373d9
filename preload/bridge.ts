import type {
  Bridge,
  DoorStates,
  EngineForUi,
  MessageId,
  Remote,
  ShellForUi,
  Sidebar,
  StoreForUi,
  UiForStore,
  Unsubscribe,
  ViewChange,
} from './contract/index.ts'
import { done, type Handlers } from './doors/rpc.ts'

/** Listeners of one kind of event. A listener that throws stops no other; its error goes where uncaught ones go. */
export interface Topic<Event> {
  add(listener: (event: Event) => void): Unsubscribe
  tell(event: Event): void
}

/** Makes a topic. */
export function topic<Event>(): Topic<Event> {
  const listeners = new Set<(event: Event) => void>()
  return {
    add(listener) {
      // A function of its own, so that the same listener given twice is called twice and leaves once.
      const own = (event: Event) => listener(event)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    tell(event) {
      for (const listener of [...listeners]) {
        try {
          listener(event)
        } catch (error) {
          reportError(error)
        }
      }
    },
  }
}

/** What the store tells, as handlers for its door and as subscriptions for the window. */
export interface StoreEvents {
  readonly handlers: Handlers<UiForStore>
  readonly sidebar: Topic<Sidebar>
  readonly view: Topic<ViewChange>
}

/** Makes the window's end of the store's events; it outlives each single door. */
export function storeEvents(): StoreEvents {
  const sidebar = topic<Sidebar>()
  const view = topic<ViewChange>()
  return {
    sidebar,
    view,
    handlers: {
      sidebar: (value) => (sidebar.tell(value), done),
      view: (change) => (view.tell(change), done),
    },
  }
}

/** All that a bridge is made of, whichever shell brought it. */
export interface BridgeParts {
  readonly store: Remote<StoreForUi>
  readonly events: StoreEvents
  readonly engine: Remote<EngineForUi>
  readonly shell: Remote<ShellForUi>
  readonly takeOverStore: () => void
  readonly doors: { readonly now: () => DoorStates; readonly changes: Topic<DoorStates> }
  /** Before `<message>/<part>` in local URLs: `/octets/`, or an origin of Electron's. */
  readonly octets: string
}

// Written out: only what is named here can be called from a page, and nothing can be hung onto a proxy.
const STORE = ['sidebar', 'open', 'window', 'close', 'position', 'read', 'want', 'dump', 'stats'] as const
const ENGINE = ['test', 'add', 'remove', 'password', 'retry'] as const
const SHELL = ['info', 'openExternal'] as const
type Complete<Api, Names extends readonly (keyof Api)[]> = [keyof Api] extends [Names[number]] ? Names : never
const names =
  <Api>() =>
  <const Names extends readonly (keyof Api)[]>(list: Complete<Api, Names>): Names =>
    list

/** Makes `window.ketchup`. */
export function makeBridge(parts: BridgeParts): Bridge {
  return {
    store: Object.freeze({
      ...pick(parts.store, names<StoreForUi>()(STORE)),
      onSidebar: (listener: (sidebar: Sidebar) => void) => parts.events.sidebar.add(listener),
      onView: (listener: (change: ViewChange) => void) => parts.events.view.add(listener),
    }),
    engine: Object.freeze(pick(parts.engine, names<EngineForUi>()(ENGINE))),
    shell: Object.freeze(pick(parts.shell, names<ShellForUi>()(SHELL))),
    octets: Object.freeze({
      url: (message: MessageId, part: string) => `${parts.octets}${message}/${encodeURIComponent(part)}`,
    }),
    takeOverStore: parts.takeOverStore,
    onDoors(listener) {
      const stop = parts.doors.changes.add(listener)
      listener(parts.doors.now())
      return stop
    },
  }
}

function pick<Api>(remote: Remote<Api>, methods: readonly (keyof Api)[]): Remote<Api> {
  return Object.fromEntries(methods.map((method) => [method, remote[method]])) as unknown as Remote<Api>
}
