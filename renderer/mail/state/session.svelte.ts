import type { AppError, Bridge, DoorStates, ShellInfo, Sidebar, Unsubscribe } from '../../../preload/contract/index.ts'

const NOTHING: Sidebar = { accounts: [], mailboxes: [], statuses: [], known: false, engine: false }

/** What the window knows of the world outside: accounts, folders, sync, doors. */
export class Session {
  readonly bridge: Bridge
  sidebar = $state.raw<Sidebar>(NOTHING)
  doors = $state.raw<DoorStates>({ engine: 'open', shell: 'open', store: 'open' })
  info = $state.raw<ShellInfo | null>(null)
  error = $state.raw<AppError | null>(null)

  constructor(bridge: Bridge) {
    this.bridge = bridge
  }

  /** Listens until the returned function is called. `reopened`: the store came (back), views must be opened anew. */
  start(reopened: () => void): Unsubscribe {
    const stops = [
      this.bridge.store.onSidebar((sidebar) => this.#take(sidebar)),
      this.bridge.onDoors((doors) => {
        const back = doors.store === 'open' && this.doors.store !== 'open'
        this.doors = doors
        if (!back) return
        void this.#readSidebar()
        reopened()
      }),
    ]
    void this.#readSidebar()
    void this.bridge.shell.info().then((result) => {
      if (result.ok) this.info = result.value
    })
    return () => {
      for (const stop of stops) stop()
    }
  }

  async #readSidebar(): Promise<void> {
    const result = await this.bridge.store.sidebar()
    if (result.ok) this.#take(result.value)
    // a door that is closed now tells so by its state, and the sidebar is read again when it opens
    else if (result.error.code !== 'door.closed') this.error = result.error
  }

  #take(sidebar: Sidebar): void {
    this.sidebar = sidebar
    this.error = null
  }
}
