import type { AppError } from '../../../preload/contract/index.ts'

const WHOLE_WINDOW = 200
/** A message that alone ended so many fetches is left for later. */
const TRIES = 2

/**
 * What went wrong in a mailbox, kept across sessions: a fetch that fails halves the window until the message at fault
 * stands alone, then it is passed by, so that one bad message never stops a folder (DESIGN §4.5).
 */
export class Trouble {
  limit = WHOLE_WINDOW
  readonly #failures = new Map<number, { times: number; error: AppError }>()

  /** Messages passed by in this run of the engine. */
  get count(): number {
    return [...this.#failures.values()].filter(({ times }) => times >= TRIES).length
  }

  /** These UIDs did not come, and why. */
  failed(uids: readonly number[], error: AppError): void {
    this.limit = Math.max(1, Math.floor(Math.min(this.limit, uids.length) / 2))
    const [uid] = uids
    if (uids.length === 1 && uid !== undefined) {
      const times = (this.#failures.get(uid)?.times ?? 0) + 1
      this.#failures.set(uid, { times, error })
    }
  }

  worked(): void {
    this.limit = Math.min(WHOLE_WINDOW, this.limit * 2)
  }

  /**
   * Why the octets of this message are not asked for any more; null while they are. `beyond` counts how often even less
   * failed: its header, then its flags, then nothing is asked.
   */
  gaveUp(uid: number): { readonly error: AppError; readonly beyond: number } | null {
    const failure = this.#failures.get(uid)
    return failure && failure.times >= TRIES ? { error: failure.error, beyond: failure.times - TRIES } : null
  }
}
