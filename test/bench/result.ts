/** What every bench answers and prints. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { arch, cpus, release, tmpdir, totalmem, type } from 'node:os'
import { findBrowser } from '../../build/find-browser.ts'

export interface Figure {
  readonly name: string
  /** One value of each run, in their order. */
  readonly runs: readonly number[]
  readonly median: number
  readonly unit: string
}

/** Where figures were taken: without it they mean nothing. */
export interface Machine {
  readonly cpus: number
  readonly model: string
  /** Octets. */
  readonly memory: number
  readonly node: string
  /** As it calls itself; '' when there is none. */
  readonly chromium: string
  readonly os: string
  /** Type of the file system that temporary files lie on; '' when it is not told. */
  readonly filesystem: string
}

export interface BenchResult {
  readonly bench: string
  readonly machine: Machine
  readonly results: readonly Figure[]
  readonly ratios: Readonly<Record<string, number>>
}

export interface BenchOptions {
  /** How often; each bench has its own default. */
  readonly runs?: number
  /** Messages, where a bench has a mailbox: fewer than usual to try it out. */
  readonly count?: number
  /** Told what is going on. */
  readonly say?: (sentence: string) => void
}

/** The median of some values; the mean of the two in the middle when they are even. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return ((low ?? NaN) + (high ?? NaN)) / 2
}

/** To three digits behind the point. */
export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}

/** Collects figures by name over several runs. */
export class Figures {
  readonly #figures = new Map<string, { unit: string; runs: number[] }>()

  note(name: string, unit: string, value: number): void {
    const figure = this.#figures.get(name) ?? { unit, runs: [] }
    this.#figures.set(name, figure)
    figure.runs.push(rounded(value))
  }

  get results(): Figure[] {
    return [...this.#figures].map(([name, { unit, runs }]) => ({ name, runs, median: rounded(median(runs)), unit }))
  }

  /** Median of one figure over that of another, NaN when one is missing. */
  ratio(over: string, under: string): number {
    const of = (name: string) => median(this.#figures.get(name)?.runs ?? [])
    return rounded(of(over) / of(under))
  }
}

/** This machine. */
export function machine(): Machine {
  const cores = cpus()
  return {
    cpus: cores.length,
    model: cores[0]?.model ?? '',
    memory: totalmem(),
    node: process.versions.node,
    chromium: lastLine(findBrowser(), '--version'),
    os: `${operatingSystem()}, ${type()} ${release()} ${arch()}`,
    filesystem: lastLine('df', '--output=fstype', tmpdir()),
  }
}

function operatingSystem(): string {
  try {
    return /^PRETTY_NAME="?(.*?)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? process.platform
  } catch {
    return process.platform // only Linux tells it so
  }
}

/** The last line that a program prints; '' when it cannot be run. */
function lastLine(program: string | undefined, ...args: string[]): string {
  if (!program) return ''
  try {
    const lines = execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' }).trim().split('\n')
    return lines.at(-1)?.trim() ?? ''
  } catch {
    return '' // not told on this system
  }
}

/** The table that is printed without --json. */
export function table({ bench, machine: on, results, ratios }: BenchResult): string {
  const width = Math.max(...results.map(({ name }) => name.length), ...Object.keys(ratios).map((name) => name.length))
  const lines = results.map(
    ({ name, median: middle, unit, runs }) =>
      `  ${name.padEnd(width)}  ${String(middle).padStart(9)} ${unit.padEnd(10)}  ${runs.length > 1 ? runs.join(', ') : ''}`,
  )
  const memory = `${(on.memory / 2 ** 30).toFixed(0)} GiB`
  return [
    `${bench}: ${on.cpus} × ${on.model}, ${memory}, ${on.filesystem}, Node ${on.node}, ${on.chromium || 'no browser'}, ${on.os}`,
    `  ${'median of runs'.padEnd(width)}`,
    ...lines,
    ...Object.entries(ratios).map(([name, ratio]) => `  ${name.padEnd(width)}  ${String(ratio).padStart(9)}`),
  ]
    .map((line) => line.trimEnd())
    .join('\n')
}
