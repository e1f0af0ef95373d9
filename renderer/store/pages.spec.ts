import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FLAG } from '../../preload/contract/index.ts'
import { bodyIn, packBodies, packWithout } from './bodies.ts'
import { canonical, normalRanges } from './dump.ts'
import { changePage, findUid, placementAt, unreadOf } from './placements.ts'

const value = (message: number, flags = 0, keywords: string[] = []) => ({
  message,
  date: message * 10,
  flags,
  keywords,
})

describe('a page of placements', () => {
  it('is changed without touching the one before', () => {
    const first = changePage(
      undefined,
      7,
      0,
      new Map([
        [5, value(1)],
        [3, value(2, FLAG.seen, ['work'])],
      ]),
    )!
    const second = changePage(
      first,
      7,
      0,
      new Map([
        [4, value(3)],
        [5, null],
      ]),
    )!
    expect([...first.uids]).toEqual([3, 5])
    expect([...second.uids]).toEqual([3, 4])
    expect(placementAt(second, 0)).toEqual({ mailbox: 7, uid: 3, message: 2, date: 20, flags: 1, keywords: ['work'] })
    expect([findUid(second, 4), findUid(second, 5), findUid(undefined, 4)]).toEqual([1, -1, -1])
    expect([unreadOf(first), unreadOf(second), unreadOf(undefined)]).toEqual([1, 1, 0])
  })

  it('is none when nothing is left', () => {
    const page = changePage(undefined, 7, 0, new Map([[5, value(1)]]))
    expect(changePage(page, 7, 0, new Map([[5, null]]))).toBeUndefined()
  })
})

describe('packs of bodies', () => {
  const block = (lengths: readonly number[]) => {
    const offsets = [0]
    for (const length of lengths) offsets.push(offsets.at(-1)! + length)
    const bytes = Uint8Array.from({ length: offsets.at(-1)! }, (_, i) => i * 31)
    return { messages: lengths.map((_, i) => i + 1), offsets, bytes }
  }
  const lengths = fc.array(fc.nat({ max: 300 }), { maxLength: 30 })

  it('hold every wanted body, and no other, below their limit', () => {
    fc.assert(
      fc.property(lengths, (some) => {
        const given = block(some)
        const wanted = new Set(given.messages.filter((id) => id % 4 !== 0))
        const packs = packBodies(given, wanted, 9, 500)
        expect(packs.map(({ id }) => id)).toEqual(packs.map((_, i) => 9 + i))
        expect(packs.flatMap(({ messages }) => messages)).toEqual([...wanted])
        for (const pack of packs) {
          expect(pack.bytes.length <= 500 || pack.messages.length === 1).toBe(true)
          expect(pack.bytes.buffer.byteLength).toBe(pack.bytes.length)
          for (const id of pack.messages) {
            expect(bodyIn(pack, id)).toEqual(given.bytes.subarray(given.offsets[id - 1], given.offsets[id]))
          }
        }
      }),
    )
  })

  it('give up what is gone, and are none when empty', () => {
    const [pack] = packBodies(block([10, 20, 30]), new Set([1, 2, 3]), 1)
    const rest = packWithout(pack!, new Set([2]))!
    expect(rest.bytes.length).toBe(40)
    expect(bodyIn(rest, 3)).toEqual(bodyIn(pack!, 3))
    expect(bodyIn(rest, 2)).toBeUndefined()
    expect(packWithout(rest, new Set([1, 3]))).toBeNull()
  })
})

describe('the dump', () => {
  it('joins ranges that touch and drops empty ones', () => {
    expect(
      normalRanges([
        [5, 9],
        [1, 3],
        [3, 5],
        [12, 12],
        [20, 30],
      ]),
    ).toEqual([
      [1, 9],
      [20, 30],
    ])
  })
  it('does not depend on the order of keys', () => {
    expect(canonical({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}')
  })
})
