/** Content-Type and Content-Disposition: a value and its parameters (RFC 2045 §5.1, RFC 2231). */
import { decodeCharset } from './charset.ts'
import { decodeRaw, oneLine } from './headers.ts'
import type { Warn } from './types.ts'
import { decodeWords } from './words.ts'

export interface Parameterised {
  /** Lower case, without comments and blanks: 'text/plain', 'attachment'. */
  value: string
  /** By lower-case name; RFC 2231 continuations are joined and decoded. The first of several equal names counts. */
  params: Map<string, string>
}

const PARAMETERS = 200

interface Raw {
  name: string
  value: string
}

/** Splits at ';' outside quotes and comments. Values keep their octets; quotes, escapes and comments are gone. */
function split(header: string): { value: string; raw: Raw[] } {
  const raw: Raw[] = []
  const end = header.length
  let at = 0
  let value = ''
  let first = true
  let comments = true
  while (at < end && raw.length < PARAMETERS) {
    let name = ''
    let text = ''
    let seen = false // the '=' between name and value
    let quoted = false // the value was a quoted string: what follows it is junk
    let blank = true // no character of the value yet
    for (; at < end && header[at] !== ';'; at++) {
      const c = header[at] as string
      const close = c === '(' && comments && (!seen || blank) ? skipComment(header, at) : -1
      if (close >= 0) {
        at = close
      } else if (c === '(' && comments && (!seen || blank)) {
        comments = false // never closed: from here on '(' is a character, or this would be tried at every one
        if (seen) text += c
      } else if (c === '"' && !quoted && (first || (seen && blank))) {
        const [content, last] = readQuoted(header, at)
        text = content
        quoted = true
        at = last
      } else if (c === '=' && !seen && !first) {
        seen = true
        name = text
        text = ''
        blank = true
      } else if (!quoted) {
        text += c
        if (c !== ' ' && c !== '\t') blank = false
      }
    }
    at++
    if (first) value = text
    else if (seen) raw.push({ name: name.trim().toLowerCase(), value: quoted ? text : cutComment(text).trim() })
    first = false
  }
  return { value, raw }
}

/** Index of the ')' that closes the comment at `at`, or -1. Nesting is counted, not recursed. */
function skipComment(header: string, at: number): number {
  let depth = 0
  for (let i = at; i < header.length; i++) {
    const c = header[i]
    if (c === '\\') i++
    else if (c === '(') depth++
    else if (c === ')' && --depth === 0) return i
  }
  return -1
}

/** A comment behind an unquoted value: 'us-ascii (Plain text)'. Names such as 'a(1).txt' hold no blank before '(' and stay. */
function cutComment(value: string): string {
  const at = value.search(/\s\(/)
  return at >= 0 && value.trimEnd().endsWith(')') ? value.slice(0, at) : value
}

/** Content of the quoted string at `at` and the index of its last character. Without a closing quote it ends at ';' or the end. */
function readQuoted(header: string, at: number): [string, number] {
  let out = ''
  for (let i = at + 1; i < header.length; i++) {
    const c = header[i] as string
    // Only quotes and backslashes are escaped in practice: 'C:\dir\file' in quotes is a path of a broken sender.
    if (c === '\\' && (header[i + 1] === '"' || header[i + 1] === '\\')) out += header[++i] as string
    else if (c === '"') return [out, i]
    else out += c
  }
  const stop = header.indexOf(';', at)
  return stop < 0 ? [out, header.length] : [header.slice(at + 1, stop), stop - 1]
}

/** 'multipart/mixed boundary="x"': a type and its first parameter with only blanks between them. */
const LOST_SEMICOLON = /^([\w!#$&^.+-]{1,100}\/[\w!#$&^.+-]{1,100})\s+(?=[\w*-]{1,40}=)/

interface Segment {
  index: number
  extended: boolean
  value: string
}

function percentBytes(value: string): Buffer {
  return Buffer.from(
    value.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  )
}

/** RFC 2231: name*0*=charset'lang'pct%20 … in order of their numbers; only segments marked '*' are percent-decoded. */
function joinSegments(segments: Segment[], warn: Warn): string {
  segments.sort((a, b) => a.index - b.index)
  let charset: string | undefined
  const pieces = segments.map((segment, i) => {
    if (!segment.extended) return Buffer.from(segment.value, 'latin1')
    const head = i === 0 ? /^([^']*)'[^']*'/.exec(segment.value) : null
    if (head) charset = head[1]
    return percentBytes(head ? segment.value.slice(head[0].length) : segment.value)
  })
  return decodeCharset(Buffer.concat(pieces), charset, warn)
}

/**
 * Parses a structured MIME header. Parameters in encoded words (forbidden, but what Outlook and many others send) and raw 8-bit ones are
 * decoded too. RFC 2231 forms win over the plain one, which then is the fallback for old readers.
 */
export function parseParameterised(header: string, warn: Warn): Parameterised {
  const { value, raw } = split(header.replace(LOST_SEMICOLON, '$1;'))
  const params = new Map<string, string>()
  const segmented = new Map<string, Segment[]>()
  for (const { name, value: text } of raw) {
    if (name === '') continue
    const mark = name.includes('*') ? /^([^*]+)\*(?:(\d{1,4})(\*)?)?$/.exec(name) : null
    if (mark) {
      const base = mark[1] as string
      const segment = { index: Number(mark[2] ?? 0), extended: mark[2] === undefined || mark[3] === '*', value: text }
      const list = segmented.get(base)
      if (list) list.push(segment)
      else segmented.set(base, [segment])
    } else if (!params.has(name)) {
      params.set(name, oneLine(decodeWords(decodeRaw(text), warn)))
    }
  }
  for (const [name, segments] of segmented) {
    const joined = joinSegments(segments, warn)
    params.set(name, oneLine(segments.some((segment) => segment.extended) ? joined : decodeWords(joined, warn)))
  }
  // 'text/plain charset=x' without its ';' is a type and not a longer one.
  const [head = ''] = value
    .trim()
    .replace(/\s*\/\s*/, '/')
    .split(/\s/, 1)
  return { value: head.toLowerCase(), params }
}
