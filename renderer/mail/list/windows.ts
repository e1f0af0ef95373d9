import { rowKey, type ListRow, type ViewChange, type ViewWindow } from '../../../preload/contract/index.ts'

/** Rows fetched at a time; also the grid on which windows begin. */
export const WINDOW = 100

/** Rows kept at most: some screens around the one in view. */
const KEPT = 1500

type Moves = NonNullable<ViewChange['moves']>

/** Where a row of the former order stands now; -1 when it was removed. */
export function moved(index: number, moves: Moves): number {
  let shift = 0
  for (const { at, by } of moves) {
    if (at > index) break
    if (by < 0 && index < at - by) return -1
    shift += by
  }
  return index + shift
}

/** The same for a place between rows: what was removed around it lets it slide up. */
export function movedPlace(index: number, moves: Moves): number {
  let shift = 0
  for (const { at, by } of moves) {
    if (at > index) break
    shift += by < 0 ? -Math.min(-by, index - at) : by
  }
  return index + shift
}

/**
 * The loaded part of a list that is known by its length: rows by index. Immutable from outside, so that one assignment
 * redraws; `stale` windows are shown as they are until they have been read again.
 */
export class Rows {
  readonly #rows: Map<number, ListRow>
  readonly #fresh: Set<number>

  constructor(rows = new Map<number, ListRow>(), fresh = new Set<number>()) {
    this.#rows = rows
    this.#fresh = fresh
  }

  at(index: number): ListRow | undefined {
    return this.#rows.get(index)
  }

  /** Where a row stands among the loaded ones; -1 when it is not loaded. */
  find(key: string): number {
    for (const [index, row] of this.#rows) if (rowKey(row) === key) return index
    return -1
  }

  /** Starts of the windows that must be read to show rows `from` … `to`, the ones in view first. */
  missing(from: number, to: number, total: number): number[] {
    const starts: number[] = []
    const last = Math.min(to, total - 1)
    for (let start = Math.max(0, Math.floor(from / WINDOW) * WINDOW); start <= last; start += WINDOW) {
      if (!this.#fresh.has(start)) starts.push(start)
    }
    return starts
  }

  /** With a window as the store gave it. Far windows are let go. */
  with(window: ViewWindow, center: number): Rows {
    const rows = new Map(this.#rows)
    const fresh = new Set(this.#fresh)
    for (let index = window.from; index < window.from + WINDOW; index++) rows.delete(index)
    window.rows.forEach((row, offset) => rows.set(window.from + offset, row))
    fresh.add(window.from)
    if (rows.size > KEPT) {
      for (const index of rows.keys()) if (Math.abs(index - center) > KEPT / 2) rows.delete(index)
      for (const start of fresh) if (Math.abs(start + WINDOW / 2 - center) > KEPT / 2 - WINDOW) fresh.delete(start)
    }
    return new Rows(rows, fresh)
  }

  /** After a change: rows keep their content at their new places; what may be wrong is read again. */
  after(change: Pick<ViewChange, 'moves' | 'updated'>): Rows {
    const { moves } = change
    if (moves === null) return new Rows()
    if (moves.length === 0) {
      const updated = new Set(change.updated)
      const fresh = new Set(this.#fresh)
      for (const [index, row] of this.#rows) {
        if (updated.has(row.id)) fresh.delete(Math.floor(index / WINDOW) * WINDOW)
      }
      return new Rows(this.#rows, fresh)
    }
    const rows = new Map<number, ListRow>()
    for (const [index, row] of this.#rows) {
      const now = moved(index, moves)
      if (now >= 0) rows.set(now, row)
    }
    return new Rows(rows)
  }
}

/** How many rows came in above a place: what a "3 new messages" hint counts. */
export function arrivedAbove(index: number, moves: Moves): number {
  return moves.reduce((sum, { at, by }) => (by > 0 && at <= index ? sum + by : sum), 0)
}
