import { readdirSync, readFileSync } from 'node:fs'

/** One process of the application, as Linux's /proc tells; on other systems there are none to see. */
export interface Process {
  readonly pid: number
  readonly parent: number
  readonly command: string
}

/** Every process there is, whose command line can be read. */
function all(): Process[] {
  let pids: string[]
  try {
    pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
  return pids.flatMap((name) => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      return [
        {
          pid: Number(name),
          parent,
          command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim(),
        },
      ]
    } catch {
      return [] // it ended while we looked
    }
  })
}

/** A process and all that it started. */
export function tree(root: number): Process[] {
  const processes = all()
  const found = new Set([root])
  for (let before = 0; before !== found.size;) {
    before = found.size
    for (const { pid, parent } of processes) if (found.has(parent)) found.add(pid)
  }
  return processes.filter(({ pid }) => found.has(pid))
}

/** The processes whose command line holds a text. */
export function matching(text: string): Process[] {
  return all().filter(({ command }) => command.includes(text))
}

/** Proportional set size in octets: shared memory counted once over those who share it; 0 when it cannot be read. */
export function pss(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}
