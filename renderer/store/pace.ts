/** Something that happens after quiet is told so soon (ms) … */
const SOON = 20
/** … and what goes on happening no more often than this, so that a sync does not keep the window busy. */
const PACE = 250

/** Runs a job soon after the first call, and then at most every 250 ms while calls go on. */
export class Paced {
  readonly #job: () => void
  #timer: ReturnType<typeof setTimeout> | null = null
  #last = -Infinity

  constructor(job: () => void) {
    this.#job = job
  }

  later(): void {
    if (this.#timer) return
    const wait = Math.max(SOON, PACE - (performance.now() - this.#last))
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#last = performance.now()
      this.#job()
    }, wait)
  }
}
