/** Dates for lists and headers, shortened by their distance from now, in the words of the system's locale. */

const formats = new Map<string, Intl.DateTimeFormat>()

function format(ms: number, locale: string | undefined, options: Intl.DateTimeFormatOptions): string {
  const key = `${locale ?? ''} ${JSON.stringify(options)}`
  let made = formats.get(key)
  if (!made) formats.set(key, (made = new Intl.DateTimeFormat(locale, options)))
  return made.format(ms)
}

/** Midnight of the local day, in ms; `days` later. */
function dayStart(ms: number, days = 0): number {
  const date = new Date(ms)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime()
}

/** 14:05 */
export function clock(ms: number, locale?: string): string {
  return format(ms, locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
}

/** 14:05 today, Tue in the last six days, 3 Nov this year, 2024 before. A date to come keeps its day. */
export function shortDate(ms: number, now: number, locale?: string): string {
  if (ms >= dayStart(now) && ms < dayStart(now, 1)) return clock(ms, locale)
  if (ms < now && ms >= dayStart(now, -6)) return format(ms, locale, { weekday: 'short' })
  if (new Date(ms).getFullYear() === new Date(now).getFullYear()) {
    return format(ms, locale, { day: 'numeric', month: 'short' })
  }
  return format(ms, locale, { year: 'numeric' })
}

/** Today 13:41, Tue 10:12, 3 Nov 10:12, 3 Nov 2024. */
export function headerDate(ms: number, now: number, today: string, locale?: string): string {
  if (ms >= dayStart(now) && ms < dayStart(now, 1)) return `${today} ${clock(ms, locale)}`
  const short = shortDate(ms, now, locale)
  if (new Date(ms).getFullYear() === new Date(now).getFullYear()) return `${short} ${clock(ms, locale)}`
  return format(ms, locale, { day: 'numeric', month: 'short', year: 'numeric' })
}

/** Monday 3 November 2025 at 14:05:09 GMT+1: nothing left out. */
export function longDate(ms: number, locale?: string): string {
  return format(ms, locale, { dateStyle: 'full', timeStyle: 'long' })
}

/** The stretch of time that a message belongs to in a list. `month` is set for those older than a week. */
export type DateGroup = 'future' | 'today' | 'yesterday' | 'week' | { readonly month: string }

/** Groups are equal when their keys are. */
export function groupKey(group: DateGroup): string {
  return typeof group === 'string' ? group : group.month
}

/** Which group of a list a date falls into. */
export function dateGroup(ms: number, now: number, locale?: string): DateGroup {
  if (ms >= dayStart(now, 1)) return 'future'
  if (ms >= dayStart(now)) return 'today'
  if (ms >= dayStart(now, -1)) return 'yesterday'
  if (ms >= dayStart(now, -7)) return 'week'
  const sameYear = new Date(ms).getFullYear() === new Date(now).getFullYear()
  return { month: format(ms, locale, sameYear ? { month: 'long' } : { month: 'long', year: 'numeric' }) }
}
