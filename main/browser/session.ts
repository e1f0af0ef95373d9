import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from './clock.ts'

/** How long a one-time code can be used, and how often a new one is written, in ms. */
export const CODE_LIFE = 10 * 60_000
export const CODE_RENEWAL = 5 * 60_000

/**
 * Who may speak to this run of the shell. The cookie's secret lives in memory only and ends with the run: nothing that
 * lies on the disk opens a later one, and a window left over from a former run gets the new cookie with the window that
 * is opened now, for both share the browser's profile.
 */
export interface Session {
  /** For Set-Cookie. */
  readonly cookie: string
  /** The value of a request's Cookie header is ours. */
  holds(header: string | undefined): boolean
  /** A new one-time code; older ones live on for their time. */
  newCode(): string
  /** True once per code, in its time. */
  redeem(code: string): boolean
}

/** Begins a session of the origin at `port`. */
export function createSession(port: number, clock: Clock): Session {
  // Cookies know no ports (RFC 6265 §8.5): two profiles open in one browser need two names.
  const name = `ketchup-${port}`
  const secret = randomBytes(32).toString('base64url')
  const codes = new Map<string, number>()
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const same = (a: string, b: string) => timingSafeEqual(digest(a), digest(b))
  return {
    cookie: `${name}=${secret}; HttpOnly; SameSite=Strict; Path=/`,
    holds(header) {
      let found = false
      for (const pair of (header ?? '').split(';')) {
        const [key, value] = pair.trim().split('=', 2)
        if (key === name && value !== undefined && same(value, secret)) found = true
      }
      return found
    },
    newCode() {
      const code = randomBytes(32).toString('base64url')
      codes.set(code, clock.now() + CODE_LIFE)
      return code
    },
    redeem(code) {
      let good = false
      for (const [candidate, until] of codes) {
        const old = clock.now() >= until
        if (same(candidate, code) && !old) good = true
        else if (!old) continue
        codes.delete(candidate)
      }
      return good
    },
  }
}
