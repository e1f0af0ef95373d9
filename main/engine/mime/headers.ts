/** The header section (RFC 5322 §2.2): where it ends, its fields, unfolding, and what broken mails put in its place. */
import { isUtf8 } from 'node:buffer'
import { decodeCharset, guessText } from './charset.ts'
import type { Warn } from './types.ts'
import { decodeWords } from './words.ts'

/** Limits of one header section: what is behind them counts as body. */
export const HEADER_OCTETS = 1 << 20
export const HEADER_LINES = 10_000

/** One field. `value` is unfolded, trimmed and holds one character per octet (latin1), not yet decoded. */
export interface HeaderField {
  /** Lower case. */
  name: string
  value: string
}

export interface HeaderSection {
  fields: HeaderField[]
  /** Offset of the first octet of the body. */
  bodyAt: number
}

/** A field name and its colon; blanks before the colon are obsolete syntax (RFC 5322 §4.5). */
const FIELD = /^([!-9;-~]{1,200})[ \t]*:/

/**
 * Reads the header section that begins at `from` and ends before `to`. A first line 'From …' (mbox), a byte order mark and empty lines before
 * the first field are passed over. A line that is no field is passed over when a field follows it ('header.malformed'), else the body
 * begins there ('header.blank-line-missing').
 */
export function readHeaders(octets: Buffer, from: number, to: number, warn: Warn): HeaderSection {
  const limit = Math.min(to, from + HEADER_OCTETS)
  const fields: HeaderField[] = []
  let at = from
  let lines = 0
  let name = ''
  let value = ''
  const finish = () => {
    if (name !== '') fields.push({ name, value: value.trim() })
    name = ''
  }
  while (at < limit) {
    const lf = octets.indexOf(10, at)
    const next = lf < 0 || lf >= to ? to : lf + 1
    if (next > limit || ++lines > HEADER_LINES) break
    let end = lf < 0 || lf >= to ? to : lf
    while (end > at && octets[end - 1] === 13) end--
    if (end === at) {
      finish()
      return { fields, bodyAt: next }
    }
    const first = octets[at]
    const line = octets.toString('latin1', at, end)
    if ((first === 32 || first === 9) && name !== '') {
      value += line
    } else {
      const field = FIELD.exec(line)
      if (field) {
        finish()
        name = (field[1] as string).toLowerCase()
        value = line.slice(field[0].length)
      } else if (isUnfolded(name, value, line)) {
        value += ` ${line}`
        warn('header.malformed')
      } else if (lines > 1 || !/^>?From /.test(line)) {
        if (line.startsWith('--') || !fieldFollows(octets, next, to)) {
          finish()
          warn('header.blank-line-missing')
          return { fields, bodyAt: at }
        }
        warn('header.malformed')
      }
    }
    at = next
  }
  finish()
  if (at < to) warn('header.too-large')
  return { fields, bodyAt: Math.min(at, to) }
}

/** A continuation that lost the blank in front: 'boundary="…"' behind 'multipart/mixed;', or all of an empty X- field. */
function isUnfolded(name: string, value: string, line: string): boolean {
  if (name.startsWith('x-') && value.trim() === '') return true
  return name.startsWith('content-') && value.trimEnd().endsWith(';') && /^[\w*-]{1,40}=/.test(line)
}

/** Fields that a text is unlikely to begin a line with. */
const USUAL =
  /^(?:content-|mime-|x-|arc-|dkim-|list-|received|authentication-results|return-path|message-id|in-reply-to|references|reply-to|subject|from|to|cc|date|sender)/i

/** Whether the header goes on behind a line that is no field: any field on the next line, or a usual one before an empty line. */
function fieldFollows(octets: Buffer, at: number, to: number): boolean {
  const lines = octets.toString('latin1', at, Math.min(to, at + 4_000)).split(/\r*\n/, 40)
  for (const [i, line] of lines.entries()) {
    if (line === '' || line.startsWith('--')) return false
    if (FIELD.test(line) && (i === 0 || USUAL.test(line))) return true
  }
  return false
}

/** Where the first field of a whole message begins: behind a byte order mark and empty lines, if a field or an mbox line stands there. */
export function skipLeader(octets: Buffer): number {
  let at = octets[0] === 0xef && octets[1] === 0xbb && octets[2] === 0xbf ? 3 : 0
  while (at < octets.length && (octets[at] === 10 || octets[at] === 13)) at++
  const line = octets.toString('latin1', at, at + 210)
  return FIELD.test(line) || /^>?From /.test(line) ? at : 0
}

/** First value of a field, as it stands. */
export function firstValue(fields: readonly HeaderField[], name: string): string | undefined {
  return fields.find((field) => field.name === name)?.value
}

const EIGHT_BIT = /[\x80-\xff]|\x1b\$/

/**
 * Raw 8-bit fields in a charset that only the body names (forbidden, but what East Asian and Russian programs of old wrote): put into UTF-8,
 * so that `decodeRaw` reads them. `charset` is the one of the message's Content-Type.
 */
export function adoptCharset(fields: readonly HeaderField[], charset: string): void {
  for (const field of fields) {
    if (!EIGHT_BIT.test(field.value)) continue
    const octets = Buffer.from(field.value, 'latin1')
    if (!isUtf8(octets))
      field.value = Buffer.from(
        decodeCharset(octets, charset, () => undefined),
        'utf8',
      ).toString('latin1')
  }
}

/** Raw 8-bit characters of a header value: UTF-8 (RFC 6532) when they are, else windows-1252. */
export function decodeRaw(value: string): string {
  return EIGHT_BIT.test(value) ? guessText(Buffer.from(value, 'latin1')) : value
}

const CONTROLS = /[\x00-\x1f\x7f\u2028\u2029]+/g

/** One line without control characters: they become one blank, so that nothing decoded can start a line of its own. */
export function oneLine(value: string): string {
  return value.replace(CONTROLS, ' ').trim()
}

/** An unstructured field as people read it: 8-bit text and encoded words decoded, on one line. */
export function decodeUnstructured(value: string, warn: Warn): string {
  return oneLine(decodeWords(decodeRaw(value), warn))
}
