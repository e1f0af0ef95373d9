/** A sleep that can be ended. A wake that comes before the sleep is not lost. */
export class Waker {
  #woken = false
  #resolve: (() => void) | null = null

  wake(): void {
    this.#woken = true
    this.#resolve?.()
  }

  /** Drops a wake that nobody slept through: its reason has passed. */
  forget(): void {
    this.#woken = false
  }

  /** Settles after `ms` (null: never by itself) or at the next wake(). */
  async wait(ms: number | null): Promise<void> {
    if (!this.#woken) {
      let timer: NodeJS.Timeout | undefined
      await new Promise<void>((resolve) => {
        this.#resolve = resolve
        if (ms !== null) timer = setTimeout(resolve, ms)
      })
      clearTimeout(timer)
      this.#resolve = null
    }
    this.#woken = false
  }
}
