import type { EngineForStore, EngineHello, Remote, StoreForEngine, StoreHello } from '../../preload/contract/index.ts'
import { openDoor, type Channel, type Handlers } from '../../preload/doors/rpc.ts'

/** How long (ms) an engine may take to answer: it stops what it did for an earlier store first. */
const HELLO_DEADLINE = 30_000
/** Waits between attempts (ms): doubled from the first to the last. */
const FIRST_WAIT = 100
const LAST_WAIT = 5000

export interface EngineLinkOptions {
  /** Makes a channel to the engine; it may be open already, still opening, or fail by closing. */
  readonly connect: () => Channel
  readonly handlers: Handlers<StoreForEngine>
  /** What to say first. */
  readonly hello: () => Promise<StoreHello>
  /** The engine's answer. Nothing else of what it sends is taken before. */
  readonly onHello: (hello: EngineHello) => void
  readonly onClose: () => void
}

/** The door to the engine: says hello, and comes back with growing waits when it closes. */
export class EngineLink {
  readonly #options: EngineLinkOptions
  #remote: Remote<EngineForStore> | null = null
  #wait = FIRST_WAIT
  #ended = false

  constructor(options: EngineLinkOptions) {
    this.#options = options
    void this.#run()
  }

  /** The engine, once it has answered our hello; null while it is away. */
  get remote(): Remote<EngineForStore> | null {
    return this.#remote
  }

  end(): void {
    this.#ended = true
  }

  async #run(): Promise<void> {
    while (!this.#ended) {
      const hello = await this.#options.hello()
      const door = openDoor<EngineForStore, StoreForEngine>(this.#options.connect(), this.#options.handlers)
      // Closing settles the call: an engine that never answers is asked anew.
      const deadline = setTimeout(() => door.close(), HELLO_DEADLINE)
      const answer = await door.remote.hello(hello)
      clearTimeout(deadline)
      if (answer.ok) {
        this.#wait = FIRST_WAIT
        this.#remote = door.remote
        this.#options.onHello(answer.value)
        await door.gone
        this.#remote = null
        this.#options.onClose()
      } else door.close()
      await new Promise((resolve) => setTimeout(resolve, this.#wait))
      this.#wait = Math.min(this.#wait * 2, LAST_WAIT)
    }
  }
}
