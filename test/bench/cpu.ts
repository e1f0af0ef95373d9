/** CPU seconds as Linux's /proc tells them; 0 on other systems. */
import { readFileSync } from 'node:fs'
import type { Process } from '../app/processes.ts'

// USER_HZ is 100 on every architecture that Node runs on.
const TICKS = 100

function fields(pid: number | 'self'): number[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
  } catch {
    return [] // it ended, or this is no Linux
  }
}

/** User and system time of some processes so far. */
export function cpuSeconds(processes: readonly Process[]): number {
  return processes.reduce((sum, { pid }) => {
    const stat = fields(pid)
    return sum + ((stat[11] ?? 0) + (stat[12] ?? 0)) / TICKS
  }, 0)
}

/** User and system time of all children of this process that have ended. */
export function childCpuSeconds(): number {
  const stat = fields('self')
  return ((stat[13] ?? 0) + (stat[14] ?? 0)) / TICKS
}
