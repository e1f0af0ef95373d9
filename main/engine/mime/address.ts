/** Address lists (RFC 5322 §3.4 and its obsolete forms), and what real mail writes instead of them. */
import { decodeRaw, oneLine } from './headers.ts'
import type { ParsedAddress, Warn } from './types.ts'
import { decodeWords } from './words.ts'

/** Mailboxes kept of one field: a list beyond it is an attack or a mistake, and no window shows it. */
export const ADDRESSES = 5_000

interface Pending {
  /** Phrase, or the bare address when there is no <…>. */
  words: string
  /** `words` holds a '@' outside quotes. Kept apart: searching a growing string at each ':' would be quadratic. */
  at: boolean
  comment: string
  angle: string | null
}

const empty = (): Pending => ({ words: '', at: false, comment: '', angle: null })

/**
 * Parses the value of From, To, … (unfolded, one character per octet). Groups are flattened, comments serve as names where there are none,
 * ';' separates like ','. Encoded words are decoded in names only: in the address they would let a sender write another domain than he has.
 */
export function parseAddresses(header: string, warn: Warn): ParsedAddress[] {
  const value = decodeRaw(header)
  const out: ParsedAddress[] = []
  const scanner = new Scanner(value)
  let now = empty()
  const finish = () => {
    out.push(...build(now, warn))
    now = empty()
  }
  for (let at = 0; at < value.length && out.length < ADDRESSES; at++) {
    const c = value[at] as string
    if (c === '"') {
      const [text, end] = scanner.quoted(at)
      // A quoted local part keeps its quotes: they belong to the address.
      now.words += value[end + 1] === '@' ? `"${text.replace(/["\\]/g, '\\$&')}"` : quotedWord(text)
      at = end
    } else if (c === '(') {
      const [text, end] = scanner.comment(at)
      if (text !== null) now.comment += (now.comment ? ' ' : '') + text.trim()
      now.words += ' '
      at = end
    } else if (c === '<') {
      const end = scanner.closing(at)
      const inner = value.slice(at + 1, end)
      if (now.angle === null || !now.angle.includes('@')) now.angle = inner
      at = value[end] === '>' ? end : end - 1
    } else if (c === ',' || c === ';') {
      finish()
    } else if (c === ':' && now.angle === null && !now.at) {
      now = empty() // what stood before is the name of a group
    } else if (c === '[') {
      const end = value.slice(at, at + 100).indexOf(']')
      now.words += end < 0 ? c : value.slice(at, at + end + 1)
      at += Math.max(0, end)
    } else {
      now.words += c
      if (c === '@') now.at = true
    }
  }
  finish()
  return out
}

/** Marks quoted text so that a '@' inside a quoted display name is not taken for an address. */
const QUOTE_MARK = '\u0001'
const quotedWord = (text: string) => `${QUOTE_MARK}${text.replaceAll(QUOTE_MARK, '')}${QUOTE_MARK}`

/** Reads the bracketed things of a list. What is never closed is looked for once only, so that no list takes quadratic time. */
class Scanner {
  private readonly value: string
  private quotes = true
  private comments = true

  constructor(value: string) {
    this.value = value
  }

  /** Content of the quoted string at `at` and the index of its last character. */
  quoted(at: number): [string, number] {
    const { value } = this
    let out = ''
    for (let i = at + 1; this.quotes && i < value.length; i++) {
      const c = value[i] as string
      if (c === '\\' && i + 1 < value.length) out += value[++i] as string
      else if (c === '"') return [out, i]
      else out += c
    }
    // No closing quote: it was a stray character. Names do not span addresses, so reading goes on behind it.
    this.quotes = false
    return ['', at]
  }

  /** Content of the comment at `at`, null when it is never closed, and the index of its last character. */
  comment(at: number): [string | null, number] {
    const { value } = this
    let depth = 0
    let out = ''
    for (let i = at; this.comments && i < value.length; i++) {
      const c = value[i] as string
      if (c === '\\' && i + 1 < value.length) out += value[++i] as string
      else if (c === '(') out += depth++ > 0 ? c : ''
      else if (c === ')' && --depth === 0) return [out, i]
      else out += c
    }
    this.comments = false
    return [null, at]
  }

  /** Where the <…> at `at` ends: at '>', or where its author forgot it: before the next '<' or ','. */
  closing(at: number): number {
    const { value } = this
    for (let i = at + 1; i < value.length; i++) {
      const c = value[i]
      if (c === '"') i = this.quoted(i)[1]
      else if (c === '>' || c === '<') return i
      // A route '<@a,@b:c@d>' holds commas; without '@' at its front a comma ends the address.
      else if (c === ',' && value[at + 1] !== '@') return i
    }
    return value.length
  }
}

/** Octets of an address that are looked at; SMTP allows 254 (RFC 5321 §4.5.3.1). */
const ADDRESS_LENGTH = 1_000

/** Blanks and comments out, the obsolete source route ('@a,@b:') cut off. */
function cleanAddress(text: string): string {
  let address = text
    .slice(0, ADDRESS_LENGTH)
    .replaceAll(QUOTE_MARK, '')
    .replace(/\(([^()\\]|\\.)*\)/g, '')
  address = address.includes('"') ? address.trim() : address.replace(/\s+/g, '')
  if (address.startsWith('@') && address.includes(':')) address = address.slice(address.lastIndexOf(':') + 1)
  address = address.replace(/^mailto:/i, '').replace(/^[<'"]+(?=[^"']*$)|['>]+$/g, '')
  return address.replace(/[\x00-\x1f\x7f]/g, '')
}

function cleanName(text: string, warn: Warn): string {
  const name = oneLine(decodeWords(text.replaceAll(QUOTE_MARK, ''), warn)).replace(/\s+/g, ' ')
  const bare = /^'([^']*)'$/.exec(name) // Outlook quotes with apostrophes
  return bare ? (bare[1] as string).trim() : name
}

/** The mailboxes that one element of the list stands for: one, none, or several that only blanks separate. */
function build({ words, comment: note, angle }: Pending, warn: Warn): ParsedAddress[] {
  const text = words.replace(/\s+/g, ' ').trim()
  if (angle !== null && (angle.trim() !== '' || text !== '')) return [address(text || note, cleanAddress(angle), warn)]
  if (text === '') return []
  if (/^[^\s"@]+@[^\s"@]+( [^\s"@]+@[^\s"@]+)+$/.test(text))
    return text.split(' ').map((one) => address('', cleanAddress(one), warn))
  const found = bareAddress(text)
  if (found === null) return [address(text, '', warn)]
  const name = (text.slice(0, found.from) + ' ' + text.slice(found.to)).trim()
  return [address(name || note, cleanAddress(found.text), warn)]
}

/** A name that only repeats the address says nothing and is left out. */
function address(phrase: string, email: string, warn: Warn): ParsedAddress {
  const name = cleanName(phrase, warn)
  return { name: name.toLowerCase() === email.toLowerCase() ? '' : name, email }
}

/** The address among words that hold no <…>: the whole of it ('a @ b . c'), or the last word with '@' ('Joe joe@x.org'). */
function bareAddress(text: string): { text: string; from: number; to: number } | null {
  const outside = text.replace(/\u0001[^\u0001]*\u0001/g, (word) => ' '.repeat(word.length))
  if (!outside.includes('@')) return null
  const tight = text.replace(/\s*([@.])\s*/g, '$1')
  if (!/\s/.test(tight) && !tight.includes(QUOTE_MARK)) return { text: tight, from: 0, to: text.length }
  if (/^"/.test(text)) return { text, from: 0, to: text.length }
  const at = outside.lastIndexOf('@')
  let from = at
  while (from > 0 && !/\s/.test(outside[from - 1] as string)) from--
  let to = at + 1
  while (to < outside.length && !/\s/.test(outside[to] as string)) to++
  return { text: outside.slice(from, to), from, to }
}
