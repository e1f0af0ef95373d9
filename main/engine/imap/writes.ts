import { ok, type AppError, type Result } from '../../../preload/contract/index.ts'

/** Octets being written at once; more wait, so that a slow disk slows the network and not the memory. */
const OCTETS = 16 * 1024 * 1024

/** Writes under way: the disk works while the next message is read. */
export class Writes {
  readonly #running = new Set<Promise<void>>()
  #octets = 0
  #failed: AppError | null = null

  /** Takes a write; settles at once while there is room. */
  async add(octets: number, write: Promise<Result<unknown, AppError>>): Promise<Result<void, AppError>> {
    this.#octets += octets
    const running: Promise<void> = write.then((written) => {
      this.#running.delete(running)
      this.#octets -= octets
      if (!written.ok) this.#failed ??= written.error
    })
    this.#running.add(running)
    while (this.#octets > OCTETS) await Promise.race(this.#running)
    return this.#failed ? this.done() : ok()
  }

  /** Settles when all is written; tells the first failure once. */
  async done(): Promise<Result<void, AppError>> {
    await Promise.all(this.#running)
    const failed = this.#failed
    this.#failed = null
    return failed ? { ok: false, error: failed } : ok()
  }
}
