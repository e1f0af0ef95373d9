import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ok } from './contract/index.ts'
import { channelPair } from './doors/channels.ts'
import { openDoor } from './doors/rpc.ts'
import { keepOpen, RETRY } from './reconnect.ts'

interface Greeter {
  greet(): string
}

/** A door whose other side answers, refuses to open, or hangs, as the test says. */
function setUp() {
  const attempts: { accept: () => void; drop: () => void }[] = []
  const states: string[] = []
  const kept = keepOpen<Greeter>(
    () => {
      const [here, there] = channelPair()
      const opened = Promise.withResolvers<void>()
      attempts.push({
        accept() {
          openDoor<Record<never, never>, Greeter>(there, { greet: () => ok('hello') })
          opened.resolve()
        },
        drop: () => there.close(),
      })
      return { door: openDoor<Greeter, Record<never, never>>(here, {}), opened: opened.promise }
    },
    () => states.push(kept.state),
  )
  return { kept, attempts, states }
}
const turn = () => vi.advanceTimersByTimeAsync(0)

describe('a door that is kept open', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('opens, answers, and opens again after it closed', async () => {
    const { kept, attempts, states } = setUp()
    attempts[0]?.accept()
    await kept.first
    expect(await kept.remote.greet()).toEqual(ok('hello'))
    attempts[0]?.drop()
    await turn()
    expect(states).toEqual(['open', 'closed'])
    await vi.advanceTimersByTimeAsync(RETRY.first)
    attempts[1]?.accept()
    await turn()
    expect(states).toEqual(['open', 'closed', 'open'])
    expect(await kept.remote.greet()).toEqual(ok('hello'))
  })

  it('answers door.closed at once while there is none', async () => {
    const { kept, attempts } = setUp()
    attempts[0]?.accept()
    await kept.first
    attempts[0]?.drop()
    await turn()
    expect(await kept.remote.greet()).toMatchObject({ ok: false, error: { code: 'door.closed' } })
  })

  it('waits longer after each failure, up to a bound, and little again after a success', async () => {
    const { kept, attempts } = setUp()
    const waits: number[] = []
    for (let n = 0; n < 7; n++) {
      attempts.at(-1)?.drop()
      await turn()
      let wait = 0
      const before = attempts.length
      while (attempts.length === before) {
        await vi.advanceTimersByTimeAsync(50)
        wait += 50
      }
      waits.push(wait)
    }
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000])
    await kept.first
    attempts.at(-1)?.accept()
    await turn()
    attempts.at(-1)?.drop()
    const before = attempts.length
    await vi.advanceTimersByTimeAsync(250)
    expect(attempts.length).toBe(before + 1)
  })

  it('tries now when it is told to, and not twice', async () => {
    const { kept, attempts } = setUp()
    attempts[0]?.drop()
    await turn()
    kept.now()
    kept.now()
    expect(attempts).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(RETRY.last)
    expect(attempts).toHaveLength(2)
  })

  it('stays closed when it was closed for good', async () => {
    const { kept, attempts } = setUp()
    attempts[0]?.accept()
    await kept.first
    kept.close()
    await vi.advanceTimersByTimeAsync(RETRY.last)
    expect(attempts).toHaveLength(1)
    expect(kept.state).toBe('closed')
    kept.now()
    expect(attempts).toHaveLength(1)
  })
})
