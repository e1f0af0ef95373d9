/** Time, so that tests need not wait for it. */
export interface Clock {
  /** ms, monotonic. */
  readonly now: () => number
  /** Runs once after ms; the function returned calls it off. */
  readonly after: (ms: number, run: () => void) => () => void
}

/** The machine's own. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
