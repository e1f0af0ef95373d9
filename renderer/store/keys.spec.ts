import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareKeys, KeyList, type Key } from './keys.ts'
import { changePage, pageOf } from './placements.ts'
import type { PlacementPage } from './schema.ts'

/** Few dates, so that many rows have the same one. */
const key = fc.record({
  date: fc.integer({ min: 0, max: 5 }),
  mailbox: fc.integer({ min: 1, max: 3 }),
  uid: fc.integer({ min: 1, max: 600 }),
})
const name = ({ mailbox, uid }: Key) => `${mailbox}:${uid}`
const keys = fc.uniqueArray(key, { selector: name, maxLength: 60 })

function pagesOf(keys: readonly Key[]): PlacementPage[] {
  const pages = new Map<string, PlacementPage>()
  for (const { mailbox, uid, date } of keys) {
    const at = `${mailbox}/${pageOf(uid)}`
    const change = new Map([[uid, { message: uid, date, flags: 0, keywords: [] }]])
    pages.set(at, changePage(pages.get(at), mailbox, pageOf(uid), change)!)
  }
  return [...pages.values()]
}
const all = (list: KeyList) => Array.from({ length: list.length }, (_, i) => list.key(i))

describe('the order of a list', () => {
  it('is newest first, then by folder, then by greatest UID, whatever the order of pages', () => {
    fc.assert(
      fc.property(keys, (some) => {
        expect(all(KeyList.from(pagesOf(some)))).toEqual([...some].sort(compareKeys))
      }),
    )
  })

  it('finds every row, and none that is not there', () => {
    fc.assert(
      fc.property(keys, key, (some, other) => {
        const list = KeyList.from(pagesOf(some))
        for (const [i, one] of [...some].sort(compareKeys).entries()) expect(list.indexOf(one)).toBe(i)
        if (!some.some((one) => compareKeys(one, other) === 0)) expect(list.indexOf(other)).toBe(-1)
      }),
    )
  })

  it('changes by merging to what building anew would give', () => {
    fc.assert(
      fc.property(keys, keys, fc.nat(), (some, more, seed) => {
        const before = KeyList.from(pagesOf(some))
        const removed = some.filter((_, i) => (i * 7 + seed) % 3 === 0)
        const kept = some.filter((one) => !removed.includes(one))
        const added = more.filter((one) => !some.some((old) => name(old) === name(one)))
        const { list } = before.change(added, removed)
        expect(all(list)).toEqual([...kept, ...added].sort(compareKeys))
      }),
    )
  })

  it('tells moves by which a window can follow each row that stays', () => {
    fc.assert(
      fc.property(keys, keys, fc.nat(), (some, more, seed) => {
        const before = KeyList.from(pagesOf(some))
        const removed = some.filter((_, i) => (i * 7 + seed) % 3 === 0)
        const added = more.filter((one) => !some.some((old) => name(old) === name(one)))
        const { list, moves } = before.change(added, removed)
        for (const one of some.filter((old) => !removed.includes(old))) {
          const former = before.indexOf(one)
          const moved = moves.filter(({ at }) => at <= former).reduce((sum, { by }) => sum + by, 0)
          expect(list.indexOf(one)).toBe(former + moved)
        }
        expect(moves.map(({ at }) => at)).toEqual(moves.map(({ at }) => at).sort((a, b) => a - b))
      }),
    )
  })

  it('tells neighbours as one move', () => {
    const some = Array.from({ length: 10 }, (_, i) => ({ date: 100 - i, mailbox: 1, uid: 10 - i }))
    const newer = [1, 2, 3].map((i) => ({ date: 100 + i, mailbox: 1, uid: 10 + i }))
    const { moves } = KeyList.from(pagesOf(some)).change(newer, some.slice(4, 7))
    expect(moves).toEqual([
      { at: 0, by: 3 },
      { at: 4, by: -3 },
    ])
  })
})
