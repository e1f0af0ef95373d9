import {
  rowKey,
  type AppError,
  type Bridge,
  type ListRow,
  type ViewChange,
  type ViewQuery,
  type ViewState,
  type ViewWindow,
} from '../../../preload/contract/index.ts'
import { arrivedAbove, moved, movedPlace, Rows, WINDOW } from '../list/windows.ts'

/** Rows that a list shows now: from `first`, `at the top` when nothing is scrolled away. */
export interface Place {
  readonly first: number
  readonly last: number
  readonly top: boolean
}

/** A live list: reads the windows in view, follows the changes, and keeps its place and its cursor. */
export class LiveList {
  readonly #bridge: Bridge
  query = $state.raw<ViewQuery | null>(null)
  view = $state.raw<ViewState | null>(null)
  rows = $state.raw(new Rows())
  error = $state.raw<AppError | null>(null)
  /** Index of the current row, -1 for none. */
  cursor = $state(-1)
  /** Identity of the current row, '' for none: it survives when rows come and go around it. */
  current = $state('')
  /** Rows that came in above the place in view since it was last at the top. */
  arrived = $state(0)
  /** Grows with every arrival, with how many came: for the live region. */
  announced = $state.raw({ serial: 0, count: 0 })
  /** Set by the list's element: moves what is in view by so many rows without moving what is seen. */
  shift: ((rows: number) => void) | null = null
  /** Grows whenever the current row is to be brought into view. */
  revealed = $state(0)
  #then: ((row: ListRow) => void) | null = null
  #place: Place = { first: 0, last: 30, top: true }
  #opening = 0
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is drawn from it
  #reading = new Set<string>()
  /** Windows that were read at a version whose change has not been heard of yet. */
  #early: ViewWindow[] = []

  constructor(bridge: Bridge) {
    this.#bridge = bridge
  }

  /** Opens another view, or the same one again after the store came back. */
  async open(query: ViewQuery): Promise<void> {
    const turn = ++this.#opening
    const former = this.view?.view
    const same = JSON.stringify(query) === JSON.stringify(this.query)
    this.query = query
    this.view = null
    this.error = null
    this.rows = new Rows()
    this.#early = []
    this.#reading.clear()
    this.arrived = 0
    if (!same) {
      this.cursor = -1
      this.current = ''
      this.#then = null
      this.#place = { first: 0, last: 30, top: true }
    }
    if (former !== undefined) void this.#bridge.store.close(former)
    const opened = await this.#bridge.store.open(query)
    if (turn !== this.#opening) {
      if (opened.ok) void this.#bridge.store.close(opened.value.view)
      return
    }
    if (!opened.ok) this.error = opened.error
    else {
      this.view = opened.value
      this.#read()
    }
  }

  /** Tells which rows are in view; reads what is missing, a screen ahead in both directions. */
  show(place: Place): void {
    this.#place = place
    if (place.top) this.arrived = 0
    this.#read()
  }

  /** Makes a row the current one and brings it into view. `then` is called with it, later when it has yet to be read. */
  select(index: number, then?: (row: ListRow) => void): void {
    const row = this.rows.at(index)
    this.cursor = index
    this.current = row ? rowKey(row) : ''
    this.revealed++
    this.#then = row ? null : (then ?? null)
    if (row) then?.(row)
  }

  change(change: ViewChange): void {
    if (!this.view || change.view !== this.view.view || change.version <= this.view.version) return
    const { moves } = change
    const came = this.view.total === 0 ? 0 : arrivedOnTop(moves, change.unread - this.view.unread)
    this.rows = this.rows.after(change)
    this.view = change
    if (moves === null) void this.#findPlaces()
    else if (moves.length > 0) this.#move(moves)
    if (came > 0) this.announced = { serial: this.announced.serial + 1, count: came }
    const early = this.#early
    this.#early = []
    for (const window of early) this.#take(window)
    this.#read()
  }

  #move(moves: NonNullable<ViewChange['moves']>): void {
    if (this.cursor >= 0) {
      const now = moved(this.cursor, moves)
      // the current row is gone: its place goes to the one after it, and nothing opens by itself
      if (now < 0) this.current = ''
      this.cursor = now >= 0 ? now : Math.min(movedPlace(this.cursor, moves), (this.view?.total ?? 0) - 1)
    }
    if (this.#place.top) return
    this.arrived += arrivedAbove(this.#place.first, moves)
    const by = movedPlace(this.#place.first, moves) - this.#place.first
    if (by !== 0) this.shift?.(by)
  }

  /** The order was made anew: asks where the current row stands now. */
  async #findPlaces(): Promise<void> {
    const view = this.view
    const [mailbox, uid] = this.current.split(':').map(Number)
    this.cursor = -1
    if (!view || mailbox === undefined || uid === undefined) return
    const found = await this.#bridge.store.position(view.view, mailbox, uid)
    if (found.ok && this.view?.view === view.view) this.cursor = found.value
  }

  #read(): void {
    const { view } = this
    if (!view) return
    const { first, last } = this.#place
    const ahead = last - first + 1
    for (const from of this.rows.missing(first - ahead, last + ahead, view.total)) {
      const key = `${view.view}:${view.version}:${from}`
      if (this.#reading.has(key)) continue
      this.#reading.add(key)
      void this.#bridge.store.window(view.view, from, WINDOW).then((result) => {
        this.#reading.delete(key)
        if (result.ok) this.#take(result.value)
        else if (this.view?.view === view.view && result.error.code !== 'door.closed') this.error = result.error
      })
    }
  }

  #take(window: ViewWindow): void {
    const { view } = this
    if (!view || window.view !== view.view) return
    if (window.version > view.version) this.#early.push(window)
    else if (window.version < view.version) this.#read()
    else {
      this.rows = this.rows.with(window, (this.#place.first + this.#place.last) / 2)
      this.error = null
      if (this.cursor < 0 && this.current !== '') this.cursor = this.rows.find(this.current)
      else if (this.cursor >= 0 && this.current === '') {
        const row = this.rows.at(this.cursor)
        this.current = row ? rowKey(row) : ''
        if (row) this.#then?.(row)
        if (row) this.#then = null
      }
    }
  }
}

/** New unread mail at the top: not what a sync fills in further down, nor what another program marked as unread. */
function arrivedOnTop(moves: ViewChange['moves'], moreUnread: number): number {
  const onTop = moves?.[0]?.at === 0 ? moves[0].by : 0
  return Math.max(0, Math.min(onTop, moreUnread))
}
