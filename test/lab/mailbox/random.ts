import { createCipheriv, createHash } from 'node:crypto'

/** A small seeded generator of pseudo-random numbers (sfc32): the same seed gives the same mail on every machine. */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  /** Any strings and numbers make a seed; they are hashed, so that near seeds give unlike streams. */
  constructor(...seed: (string | number)[]) {
    const hash = createHash('sha256').update(seed.join('\0')).digest()
    this.#a = hash.readInt32LE(0)
    this.#b = hash.readInt32LE(4)
    this.#c = hash.readInt32LE(8)
  }

  /** A whole number of 32 bits, not negative. */
  bits(): number {
    const t = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + t
    return t >>> 0
  }

  /** From 0 up to, but not, 1. */
  unit(): number {
    return this.bits() / 0x1_0000_0000
  }

  /** A whole number from `low` up to, but not, `high`. */
  int(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low))
  }

  chance(probability: number): boolean {
    return this.unit() < probability
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.int(0, choices.length)] as T
  }

  /** One of the keys, as often as its weight says. */
  weighted<T extends string>(weights: Record<T, number>): T {
    const entries = Object.entries(weights) as [T, number][]
    let left = this.unit() * entries.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [key, weight] of entries) {
      left -= weight
      if (left < 0) return key
    }
    return (entries.at(-1) as [T, number])[0]
  }

  /** About normally distributed, mean 0 and deviation 1 (a sum of twelve). */
  normal(): number {
    let sum = -6
    for (let i = 0; i < 12; i++) sum += this.unit()
    return sum
  }

  hex(digits: number): string {
    return this.bytes(Math.ceil(digits / 2))
      .toString('hex')
      .slice(0, digits)
  }

  /** Bytes that do not compress; many of them fast, by the key stream of AES-CTR, which is slow to begin. */
  bytes(length: number): Buffer {
    if (length < 2048) return Buffer.from(Array.from({ length }, () => this.bits() >>> 24))
    const key = Buffer.alloc(16)
    for (let at = 0; at < 16; at += 4) key.writeUInt32LE(this.bits(), at)
    return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length))
  }
}
