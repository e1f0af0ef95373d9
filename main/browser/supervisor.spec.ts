import { describe, expect, it } from 'vitest'
import { supervise } from './supervisor.ts'
import { handClock } from './testing/clock.ts'

describe('the supervisor', () => {
  const setUp = () => {
    const clock = handClock()
    const waits: number[] = []
    const ends: ((exit: string) => void)[] = []
    const supervised = supervise<number, string>({
      clock,
      start(ended) {
        ends.push(ended)
        return ends.length
      },
      onEnd: (_exit, wait) => waits.push(wait),
    })
    /** The process of now ends, and the wait goes by. */
    const crash = () => {
      ends.at(-1)?.('code 1')
      clock.pass(waits.at(-1) ?? 0)
    }
    return { clock, waits, ends, supervised, crash }
  }

  it('starts again after waits that double up to ten seconds', () => {
    const { waits, supervised, crash } = setUp()
    for (let n = 0; n < 8; n++) crash()
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000])
    expect(supervised.current).toBe(9)
  })

  it('does not start before its time', () => {
    const { clock, ends, supervised } = setUp()
    ends[0]?.('code 1')
    clock.pass(249)
    expect(supervised.current).toBeUndefined()
    clock.pass(1)
    expect(supervised.current).toBe(2)
  })

  it('forgives after a minute up', () => {
    const { clock, waits, crash } = setUp()
    crash()
    crash()
    clock.pass(60_000)
    crash()
    expect(waits).toEqual([250, 500, 250])
  })

  it('hears each end once, and of none after it was stopped', () => {
    const { clock, waits, ends, supervised } = setUp()
    ends[0]?.('code 1')
    ends[0]?.('code 1')
    expect(waits).toEqual([250])
    supervised.stop()
    clock.pass(60_000)
    expect(supervised.current).toBeUndefined()
    expect(ends).toHaveLength(1)
  })
})
