import type { Clock } from './clock.ts'

/** Waits before the engine is started again, in ms: doubling from the first to the last; first again after `stable` up. */
export const BACK_OFF = { first: 250, last: 10_000, stable: 60_000 } as const

/** What is kept running. */
export interface Supervised<Process> {
  /** Undefined while it waits to be started again, and after stop(). */
  readonly current: Process | undefined
  /** No more starts; what runs now is the caller's to end. */
  stop(): void
}

/**
 * Keeps a process running: starts it now, and again each time it ends. `start` is given a function to call at its end;
 * `onEnd` hears of each end with the wait before the next start and the number of ends in a row without a stable time.
 */
export function supervise<Process, Exit>(options: {
  readonly start: (ended: (exit: Exit) => void) => Process
  readonly onEnd: (exit: Exit, wait: number, inARow: number) => void
  readonly clock: Clock
}): Supervised<Process> {
  const { clock } = options
  let current: Process | undefined
  let stopped = false
  let inARow = 0
  let callOff = () => {}

  const run = () => {
    const since = clock.now()
    let over = false
    const ended = (exit: Exit) => {
      if (over) return
      over = true
      current = undefined
      if (stopped) return
      if (clock.now() - since >= BACK_OFF.stable) inARow = 0
      const wait = Math.min(BACK_OFF.first * 2 ** inARow, BACK_OFF.last)
      inARow++
      callOff = clock.after(wait, run)
      options.onEnd(exit, wait, inARow)
    }
    const process = options.start(ended)
    if (!over) current = process
  }
  run()
  return {
    get current() {
      return current
    },
    stop() {
      stopped = true
      callOff()
    },
  }
}
