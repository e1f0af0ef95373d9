import * as v from 'valibot'

/** Outcomes of one runner. */
export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

const n = v.optional(v.number(), 0)
const Vitest = v.object({
  numPassedTests: n,
  numFailedTests: n,
  numPendingTests: n,
  numTodoTests: n,
  numFailedTestSuites: n,
})
const Playwright = v.object({
  stats: v.object({ expected: n, unexpected: n, flaky: n, skipped: n }),
  errors: v.optional(v.array(v.unknown()), []),
})

/** Vitest's JSON report. A run that failed without a failing test (a file that does not load) counts as one failure. */
export function countVitest(report: unknown, exitCode: number): Counts {
  const read = v.safeParse(Vitest, report)
  if (!read.success) return { passed: 0, failed: 1, skipped: 0 }
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = read.output
  const failed = exitCode !== 0 && numFailedTests === 0 ? 1 : numFailedTests
  return { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests }
}

/** Playwright's JSON report. A test that passed at a second try failed: tests are not to be lucky. */
export function countPlaywright(report: unknown, exitCode: number): Counts & { total: number } {
  const read = v.safeParse(Playwright, report)
  if (!read.success) return { passed: 0, failed: 1, skipped: 0, total: 0 }
  const { expected, unexpected, flaky, skipped } = read.output.stats
  const failing = unexpected + flaky
  const failed = exitCode !== 0 && failing === 0 ? Math.max(1, read.output.errors.length) : failing
  return { passed: expected, failed, skipped, total: expected + failing + skipped }
}
