/** Half-open ranges [from, to) of UIDs, ascending, disjoint, not touching. */
export type Ranges = readonly (readonly [number, number])[]

/** Adds [from, to). */
export function addRange(ranges: Ranges, from: number, to: number): Ranges {
  if (from >= to) return ranges
  const result: [number, number][] = []
  let low = from
  let high = to
  for (const [a, b] of ranges) {
    if (b < low || a > high) result.push([a, b])
    else {
      low = Math.min(low, a)
      high = Math.max(high, b)
    }
  }
  result.push([low, high])
  return result.sort((x, y) => x[0] - y[0])
}

/** What of [from, to) is not covered, ascending. */
export function gaps(ranges: Ranges, from: number, to: number): [number, number][] {
  const result: [number, number][] = []
  let at = from
  for (const [a, b] of ranges) {
    if (b <= at) continue
    if (a >= to) break
    if (a > at) result.push([at, a])
    at = b
  }
  if (at < to) result.push([at, to])
  return result
}

/** One past the greatest UID covered; 1 when nothing is. */
export function top(ranges: Ranges): number {
  return ranges.at(-1)?.[1] ?? 1
}

export function covers(ranges: Ranges, uid: number): boolean {
  return ranges.some(([from, to]) => uid >= from && uid < to)
}

/** IMAP sequence-set of ascending UIDs, runs as `a:b` (RFC 3501 §9). */
export function sequenceSet(uids: readonly number[]): string {
  const parts: string[] = []
  for (let i = 0; i < uids.length;) {
    let j = i
    while (j + 1 < uids.length && uids[j + 1] === (uids[j] as number) + 1) j++
    parts.push(i === j ? String(uids[i]) : `${uids[i]}:${uids[j]}`)
    i = j + 1
  }
  return parts.join(',')
}
