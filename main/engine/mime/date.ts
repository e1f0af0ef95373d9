/** Date fields (RFC 5322 §3.3, its obsolete forms, and the other clocks that mail programs have used). */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** Zone names of RFC 5322 §4.3 and a few of everyday use, in minutes east of Greenwich. Military letters mean nothing (ibid.): 0. */
// prettier-ignore
const ZONES: Record<string, number> = {
  ut: 0, utc: 0, gmt: 0, z: 0, est: -300, edt: -240, cst: -360, cdt: -300, mst: -420, mdt: -360, pst: -480, pdt: -420,
  bst: 60, wet: 0, west: 60, cet: 60, cest: 120, met: 60, mest: 120, mez: 60, mesz: 120, eet: 120, eest: 180, msk: 180, jst: 540, kst: 540,
  hst: -600, akst: -540, akdt: -480, ist: 330, sgt: 480, hkt: 480, aest: 600, aedt: 660, nzst: 720, nzdt: 780,
}

/** Milliseconds since 1970 of a Date header, or null when it names no moment. A missing zone is read as UTC. */
export function parseDate(header: string): number | null {
  const text = withoutComments(header.slice(0, 200))
    .replace(/\s*:\s*/g, ':')
    .trim()
  return parseMailDate(text) ?? parseUnixDate(text) ?? parseIsoDate(text)
}

function withoutComments(text: string): string {
  let out = ''
  let depth = 0
  for (const c of text) {
    if (c === '(') depth++
    else if (c === ')') depth = Math.max(0, depth - 1)
    else if (depth === 0) out += c
    if (c === ')' && depth === 0) out += ' '
  }
  return out
}

/** '[Tue,] 1 Jul 2003 10:52[:37] +0200' with any of '-/. ' between the parts of the day. */
function parseMailDate(text: string): number | null {
  const m =
    /^(?:[^\s\d,]+[,.\s]\s*|,\s*)?0?(\d{1,2})[-\s./]*([A-Za-z]{3})[a-z]*\.?[-\s./,]*(\d{2,4})(?:[,\s]+|$)(.*)$/.exec(
      text,
    )
  if (!m) return null
  return moment(year(m[3] as string), month(m[2] as string), Number(m[1]), m[4] as string)
}

/** 'Tue Jul  1 10:52:37 2003 [+0200]', as asctime(3) and the mbox line have it; also 'July 1, 2003 10:52'. */
function parseUnixDate(text: string): number | null {
  const clock =
    /^(?:[A-Za-z]{3,9},?\s+)?([A-Za-z]{3})[a-z]*\.?\s+(\d{1,2}),?\s+(\d{1,2}:\d{2}(?::\d{2})?)\s*([A-Za-z]{1,5}\s+)?(\d{4})\s*(.*)$/.exec(
      text,
    )
  if (clock)
    return moment(
      Number(clock[5]),
      month(clock[1] as string),
      Number(clock[2]),
      `${clock[3] as string} ${clock[4] ?? clock[6] ?? ''}`,
    )
  const day = /^(?:[A-Za-z]{3,9},?\s+)?([A-Za-z]{3})[a-z]*\.?\s+(\d{1,2}),?\s+(\d{4})(?:,?\s+(.*))?$/.exec(text)
  return day ? moment(Number(day[3]), month(day[1] as string), Number(day[2]), day[4] ?? '') : null
}

function parseIsoDate(text: string): number | null {
  const m = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T\s]+(.*))?$/.exec(text)
  return m ? moment(Number(m[1]), Number(m[2]) - 1, Number(m[3]), m[4] ?? '') : null
}

function month(name: string): number {
  return MONTHS.indexOf(name.slice(0, 3).toLowerCase())
}

/** Two digits: 00-49 are this century, 50-99 the last; three digits count from 1900 (RFC 5322 §4.3). */
function year(digits: string): number {
  const n = Number(digits)
  if (digits.length >= 4) return n
  return digits.length === 3 || n >= 50 ? 1900 + n : 2000 + n
}

function moment(y: number, mon: number, day: number, clock: string): number | null {
  const m = /^(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2})(?:[.,]\d+)?)?\s*([ap]m\b)?\s*(.*)$/i.exec(clock)
  let hour = m ? Number(m[1]) : 0
  const minute = m ? Number(m[2]) : 0
  const second = m?.[3] ? Number(m[3]) : 0
  if (m?.[4]) hour = (hour % 12) + (m[4].toLowerCase() === 'pm' ? 12 : 0)
  if (mon < 0 || mon > 11 || day < 1 || day > 31 || y < 1900 || hour > 24 || minute > 59 || second > 60) return null
  const local = Date.UTC(y, mon, day, hour, minute, second)
  return local - zone(m?.[5] ?? '') * 60_000
}

/** Minutes east of Greenwich. */
function zone(text: string): number {
  const offset = /^(?:GMT|UTC)?\s*([+-])\s?(\d{1,2}?):?(\d{2})?(?!\d)/i.exec(text)
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0)
    return minutes > 24 * 60 ? 0 : offset[1] === '-' ? -minutes : minutes
  }
  return ZONES[/^[A-Za-z]+/.exec(text)?.[0].toLowerCase() ?? ''] ?? 0
}
