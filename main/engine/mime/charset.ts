/** Octets to text: the charsets that mails name, the names that mails invent, and the labels that lie. */
import { isAscii, isUtf8 } from 'node:buffer'
import type { Warn } from './types.ts'

/** Windows-1252 0x80-0x9F; the five unassigned octets stay C1 controls, as browsers have it. */
const CP1252 =
  '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f' +
  '\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178'

/** Labels that the Encoding Standard does not know, as mail writes them. */
const ALIASES: Record<string, string> = {
  ansi: 'windows-1252',
  'x-ansi': 'windows-1252',
  iso88591: 'windows-1252',
  'iso-8859-1-windows-3.1-latin-1': 'windows-1252',
  'iso-8859-1:1987': 'windows-1252',
  '8859-1': 'windows-1252',
  '8bit': 'us-ascii',
  '7bit': 'us-ascii',
  'utf-8-bom': 'utf-8',
  utf_8: 'utf-8',
  'utf-8n': 'utf-8',
  utf8mb4: 'utf-8',
  cp932: 'shift_jis',
  'windows-31j': 'shift_jis',
  'x-sjis-jp': 'shift_jis',
  'iso-2022-jp-1': 'iso-2022-jp',
  'iso-2022-jp-2': 'iso-2022-jp',
  'iso-2022-jp-ms': 'iso-2022-jp',
  cp50220: 'iso-2022-jp',
  cp50221: 'iso-2022-jp',
  'euc-cn': 'gbk',
  cp936: 'gbk',
  ms936: 'gbk',
  cp949: 'euc-kr',
  'x-windows-949': 'euc-kr',
  ks_c_5601: 'euc-kr',
  cp950: 'big5',
  'x-big5': 'big5',
  'big5-eten': 'big5',
  'x-mac-roman': 'macintosh',
  'koi8-ru': 'koi8-u',
  'iso-8859-8-e': 'iso-8859-8',
  unicode: 'utf-16le',
  'utf-16': 'utf-16',
  'unicode-1-1-utf-7': 'utf-7',
  'x-unicode-2-0-utf-7': 'utf-7',
  'unicode-1-1-utf-8': 'utf-8',
}

/** Charsets whose octets below 0x80 do not simply mean ASCII. */
const STATEFUL = /^(?:utf-?16|utf-?7|utf-?32|iso-2022-|hz-|ucs-|unicode)/

const decoders = new Map<string, TextDecoder | null>()

/** A decoder of the platform for this label, or null. Kept: making one costs more than most headers do. */
function platformDecoder(label: string): TextDecoder | null {
  const known = decoders.get(label)
  if (known !== undefined) return known
  let decoder: TextDecoder | null
  try {
    decoder = new TextDecoder(label)
  } catch {
    decoder = null // an unknown label: the caller warns and guesses
  }
  // Hostile mails may invent labels without end: only names of sane length are remembered, and not many.
  if (label.length <= 40 && decoders.size < 500) decoders.set(label, decoder)
  return decoder
}

/** Windows-1252, the superset of ISO-8859-1 that senders mean by it. */
export function decodeWindows1252(bytes: Buffer): string {
  const text = bytes.toString('latin1')
  return /[\x80-\x9f]/.test(text) ? text.replace(/[\x80-\x9f]/g, (c) => CP1252[c.charCodeAt(0) - 0x80] ?? c) : text
}

/**
 * UTF-8 that may be damaged. A few broken sequences in real UTF-8 (a truncated line) become U+FFFD; text in which most 8-bit
 * octets are not UTF-8 was mislabelled and is read as windows-1252.
 */
function decodeDamagedUtf8(bytes: Buffer, warn: Warn): string {
  const text = bytes.toString('utf8')
  let good = 0
  let bad = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 0xfffd) bad++
    else if (c > 0x7f) good++
  }
  warn('charset.damaged:utf-8')
  return good > bad ? text : decodeWindows1252(bytes)
}

/** UTF-16 without a mark is big-endian (RFC 2781 §4.3), unless its zeros, the high halves of Latin text, stand behind the other octets. */
function isLittleEndian(bytes: Buffer): boolean {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return true
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return false
  let lead = 0
  for (let i = 0; i < bytes.length && i < 400; i++) if (bytes[i] === 0) lead += i % 2 === 0 ? -1 : 1
  return lead > 0
}

/** UTF-7 (RFC 2152): '+' begins modified base64 of UTF-16BE, '-' or any other character ends it. */
export function decodeUtf7(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/\+([A-Za-z0-9+/]*)-?/g, (_, code: string) => {
    if (code === '') return '+'
    const raw = Buffer.from(code, 'base64')
    return raw
      .subarray(0, raw.length & ~1)
      .swap16()
      .toString('utf16le')
  })
}

/** ISO-2022-KR (RFC 1557) and HZ (RFC 1843) are 7-bit shells around EUC: lift the shifted stretches by 0x80. */
function decodeShifted(bytes: Buffer, kind: 'hz' | 'kr'): string {
  const out = Buffer.alloc(bytes.length)
  let n = 0
  let shifted = false
  for (let i = 0; i < bytes.length; i++) {
    const c = bytes[i] as number
    const next = bytes[i + 1]
    if (kind === 'kr') {
      if (c === 0x0e || c === 0x0f) shifted = c === 0x0e
      else if (c === 0x1b && next === 0x24)
        i += 3 // ESC $ ) C announces the set
      else out[n++] = shifted && c > 0x20 ? c | 0x80 : c
    } else if (c === 0x7e && (next === 0x7b || next === 0x7d || next === 0x7e || next === 0x0a)) {
      if (next === 0x7e) out[n++] = 0x7e
      else if (next !== 0x0a) shifted = next === 0x7b
      i++
    } else {
      if (c === 0x0a) shifted = false
      out[n++] = shifted && c > 0x20 ? c | 0x80 : c
    }
  }
  return (platformDecoder(kind === 'kr' ? 'euc-kr' : 'gb18030') as TextDecoder).decode(out.subarray(0, n))
}

/** What the octets look like when nobody says: UTF-8 when they are, ISO-2022-JP by its escapes, else windows-1252. */
export function guessText(bytes: Buffer): string {
  if (isAscii(bytes)) {
    const text = bytes.toString('latin1')
    return /\x1b\$[@B]/.test(text) ? decodeJapanese(bytes) : text
  }
  return isUtf8(bytes) ? bytes.toString('utf8') : decodeWindows1252(bytes)
}

/** ISO-2022-JP; an escape to ASCII and straight back, where pieces were joined, is an error to the platform's decoder: taken out. */
function decodeJapanese(octets: Buffer): string {
  const text = octets.toString('latin1')
  const bytes = text.includes('\x1b(B\x1b$') ? Buffer.from(text.replaceAll('\x1b(B\x1b$', '\x1b$'), 'latin1') : octets
  return (platformDecoder('iso-2022-jp') as TextDecoder).decode(bytes)
}

/** The label as the decoders below know it: lower case, without quotes, RFC 2231 language and blanks. */
export function normaliseLabel(label: string): string {
  const name = label
    .slice(0, 80)
    .toLowerCase()
    .replace(/\*.*$/, '')
    .replace(/["'\s;]/g, '')
  return ALIASES[name] ?? name
}

/**
 * Decodes octets by the label the sender gave (undefined or '' for none). Never fails: an unknown label is reported as
 * 'charset.unknown:LABEL' and the text guessed; a label that the octets contradict is reported as 'charset.damaged:LABEL'.
 */
export function decodeCharset(bytes: Buffer, label: string | undefined, warn: Warn): string {
  if (bytes.length === 0) return ''
  const name = label ? normaliseLabel(label) : ''
  if (!STATEFUL.test(name) && isAscii(bytes)) {
    if (name === '' || name === 'us-ascii') return guessText(bytes)
    if (name !== 'utf-8' && name !== 'utf8' && platformDecoder(name) === null) warn(`charset.unknown:${name}`)
    return bytes.toString('latin1')
  }
  switch (name) {
    case '':
    case 'us-ascii':
    case 'ascii':
      return stripBom(guessText(bytes))
    case 'utf-8':
    case 'utf8':
      return stripBom(isUtf8(bytes) ? bytes.toString('utf8') : decodeDamagedUtf8(bytes, warn))
    case 'iso-8859-1':
    case 'iso8859-1':
    case 'iso_8859-1':
    case 'latin1':
    case 'windows-1252':
    case 'cp1252':
      return decodeWindows1252(bytes)
    case 'iso-2022-jp':
      return decodeJapanese(bytes)
    case 'utf-7':
      return decodeUtf7(bytes)
    case 'iso-2022-kr':
      return decodeShifted(bytes, 'kr')
    case 'hz-gb-2312':
    case 'hz':
      return decodeShifted(bytes, 'hz')
    case 'utf-16':
    case 'ucs-2':
      return stripBom((platformDecoder(isLittleEndian(bytes) ? 'utf-16le' : 'utf-16be') as TextDecoder).decode(bytes))
  }
  const decoder = platformDecoder(name)
  if (decoder === null) {
    warn(`charset.unknown:${name}`)
    return stripBom(guessText(bytes))
  }
  try {
    return stripBom(decoder.decode(bytes))
  } catch {
    warn(`charset.damaged:${name}`)
    return guessText(bytes)
  }
}

function stripBom(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}
