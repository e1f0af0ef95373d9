import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { CODE_LIFE, CODE_RENEWAL, createSession } from './session.ts'
import { keepStartFile } from './start-file.ts'
import { handClock } from './testing/clock.ts'
import { codeOf, scratch } from './testing/shell.ts'

describe('a session', () => {
  it('knows its own cookie among others, and no other', () => {
    const session = createSession(4000, handClock())
    const own = session.cookie.split(';', 1)[0] ?? ''
    expect(session.holds(own)).toBe(true)
    expect(session.holds(`a=b; ${own}; c=d`)).toBe(true)
    for (const other of [undefined, '', 'ketchup-4000', own.slice(0, -1), `${own}x`, own.replace('4000', '4001')])
      expect(session.holds(other)).toBe(false)
    expect(createSession(4000, handClock()).holds(own)).toBe(false)
  })

  it('takes codes for their time only', () => {
    const clock = handClock()
    const session = createSession(4000, clock)
    const [early, late] = [session.newCode(), session.newCode()]
    clock.pass(CODE_LIFE - 1)
    expect(session.redeem(early)).toBe(true)
    clock.pass(1)
    expect(session.redeem(late)).toBe(false)
  })
})

describe('the start file', () => {
  const { dir, drop } = scratch()
  afterAll(drop)

  it('holds a code that is good at any time, and goes with the shell', () => {
    const clock = handClock()
    const session = createSession(4000, clock)
    const file = keepStartFile(dir, 'http://127.0.0.1:4000', session, clock, () => {})
    const codes = new Set<string>()
    for (let hour = 0; hour < 12 * CODE_RENEWAL; hour += CODE_RENEWAL) {
      codes.add(codeOf(dir))
      clock.pass(CODE_RENEWAL)
    }
    expect(codes.size).toBe(12)
    expect(session.redeem(codeOf(dir))).toBe(true)
    file.close()
    expect(() => readFileSync(new URL(file.url))).toThrow('ENOENT')
  })
})
