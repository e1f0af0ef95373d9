import { join } from 'node:path'
import { ok, type AppError, type Result } from '../../preload/contract/index.ts'
import { readIfThere, writeDurably } from './files.ts'

const BLOCK = 10_000

/**
 * Gives numbers that are never given twice, across crashes and power cuts: it reserves them in blocks, durably, before
 * the first of a block is used. A start skips what the last run left of its block.
 */
export class Numbers {
  readonly #path: string
  #next: number
  #reserved: number

  private constructor(path: string, next: number) {
    this.#path = path
    this.#next = next
    this.#reserved = next
  }

  /** Opens `<folder>/<name>.next`, a text file with the first number that is free. */
  static open(folder: string, name: string): Result<Numbers, AppError> {
    const path = join(folder, `${name}.next`)
    const read = readIfThere(path)
    if (!read.ok) return read
    const next = Number(read.value?.toString('latin1') ?? 1)
    return ok(new Numbers(path, Number.isSafeInteger(next) && next > 0 ? next : 1))
  }

  take(): Result<number, AppError> {
    if (this.#next >= this.#reserved) {
      const reserved = writeDurably(this.#path, String(this.#next + BLOCK))
      if (!reserved.ok) return reserved
      this.#reserved = this.#next + BLOCK
    }
    return ok(this.#next++)
  }

  /** Never give `used` or less: somebody has it already (a store that outlived this file). */
  skip(used: number): void {
    if (used >= this.#next) this.#next = used + 1
  }
}
