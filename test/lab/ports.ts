import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

// Below the range that systems give to outgoing connections, so that a stopped server finds its port free again.
const LOWEST = 20_000
const HIGHEST = 32_000

/**
 * A TCP port that is free on 127.0.0.1 now.
 * @throws Error when a hundred random ones are all taken
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(LOWEST, HIGHEST)
    if (await isFree(port)) return port
  }
  throw new Error(`No free TCP port found between ${LOWEST} and ${HIGHEST} on 127.0.0.1.`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
