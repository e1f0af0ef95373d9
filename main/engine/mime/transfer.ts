/** Content-Transfer-Encodings (RFC 2045 §6) and uuencode, tolerant of what gateways and list servers did to them. */
import type { TransferEncoding, Warn } from './types.ts'

const LF = 10
const CR = 13
const EQUALS = 61

/** The encoding that a Content-Transfer-Encoding value means; what nobody knows is taken as it stands (8bit). */
export function parseEncoding(value: string | undefined): TransferEncoding {
  if (value === undefined) return '7bit'
  const name = /[a-z0-9-]+/.exec(value.toLowerCase().replace(/\([^()]*\)/g, ''))?.[0] ?? ''
  switch (name) {
    case 'base64':
    case 'base-64':
      return 'base64'
    case 'quoted-printable':
    case 'quotedprintable':
    case 'quoted-printible':
      return 'quoted-printable'
    case 'uuencode':
    case 'x-uuencode':
    case 'x-uue':
    case 'uue':
      return 'uuencode'
    case 'binary':
      return 'binary'
    case '8bit':
      return '8bit'
    case '7bit':
    case '':
      return '7bit'
    default:
      return '8bit'
  }
}

/**
 * base64 with anything that is not of its alphabet passed over (RFC 2045 §6.8). Padding ends a stretch, not the text: several encoded
 * pieces pasted together decode one after the other. Reports 'base64.damaged' when something was passed over.
 */
export function decodeBase64(bytes: Buffer, warn: Warn): Buffer {
  const text = bytes.toString('latin1')
  const padding = text.indexOf('=')
  const foreign = /[^A-Za-z0-9+/=\s]/.test(text)
  if (!foreign && (padding < 0 || !/[A-Za-z0-9+/]/.test(text.slice(padding)))) {
    return Buffer.from(padding < 0 ? text : text.slice(0, padding), 'base64')
  }
  warn('base64.damaged')
  const clean = foreign ? text.replace(/[^A-Za-z0-9+/=]+/g, '') : text
  return Buffer.concat(clean.split(/=+/).map((stretch) => Buffer.from(stretch, 'base64')))
}

/** Value of a hexadecimal digit by its octet, -1 for any other octet. */
const HEX = Int8Array.from({ length: 256 }, (_, c) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(c).toLowerCase())
  return c === 0 ? -1 : digit
})

/** quoted-printable; an '=' that introduces nothing valid stays as it is, blanks before a line end are padding (RFC 2045 §6.7). */
export function decodeQuotedPrintable(bytes: Buffer): Buffer {
  const end = bytes.length
  const out = Buffer.allocUnsafe(end)
  let n = 0
  let solid = 0 // output up to here cannot be trailing padding
  for (let i = 0; i < end; i++) {
    const c = bytes[i] as number
    if (c !== EQUALS && c > CR) {
      out[n++] = c // nearly every octet
    } else if (c === EQUALS) {
      const high = HEX[bytes[i + 1] as number] ?? -1
      const low = HEX[bytes[i + 2] as number] ?? -1
      if (high >= 0 && low >= 0) {
        out[n++] = (high << 4) | low
        i += 2
      } else {
        const next = softBreakEnd(bytes, i + 1)
        if (next < 0) out[n++] = EQUALS
        else i = next - 1
      }
      solid = n
    } else if (c === LF || (c === CR && bytes[i + 1] === LF)) {
      while (n > solid && (out[n - 1] === 32 || out[n - 1] === 9)) n--
      out[n++] = c
      if (c === CR) {
        out[n++] = LF
        i++
      }
      solid = n
    } else {
      out[n++] = c
    }
  }
  while (n > solid && (out[n - 1] === 32 || out[n - 1] === 9)) n--
  return out.subarray(0, n)
}

/** The octet after a soft line break whose '=' stands before `i`, or -1 when there is none. */
function softBreakEnd(bytes: Buffer, i: number): number {
  const limit = Math.min(bytes.length, i + 1000)
  while (i < limit && (bytes[i] === 32 || bytes[i] === 9)) i++
  if (i >= bytes.length) return i
  if (bytes[i] === CR) return bytes[i + 1] === LF ? i + 2 : i + 1
  return bytes[i] === LF ? i + 1 : -1
}

/** uuencode: the lines between 'begin MODE NAME' and 'end'; without a begin line everything is taken as data. */
export function decodeUuencode(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1')
  const begin = /^begin [0-7]{3,4} [^\n]*\n/m.exec(text)
  const out = Buffer.alloc(Math.ceil((bytes.length * 3) / 4) + 3)
  let n = 0
  let at = begin ? begin.index + begin[0].length : 0
  while (at < text.length) {
    let stop = text.indexOf('\n', at)
    if (stop < 0) stop = text.length
    const count = (text.charCodeAt(at) - 32) & 63
    if (count === 0 || (text[at] === 'e' && /^end\s*$/.test(text.slice(at, stop)))) break
    const first = n
    for (let i = at + 1; n - first < count && i < stop; i += 4) {
      const [a, b, c, d] = [0, 1, 2, 3].map((k) => (i + k < stop ? (text.charCodeAt(i + k) - 32) & 63 : 0)) as [
        number,
        number,
        number,
        number,
      ]
      out[n++] = (a << 2) | (b >> 4)
      if (n - first < count) out[n++] = ((b & 15) << 4) | (c >> 2)
      if (n - first < count) out[n++] = ((c & 3) << 6) | d
    }
    at = stop + 1
  }
  return out.subarray(0, n)
}

/** Decodes a whole body; identity encodings give the same memory back. */
export function decodeTransfer(bytes: Buffer, encoding: TransferEncoding, warn: Warn): Buffer {
  switch (encoding) {
    case 'base64':
      return decodeBase64(bytes, warn)
    case 'quoted-printable':
      return decodeQuotedPrintable(bytes)
    case 'uuencode':
      return decodeUuencode(bytes)
    case '7bit':
    case '8bit':
    case 'binary':
      return bytes
  }
}

/**
 * Decoded size of a body without decoding it. base64: from the first line's length, exact when all lines are equally long, as every
 * encoder writes them; uuencode: three quarters; quoted-printable is decoded, as it is small and rare in attachments.
 */
export function decodedSize(bytes: Buffer, encoding: TransferEncoding): number {
  if (encoding === 'quoted-printable') return decodeQuotedPrintable(bytes).length
  if (encoding === 'uuencode') return Math.floor(bytes.length * 0.72)
  if (encoding !== 'base64') return bytes.length
  let end = bytes.length
  let padding = 0
  for (; end > 0; end--) {
    const c = bytes[end - 1] as number
    if (c === EQUALS) padding++
    else if (c > 32) break
  }
  const firstLf = bytes.indexOf(LF)
  const chars = end + padding
  if (firstLf < 0 || firstLf >= end) return Math.max(0, Math.floor(((chars - padding) * 3) / 4))
  const eol = bytes[firstLf - 1] === CR ? 2 : 1
  const lineBreaks = Math.floor((end - 1) / (firstLf + 1))
  return Math.max(0, Math.floor(((end - lineBreaks * eol) * 3) / 4))
}

/** Decodes a body that arrives in pieces of any size: `write` each piece, then `end` once. Memory stays at the size of a piece. */
export interface TransferDecoder {
  write(chunk: Buffer): Buffer
  end(): Buffer
}

/** A piecewise decoder whose pieces, joined, equal `decodeTransfer` of the whole; uuencode is small and gathered until the end. */
export function createTransferDecoder(encoding: TransferEncoding, warn: Warn): TransferDecoder {
  let rest: Buffer = Buffer.alloc(0)
  if (encoding === 'base64') {
    let chars = ''
    return {
      write(chunk) {
        const text = chars + chunk.toString('latin1').replace(/[^A-Za-z0-9+/=]+/g, '')
        // Cut behind the last padding or at a whole quantum counted from it, so that stretches never share a piece.
        const start = text.lastIndexOf('=') + 1
        const cut = start + ((text.length - start) & ~3)
        chars = text.slice(cut)
        return decodeBase64(Buffer.from(text.slice(0, cut), 'latin1'), warn)
      },
      end: () => decodeBase64(Buffer.from(chars, 'latin1'), warn),
    }
  }
  if (encoding === '7bit' || encoding === '8bit' || encoding === 'binary') {
    return { write: (chunk) => chunk, end: () => Buffer.alloc(0) }
  }
  return {
    write(chunk) {
      rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
      const cut = encoding === 'quoted-printable' ? rest.lastIndexOf(LF) + 1 : 0
      const whole = rest.subarray(0, cut)
      rest = rest.subarray(cut)
      return whole.length > 0 ? decodeTransfer(whole, encoding, warn) : whole
    },
    end: () => decodeTransfer(rest, encoding, warn),
  }
}
