import type { Application } from './application.ts'
import { pss } from './processes.ts'

const EVERY = 500

/** The greatest PSS of each room, sampled while the application runs. */
export class Peak {
  readonly octets = { shell: 0, engine: 0, browser: 0 }
  readonly #timer: NodeJS.Timeout

  constructor(application: Application) {
    this.#timer = setInterval(() => {
      const rooms = application.processes()
      for (const room of ['shell', 'engine', 'browser'] as const) {
        const now = rooms[room].reduce((sum, { pid }) => sum + pss(pid), 0)
        this.octets[room] = Math.max(this.octets[room], now)
      }
    }, EVERY)
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
