import type { AppError } from '../../../preload/contract/index.ts'

/** Waits before the next try, in ms, by the number of failures in a row. */
const STEPS = [1_000, 2_000, 5_000, 10_000, 20_000, 40_000, 60_000, 120_000, 300_000]

/** What a failure means for an account: it needs the user, or a while. */
export function needsUser(error: AppError): boolean {
  if (error.code === 'auth.rate-limited') return false
  return /^(auth|cert|tls|quota|secrets)\./.test(error.code)
}

/** Milliseconds until the next try, jittered by ± 20 % so that many clients do not come back at once. */
export function backOff(failures: number, error: AppError, random: () => number = Math.random): number {
  const index = Math.min(
    Math.max(failures, 1) - 1 + (error.code === 'server.busy' || error.code === 'auth.rate-limited' ? 4 : 0),
    STEPS.length - 1,
  )
  return Math.round((STEPS[index] as number) * (0.8 + 0.4 * random()))
}
