import {
  appError,
  err,
  ok,
  type AppError,
  type EngineHello,
  type MailboxId,
  type MessageBody,
  type MessageDetail,
  type MessageId,
  type Remote,
  type Result,
  type StoreForEngine,
  type StoreForUi,
  type StoreHello,
  type StoreStats,
  type UiForStore,
  type ViewId,
} from '../../preload/contract/index.ts'
import { STORE_FOR_UI } from '../../preload/contract/doors.ts'
import { decode } from '../../preload/doors/codec.ts'
import { openDoor, type Channel, type Door, type Handlers } from '../../preload/doors/rpc.ts'
import { bodyIn } from './bodies.ts'
import { dumpStore } from './dump.ts'
import { EngineLink } from './engine-link.ts'
import { storeError } from './failure.ts'
import { SidebarFeed } from './sidebar.ts'
import { StoreState } from './state.ts'
import { Views } from './views.ts'
import { Writer } from './writer.ts'
import type { StoreDatabase } from './schema.ts'

/** The store of one database, with a door for each window and one to the engine. */
export class Store {
  readonly #state: StoreState
  readonly #writer: Writer
  readonly #views: Views
  readonly #sidebar: SidebarFeed
  readonly #engine: EngineLink

  private constructor(state: StoreState, connect: () => Channel) {
    this.#state = state
    this.#sidebar = new SidebarFeed(state)
    this.#views = new Views(state, (mailboxes) => this.#opened(mailboxes))
    this.#writer = new Writer(state, {
      changed: (changes) => {
        this.#views.changed(changes)
        this.#sidebar.changed()
      },
      structure: () => {
        this.#views.structure()
        this.#sidebar.changed()
      },
    })
    this.#engine = new EngineLink({
      connect,
      handlers: this.#engineHandlers(),
      hello: () => this.#hello(),
      onHello: (hello) => this.#welcome(hello),
      onClose: () => this.#sidebar.engine(false),
    })
  }

  /**
   * Opens the store.
   * @param connect makes a channel to the engine: a WebSocket, or a port of Electron.
   * @throws what IndexedDB throws when it cannot be opened.
   */
  static async open(db: StoreDatabase, connect: () => Channel): Promise<Store> {
    const state = new StoreState(db)
    try {
      await state.open()
    } catch (error) {
      db.close()
      throw error
    }
    return new Store(state, connect)
  }

  /** Serves a window until its channel closes or the returned function is called. */
  serve(channel: Channel): () => void {
    const views = new Set<ViewId>()
    const door: Door<UiForStore> = openDoor<UiForStore, StoreForUi>(
      channel,
      this.#uiHandlers(views, () => door.remote),
      {
        checks: STORE_FOR_UI,
      },
    )
    const deaf = this.#sidebar.listen((sidebar) => void door.remote.sidebar(sidebar))
    void door.gone.then(() => {
      deaf()
      for (const view of views) this.#views.close(view)
    })
    return () => door.close()
  }

  #uiHandlers(mine: Set<ViewId>, remote: () => Remote<UiForStore>): Handlers<StoreForUi> {
    return {
      sidebar: () => ok(this.#sidebar.now()),
      open: (query) => {
        const state = this.#views.open(query, (change) => void remote().view(change))
        mine.add(state.view)
        return ok(state)
      },
      window: (view, from, count) => guard(() => this.#views.window(view, from, count)),
      close: (view) => {
        if (mine.delete(view)) this.#views.close(view)
        return ok()
      },
      position: (view, mailbox, uid) => guard(async () => ok(await this.#views.position(view, mailbox, uid))),
      read: (message) => guard(async () => ok(await this.#read(message))),
      want: (message) => guard(() => this.#want(message)),
      dump: () => guard(async () => ok(await dumpStore(this.#state))),
      stats: () => guard(async () => ok(await this.#stats())),
    }
  }

  #engineHandlers(): Handlers<StoreForEngine> {
    return {
      accounts: (accounts) => this.#writer.accounts(accounts),
      mailboxes: (account, mailboxes) => this.#writer.mailboxes(account, mailboxes),
      apply: (batch) => this.#writer.apply(batch),
      held: (mailbox) => guard(() => this.#state.exclusive(async () => ok(await this.#held(mailbox)))),
      status: (status) => {
        this.#sidebar.status(status)
        return ok()
      },
    }
  }

  async #hello(): Promise<StoreHello> {
    return this.#state.exclusive(async () => ({
      generation: this.#state.generation,
      lastMessage: await this.#state.lastMessage(),
      cursors: [...this.#state.cursors.values()],
    }))
  }

  #welcome({ accounts, statuses }: EngineHello): void {
    // Queued at once, so that they stand before the first batch, which may follow immediately.
    void this.#writer.accounts(accounts)
    for (const status of statuses) this.#sidebar.status(status)
    this.#sidebar.engine(true)
    this.#opened(this.#views.opened())
  }

  #opened(mailboxes: readonly MailboxId[]): void {
    void this.#engine.remote?.opened(mailboxes)
  }

  async #held(mailbox: MailboxId): Promise<Uint32Array> {
    if (!this.#state.mailboxes.has(mailbox)) return new Uint32Array()
    const pages = [...(await this.#state.placements(mailbox)).values()].sort((a, b) => a.page - b.page)
    const held = new Uint32Array(pages.reduce((sum, { uids }) => sum + uids.length, 0))
    let at = 0
    for (const { uids } of pages) {
      held.set(uids, at)
      at += uids.length
    }
    return held
  }

  async #read(id: MessageId): Promise<MessageDetail | null> {
    const message = await this.#state.message(id)
    if (!message) return null
    const placements = await this.#state.placesOf(message)
    if (placements.length === 0) return null
    const pack = message.pack ? await this.#state.db.bodies.get(message.pack) : undefined
    const bytes = pack && bodyIn(pack, id)
    return { row: message.row, placements, body: bytes ? (decode(bytes) as MessageBody) : null }
  }

  async #want(id: MessageId): Promise<Result<void, AppError>> {
    const message = await this.#state.message(id)
    const place = message && (await this.#state.placesOf(message))[0]
    if (!place) return err(appError('message.gone'))
    const engine = this.#engine.remote
    if (!engine) return err(appError('octets.missing'))
    return engine.want(id, place.mailbox, place.uid)
  }

  async #stats(): Promise<StoreStats> {
    let [messages, bodies, problems, placements] = [0, 0, 0, 0]
    for (const { total } of this.#state.mailboxes.values()) placements += total
    for (let page = 0; page <= this.#state.lastMessagePage; page += 32) {
      const pages = await this.#state.messagePages(Array.from({ length: 32 }, (_, i) => page + i))
      for (const { row, pack } of [...pages.values()].flat()) {
        messages++
        if (pack) bodies++
        if (row.problem) problems++
      }
    }
    return { mailboxes: this.#state.mailboxes.size, messages, bodies, placements, problems }
  }
}

/** Failures of the database as values. */
async function guard<T>(task: () => Promise<Result<T, AppError>>): Promise<Result<T, AppError>> {
  try {
    return await task()
  } catch (error) {
    return err(storeError(error))
  }
}
