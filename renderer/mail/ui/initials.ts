import type { Address } from '../../../preload/contract/index.ts'

/** Scripts whose names are not shortened by word: one sign stands for the person. */
const ONE_SIGN =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Arabic}\p{Script=Hebrew}]/u

/** One or two letters that stand for a sender; '' when there is nothing to take them from. */
export function initials(address: Address): string {
  const name = visible(address.name).replace(/["'()<>[\]]/g, ' ')
  const words = name.split(/[\s,./_-]+/u).filter((word) => /^[\p{L}\p{N}]/u.test(word))
  const first = words[0]
  if (first === undefined) return firstSign(visible(address.email)).toUpperCase()
  if (ONE_SIGN.test(first)) return firstSign(first)
  const last = words.length > 1 ? words[words.length - 1] : undefined
  return (firstSign(first) + (last === undefined ? '' : firstSign(last))).toUpperCase()
}

function firstSign(text: string): string {
  return [...text.replace(/^[^\p{L}\p{N}]+/u, '')][0] ?? ''
}

/** A hue of 0-359, the same for the same sender in every session. */
export function hue(address: Address): number {
  // FNV-1a: small, and spreads short strings well
  let hash = 0x811c9dc5
  for (const sign of (address.email || address.name).toLowerCase()) {
    hash = Math.imul(hash ^ (sign.codePointAt(0) ?? 0), 0x01000193)
  }
  return (hash >>> 0) % 360
}

/** Text without the signs that turn the direction of what follows: a name must not rearrange the row it stands in. */
export function visible(text: string): string {
  return text.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
}
