import { describe, expect, it } from 'vitest'
import { countPlaywright, countVitest } from './counts.ts'

describe('the sum over all runners', () => {
  it('counts what Vitest reports', () => {
    const report = { numPassedTests: 7, numFailedTests: 2, numPendingTests: 1, numTodoTests: 1 }
    expect(countVitest(report, 1)).toEqual({ passed: 7, failed: 2, skipped: 2 })
  })

  it('counts what Playwright reports; a second try is a failure', () => {
    const report = { stats: { expected: 5, unexpected: 1, flaky: 2, skipped: 3 } }
    expect(countPlaywright(report, 1)).toEqual({ passed: 5, failed: 3, skipped: 3, total: 11 })
  })

  it('never calls a run green that ended badly or left no report', () => {
    expect(countVitest({ numPassedTests: 3 }, 1).failed).toBe(1)
    expect(countVitest(null, 0).failed).toBe(1)
    expect(countPlaywright({ stats: { expected: 3 }, errors: [{}] }, 1).failed).toBe(1)
    expect(countPlaywright(null, 0).failed).toBe(1)
  })
})
