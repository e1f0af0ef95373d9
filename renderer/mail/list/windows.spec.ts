import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ListRow } from '../../../preload/contract/index.ts'
import { arrivedAbove, moved, movedPlace, Rows, WINDOW } from './windows.ts'

function row(uid: number): ListRow {
  return { mailbox: 1, uid, id: uid } as ListRow
}

/** A former order and what became of it, with the moves that tell of it. */
const change = fc
  .array(fc.record({ kept: fc.boolean(), before: fc.nat(2) }), { minLength: 1, maxLength: 30 })
  .map((places) => {
    const moves: { at: number; by: number }[] = []
    const after: (number | null)[] = []
    places.forEach(({ kept, before }, index) => {
      if (before > 0) moves.push({ at: index, by: before })
      for (let made = 0; made < before; made++) after.push(null)
      if (kept) after.push(index)
      else moves.push({ at: index, by: -1 })
    })
    return { length: places.length, moves, after }
  })

describe('moves of a view', () => {
  test('lead every former row to where it stands', () => {
    fc.assert(
      fc.property(change, ({ length, moves, after }) => {
        for (let index = 0; index < length; index++) expect(moved(index, moves)).toBe(after.indexOf(index))
      }),
    )
  })

  test('a removed stretch is one move', () => {
    const moves = [{ at: 2, by: -3 }]
    expect([0, 1, 2, 3, 4, 5].map((index) => moved(index, moves))).toEqual([0, 1, -1, -1, -1, 2])
    expect(movedPlace(4, moves)).toBe(2)
    expect(movedPlace(7, moves)).toBe(4)
  })

  test('only what came in above a place counts as arrived there', () => {
    const moves = [
      { at: 0, by: 2 },
      { at: 3, by: -1 },
      { at: 9, by: 4 },
    ]
    expect(arrivedAbove(5, moves)).toBe(2)
  })
})

describe('loaded rows', () => {
  const window = (from: number, uids: readonly number[]) => ({ view: 1, version: 1, from, rows: uids.map(row) })
  const hundred = Array.from({ length: WINDOW }, (_, index) => index)

  test('ask for the windows in view that are not there', () => {
    const rows = new Rows().with(window(0, hundred), 0)
    expect(rows.missing(-50, 250, 1000)).toEqual([100, 200])
    expect(rows.missing(0, 99, 1000)).toEqual([])
    expect(new Rows().missing(0, 99, 0)).toEqual([])
  })

  test('keep their content while rows come in above, and are read again', () => {
    const rows = new Rows().with(window(0, hundred), 0).after({ moves: [{ at: 0, by: 2 }], updated: [] })
    expect(rows.at(0)).toBeUndefined()
    expect(rows.at(2)?.uid).toBe(0)
    expect(rows.find('1:5')).toBe(7)
    expect(rows.missing(0, 20, 102)).toEqual([0])
  })

  test('only windows with an updated message are read again', () => {
    const rows = new Rows()
      .with(window(0, hundred), 0)
      .with(
        window(
          100,
          hundred.map((uid) => uid + 100),
        ),
        0,
      )
      .after({ moves: [], updated: [150] })
    expect(rows.at(150)?.uid).toBe(150)
    expect(rows.missing(0, 199, 200)).toEqual([100])
  })

  test('a new order starts from nothing', () => {
    const rows = new Rows().with(window(0, hundred), 0).after({ moves: null, updated: [] })
    expect(rows.at(0)).toBeUndefined()
  })

  test('a window that came back shorter leaves no old row behind', () => {
    const rows = new Rows().with(window(0, hundred), 0).with(window(0, [1, 2, 3]), 0)
    expect(rows.at(2)?.uid).toBe(3)
    expect(rows.at(3)).toBeUndefined()
  })

  test('far windows are let go', () => {
    let rows = new Rows()
    for (let from = 0; from < 10_000; from += WINDOW) {
      rows = rows.with(
        window(
          from,
          hundred.map((uid) => uid + from),
        ),
        from,
      )
    }
    expect(rows.at(0)).toBeUndefined()
    expect(rows.at(9_950)?.uid).toBe(9_950)
    expect(rows.missing(0, 50, 10_000)).toEqual([0])
  })
})
