/** Writing MIME: transfer encodings, encoded-words, parameters. Lines are ended by CRLF. */

const HEX = '0123456789ABCDEF'

/** Quoted-printable of text octets whose line ends are CRLF (RFC 2045 §6.7). */
export function quotedPrintable(octets: Buffer): Buffer {
  const out = Buffer.allocUnsafe(octets.length * 3 + Math.ceil(octets.length / 25) * 3 + 3)
  let at = 0
  let column = 0
  for (let i = 0; i < octets.length; i++) {
    const byte = octets[i] as number
    const literal = (byte > 32 && byte < 127 && byte !== 61) || ((byte === 32 || byte === 9) && octets[i + 1] !== 13)
    if (byte === 13 && octets[i + 1] === 10) {
      out[at++] = 13
      out[at++] = 10
      column = 0
      i++
      continue
    }
    if (column + (literal ? 1 : 3) > 75) {
      out[at++] = 61
      out[at++] = 13
      out[at++] = 10
      column = 0
    }
    if (literal) {
      out[at++] = byte
      column += 1
    } else {
      out[at++] = 61
      out[at++] = HEX.charCodeAt(byte >> 4)
      out[at++] = HEX.charCodeAt(byte & 15)
      column += 3
    }
  }
  return out.subarray(0, at)
}

/** Base64 in lines of 76 characters, each ended by CRLF (RFC 2045 §6.8). */
export function base64Lines(octets: Buffer): Buffer {
  const encoded = Buffer.from(octets.toString('base64'), 'latin1')
  const lines = Math.ceil(encoded.length / 76)
  const out = Buffer.allocUnsafe(encoded.length + 2 * lines)
  let at = 0
  for (let start = 0; start < encoded.length; start += 76) {
    at += encoded.copy(out, at, start, start + 76)
    out[at++] = 13
    out[at++] = 10
  }
  return out
}

/** A header value: as it is when it is ASCII, else encoded-words of UTF-8 on folded lines (RFC 2047). */
export function encodedWords(text: string, encoding: 'B' | 'Q' = 'B'): string {
  if (isAscii(text)) return text
  const words: string[] = []
  let chunk = ''
  // Never within a character: 33 octets make 44 characters of base64 and at most 99 of Q, so Q takes fewer.
  const limit = encoding === 'B' ? 42 : 18
  for (const character of text) {
    if (Buffer.byteLength(chunk + character) > limit) {
      words.push(chunk)
      chunk = ''
    }
    chunk += character
  }
  words.push(chunk)
  return words.map((word) => `=?utf-8?${encoding}?${encoding === 'B' ? base64(word) : qWord(word)}?=`).join('\r\n ')
}

/** `name="value"`, or RFC 2231's `name*=UTF-8''…` where the value is not ASCII. */
export function parameter(name: string, value: string): string {
  return isAscii(value) ? `${name}="${value}"` : `${name}*=UTF-8''${encodeURIComponent(value)}`
}

export function isAscii(text: string): boolean {
  return !/[^\x20-\x7e\r\n]/.test(text)
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

function qWord(text: string): string {
  // Letters and digits alone are safe in every place where an encoded-word may stand (RFC 2047 §5).
  return Array.from(Buffer.from(text), (byte) => {
    const character = String.fromCharCode(byte)
    if (/[A-Za-z0-9]/.test(character)) return character
    return byte === 32 ? '_' : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')
}
