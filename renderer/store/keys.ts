import type { MailboxId } from '../../preload/contract/index.ts'
import type { PlacementPage } from './schema.ts'

/** Place of a row in a list: by date, newest first, then by mailbox, then by UID, greatest first. */
export interface Key {
  readonly date: number
  readonly mailbox: MailboxId
  readonly uid: number
}

/** Rows inserted (by > 0) or removed (by < 0) at an index of the former order. */
export interface Move {
  readonly at: number
  readonly by: number
}

/** Negative when `a` stands before `b`. */
export function compareKeys(a: Key, b: Key): number {
  return b.date - a.date || a.mailbox - b.mailbox || b.uid - a.uid
}

/** The order of a list, in columns: 16 octets a row. Immutable: `change` makes a new one. */
export class KeyList {
  readonly dates: Float64Array
  readonly mailboxes: Uint32Array
  readonly uids: Uint32Array

  constructor(length: number) {
    this.dates = new Float64Array(length)
    this.mailboxes = new Uint32Array(length)
    this.uids = new Uint32Array(length)
  }

  get length(): number {
    return this.uids.length
  }

  /** All placements of some pages, in order. Pages from the greatest UID down are mostly in order already. */
  static from(pages: readonly PlacementPage[]): KeyList {
    const raw = new KeyList(pages.reduce((sum, page) => sum + page.uids.length, 0))
    let at = 0
    let sorted = true
    for (const page of pages) {
      for (let i = page.uids.length - 1; i >= 0; i--, at++) {
        raw.dates[at] = page.dates[i] ?? 0
        raw.mailboxes[at] = page.mailbox
        raw.uids[at] = page.uids[i] ?? 0
        if (sorted && at > 0 && compareKeys(raw.key(at - 1), raw.key(at)) > 0) sorted = false
      }
    }
    if (sorted) return raw
    const order = new Uint32Array(at)
    for (let i = 0; i < at; i++) order[i] = i
    order.sort((a, b) => compareKeys(raw.key(a), raw.key(b)))
    const list = new KeyList(at)
    for (let i = 0; i < at; i++) {
      const from = order[i] ?? 0
      list.dates[i] = raw.dates[from] ?? 0
      list.mailboxes[i] = raw.mailboxes[from] ?? 0
      list.uids[i] = raw.uids[from] ?? 0
    }
    return list
  }

  key(index: number): Key {
    return { date: this.dates[index] ?? 0, mailbox: this.mailboxes[index] ?? 0, uid: this.uids[index] ?? 0 }
  }

  /** Index of the first row that does not stand before `key`: its own place, or where it would be. */
  place(key: Key): number {
    let low = 0
    let high = this.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (compareKeys(this.key(middle), key) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Index of a row, or -1. */
  indexOf(key: Key): number {
    const at = this.place(key)
    return at < this.length && compareKeys(this.key(at), key) === 0 ? at : -1
  }

  /** The list with keys taken out and put in, and how places moved. Keys to remove that are not there are passed over. */
  change(added: readonly Key[], removed: readonly Key[]): { list: KeyList; moves: Move[] } {
    const out = removed.map((key) => this.indexOf(key)).filter((at) => at >= 0)
    out.sort((a, b) => a - b)
    const put = added.filter((key) => this.indexOf(key) < 0).sort(compareKeys)
    const list = new KeyList(this.length - out.length + put.length)
    const moves: Move[] = []
    const move = (at: number, by: number) => {
      const last = moves.at(-1)
      if (last && by > 0 && last.by > 0 && last.at === at) moves[moves.length - 1] = { at, by: last.by + by }
      else if (last && by < 0 && last.by < 0 && last.at - last.by === at)
        moves[moves.length - 1] = { at: last.at, by: last.by + by }
      else moves.push({ at, by })
    }
    let from = 0
    let to = 0
    const copy = (until: number) => {
      list.dates.set(this.dates.subarray(from, until), to)
      list.mailboxes.set(this.mailboxes.subarray(from, until), to)
      list.uids.set(this.uids.subarray(from, until), to)
      to += until - from
      from = until
    }
    let next = 0
    for (const key of put) {
      const at = this.place(key)
      for (; next < out.length && (out[next] ?? 0) < at; next++) {
        copy(out[next] ?? 0)
        from++
        move(from - 1, -1)
      }
      copy(at)
      list.dates[to] = key.date
      list.mailboxes[to] = key.mailbox
      list.uids[to++] = key.uid
      move(at, 1)
    }
    for (; next < out.length; next++) {
      copy(out[next] ?? 0)
      from++
      move(from - 1, -1)
    }
    copy(this.length)
    return { list, moves }
  }
}
