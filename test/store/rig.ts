import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { WebSocketServer, type WebSocket as NodeSocket } from 'ws'
import {
  ok,
  type Account,
  type EngineForStore,
  type Remote,
  type Sidebar,
  type StoreForEngine,
  type StoreForUi,
  type StoreHello,
  type UiForStore,
  type ViewChange,
} from '../../preload/contract/index.ts'
import { socketChannel } from '../../preload/doors/channels.ts'
import { openDoor, type Door } from '../../preload/doors/rpc.ts'
import { PAGE } from './build.ts'

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' }

/** Values that come one by one, to be awaited in their order. */
export class Feed<T> {
  readonly all: T[] = []
  readonly #waiting = new Set<() => void>()

  put(value: T): void {
    this.all.push(value)
    for (const check of [...this.#waiting]) check()
  }

  /** The first value from index `from` on for which `test` holds, now or later. */
  async find(test: (value: T) => boolean = () => true, from = 0): Promise<T> {
    for (;;) {
      const found = this.all.slice(from).find(test)
      if (found !== undefined) return found
      await new Promise<void>((resolve) => {
        const check = () => {
          this.#waiting.delete(check)
          resolve()
        }
        this.#waiting.add(check)
      })
    }
  }
}

/** The store as an engine sees it, from its hello on. */
export interface EngineEnd {
  readonly hello: StoreHello
  readonly store: Remote<StoreForEngine>
  readonly door: Door<StoreForEngine>
}

/** The store as a window sees it. */
export interface WindowEnd {
  readonly store: Remote<StoreForUi>
  readonly door: Door<StoreForUi>
  readonly sidebars: Feed<Sidebar>
  readonly changes: Feed<ViewChange>
}

/** The other side of every door of the store, and the server of its page. */
export interface Rig {
  readonly url: string
  /** Engine doors of all stores that said hello, in order. */
  readonly engines: Feed<EngineEnd>
  readonly windows: Feed<WindowEnd>
  /** What the page's host said about itself. */
  readonly states: Feed<string>
  readonly opened: Feed<readonly number[]>
  readonly wanted: Feed<readonly [message: number, mailbox: number, uid: number]>
  /** What hello is answered with. */
  accounts: Account[]
  /** False: sockets of the engine are turned away. */
  engineUp: boolean
  close(): Promise<void>
}

/** Starts a rig. The page must have been built (build.ts). */
export async function startRig(): Promise<Rig> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://rig').pathname
    if (request.method === 'POST') {
      rig.states.put(path.slice('/state/'.length))
      response.end()
      return
    }
    // Of the same origin, but without a store: for the bench of layouts.
    if (path === '/blank.html') {
      response.setHeader('content-type', 'text/html').end('<title>Blank</title>')
      return
    }
    readFile(join(PAGE, normalize(path))).then(
      (bytes) => response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream').end(bytes),
      () => response.writeHead(404).end(),
    )
  })
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 * 1024 })
  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    if (request.url === '/engine' && !rig.engineUp) {
      socket.destroy()
      return
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) =>
      request.url === '/engine' ? asEngine(webSocket) : asWindow(webSocket),
    )
  })

  const asEngine = (socket: NodeSocket) => {
    const door: Door<StoreForEngine> = openDoor<StoreForEngine, EngineForStore>(channelOf(socket), {
      hello: (hello) => {
        // After the answer: like the real engine, which sends only when it was greeted and has answered.
        setImmediate(() => rig.engines.put({ hello, store: door.remote, door }))
        return ok({ accounts: rig.accounts, statuses: [] })
      },
      opened: (mailboxes) => (rig.opened.put(mailboxes), ok()),
      want: (...args) => (rig.wanted.put(args), ok()),
    })
  }
  const asWindow = (socket: NodeSocket) => {
    const sidebars = new Feed<Sidebar>()
    const changes = new Feed<ViewChange>()
    const door = openDoor<StoreForUi, UiForStore>(channelOf(socket), {
      sidebar: (sidebar) => (sidebars.put(sidebar), ok()),
      view: (change) => (changes.put(change), ok()),
    })
    rig.windows.put({ store: door.remote, door, sidebars, changes })
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const rig: Rig = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/page.html`,
    engines: new Feed(),
    windows: new Feed(),
    states: new Feed(),
    opened: new Feed(),
    wanted: new Feed(),
    accounts: [],
    engineUp: true,
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return rig
}

/** The sockets of `ws` have the web's interface where a channel needs it. */
function channelOf(socket: NodeSocket) {
  return socketChannel(socket as unknown as WebSocket)
}
