/** Encoded words in headers (RFC 2047, with the RFC 2231 §5 language mark), as real senders write them. */
import { decodeCharset } from './charset.ts'
import type { Warn } from './types.ts'

interface Word {
  charset: string
  base64: boolean
  text: string
  /** Where the word begins and the first character after it. */
  from: number
  to: number
}

/** The encoded word that begins at '=?' at or after `at`. Linear: a start without a proper head is passed over at once. */
function nextWord(value: string, at: number): Word | null {
  for (let from = value.indexOf('=?', at); from >= 0; from = value.indexOf('=?', from + 2)) {
    const head = /^=\?([^?\s]{1,80})\?([bBqQ])\?/.exec(value.slice(from, from + 100))
    if (head === null) continue
    const start = from + head[0].length
    const stop = value.indexOf('?=', start)
    if (stop < 0) return null
    return {
      charset: head[1] as string,
      base64: head[2] === 'b' || head[2] === 'B',
      text: value.slice(start, stop),
      from,
      to: stop + 2,
    }
  }
  return null
}

function qBytes(text: string): Buffer {
  const plain = text.replaceAll('_', ' ')
  if (!plain.includes('=')) return Buffer.from(plain, 'latin1')
  return Buffer.from(
    plain.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  )
}

/** A stretch of neighbouring words in one charset. base64 text is joined first: some encoders cut within a quantum or a character. */
function decodeRun(words: Word[], warn: Warn): string {
  const pieces: Buffer[] = []
  let open = ''
  const flush = () => {
    if (open !== '') pieces.push(Buffer.from(open.replace(/[^A-Za-z0-9+/]/g, ''), 'base64'))
    open = ''
  }
  for (const word of words) {
    if (word.base64) {
      open += word.text
      if (word.text.endsWith('=') || open.length % 4 === 0) flush()
    } else {
      flush()
      pieces.push(qBytes(word.text))
    }
  }
  flush()
  const [first] = words
  return decodeCharset(pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces), first?.charset, warn)
}

/**
 * Decodes every encoded word of an unfolded header value; blanks between two words vanish (RFC 2047 §6.2). What is not a word stays.
 * Words of one charset are decoded together, so that a character split between two of them survives.
 */
export function decodeWords(value: string, warn: Warn): string {
  let word = value.includes('=?') ? nextWord(value, 0) : null
  if (word === null) return value
  let out = ''
  let at = 0
  while (word !== null) {
    const run = [word]
    const gap = value.slice(at, word.from)
    // The gap before the first run always counts; later gaps are blank only between runs of different charsets.
    out += at > 0 && /^\s*$/.test(gap) ? '' : gap
    let last: Word = word
    let next = nextWord(value, last.to)
    while (next !== null && next.charset.toLowerCase() === word.charset.toLowerCase()) {
      if (!/^\s*$/.test(value.slice(last.to, next.from))) break
      run.push(next)
      last = next
      next = nextWord(value, last.to)
    }
    out += decodeRun(run, warn)
    at = last.to
    word = next
  }
  return out + value.slice(at)
}
