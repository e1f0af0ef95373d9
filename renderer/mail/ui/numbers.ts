/** Numbers and sizes through Intl. */

/** 3,214 */
export function count(n: number, locale?: string): string {
  return new Intl.NumberFormat(locale).format(n)
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** 184 kB, 2.4 MB: decimal units, at most one place. */
export function bytes(n: number, locale?: string): string {
  let value = Math.max(0, n)
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000
    unit++
  }
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: UNITS[unit] ?? 'byte',
    unitDisplay: unit === 0 ? 'long' : 'short',
    maximumFractionDigits: unit < 2 || value >= 10 ? 0 : 1,
  }).format(value)
}

/** 340 ms, 1.2 s */
export function duration(ms: number, locale?: string): string {
  const [value, unit] = ms < 1000 ? [Math.round(ms), 'millisecond'] : [ms / 1000, 'second']
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 }).format(
    value,
  )
}

/** a, b and c */
export function enumeration(items: readonly string[], locale?: string): string {
  return new Intl.ListFormat(locale, { style: 'long', type: 'unit' }).format(items)
}
