import { describe, expect, test } from 'vitest'
import { dateGroup, headerDate, shortDate } from './dates.ts'
import { hue, initials, visible } from './initials.ts'
import { bytes, count, duration } from './numbers.ts'

const at = (text: string) => new Date(text).getTime()
const NOW = at('2026-11-23T14:30:00')

describe('a date in a list', () => {
  test.each([
    ['2026-11-23T14:05:00', '14:05'],
    ['2026-11-23T00:00:00', '00:00'],
    ['2026-11-22T23:59:59', 'Sun'],
    ['2026-11-17T00:00:00', 'Tue'],
    ['2026-11-16T23:59:00', '16 Nov'],
    ['2026-01-01T00:00:00', '1 Jan'],
    ['2025-12-31T23:59:00', '2025'],
    ['2024-03-01T12:00:00', '2024'],
    ['2026-11-25T09:00:00', '25 Nov'],
    ['2027-02-01T09:00:00', '2027'],
  ])('%s is shown as %s', (date, shown) => {
    expect(shortDate(at(date), NOW, 'en-GB')).toBe(shown)
  })

  test('a header adds the time of day within the year', () => {
    expect(headerDate(at('2026-11-23T13:41:00'), NOW, 'Today', 'en-GB')).toBe('Today 13:41')
    expect(headerDate(at('2026-11-19T10:12:00'), NOW, 'Today', 'en-GB')).toBe('Thu 10:12')
    expect(headerDate(at('2026-03-03T10:12:00'), NOW, 'Today', 'en-GB')).toBe('3 Mar 10:12')
    expect(headerDate(at('2024-03-03T10:12:00'), NOW, 'Today', 'en-GB')).toBe('3 Mar 2024')
  })

  test.each([
    ['2026-11-24T00:00:00', 'future'],
    ['2026-11-23T00:00:00', 'today'],
    ['2026-11-22T00:00:00', 'yesterday'],
    ['2026-11-16T00:00:00', 'week'],
    ['2026-11-15T23:59:00', { month: 'November' }],
    ['2025-10-31T00:00:00', { month: 'October 2025' }],
  ])('%s belongs to %o', (date, group) => {
    expect(dateGroup(at(date), NOW, 'en-GB')).toEqual(group)
  })
})

describe('initials', () => {
  test.each([
    ['Noor Rahman', 'NR'],
    ['Bob', 'B'],
    ['Marta de Souza Oliveira', 'MO'],
    ['"Rahman, Noor" (Northmill)', 'RN'],
    ['山田 花子', '山'],
    ['سارة الخطيب', 'س'],
    ['김민준', '김'],
    ['Énergie Verte', 'ÉV'],
    ['🍅 Tomato', 'T'],
    ['\u202egnp.exe', 'GE'],
    ['', 'Z'],
  ])('of %o are %s', (name, letters) => {
    expect(initials({ name, email: 'zoe@example.org' })).toBe(letters)
  })

  test('are none where there is nothing', () => {
    expect(initials({ name: '', email: '' })).toBe('')
    expect(initials({ name: '🍅', email: '' })).toBe('')
  })

  test('the hue follows the address and not the name', () => {
    const one = hue({ name: 'A', email: 'a@example.org' })
    expect(hue({ name: 'Other', email: 'A@Example.org' })).toBe(one)
    expect(hue({ name: 'A', email: 'b@example.org' })).not.toBe(one)
    expect(one).toBeGreaterThanOrEqual(0)
    expect(one).toBeLessThan(360)
  })

  test('signs that turn the direction are taken out', () => {
    expect(visible('a\u202eb\u2066c\u200fd')).toBe('abcd')
  })
})

describe('numbers', () => {
  test.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [184_120, '184 kB'],
    [999_600, '1 MB'],
    [2_400_000, '2.4 MB'],
    [31_000_000, '31 MB'],
    [4_200_000_000, '4.2 GB'],
  ])('%d octets are %s', (octets, shown) => {
    expect(bytes(octets, 'en-GB')).toBe(shown)
  })

  test('counts are grouped, times have a unit', () => {
    expect(count(10_000, 'en-GB')).toBe('10,000')
    expect(duration(340, 'en-GB')).toBe('340 ms')
    expect(duration(1234, 'en-GB')).toBe('1.2 secs')
  })
})
