/** A stretch of a line: plain text, or a link with where it leads. */
export interface Piece {
  readonly text: string
  readonly href: string | null
}

const LINK =
  /\b(?:https?:\/\/|www\.)[^\s<>"'`\u00ab\u00bb\u201c\u201d\u3000-\u303f\uff00-\uffef]+|\bmailto:[^\s<>"]+|[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/giu

/** What may follow a link in a sentence. */
const TAIL = `.,;:!?*_~'"…`

/** Longer ones are no links that a person would follow, nor any that the door lets through. */
const LONGEST = 4096

/** Finds links in one line: http, https, mailto and bare addresses. Everything else stays text. */
export function linkify(line: string): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  for (const match of line.matchAll(LINK)) {
    const found = withoutTail(match[0])
    const href = target(found)
    if (href === null) continue
    if (match.index > at) pieces.push({ text: line.slice(at, match.index), href: null })
    pieces.push({ text: found, href })
    at = match.index + found.length
  }
  if (at < line.length) pieces.push({ text: line.slice(at), href: null })
  return pieces
}

/** Punctuation that ends a sentence is not the link's; a bracket is, when it was opened in it. */
function withoutTail(link: string): string {
  const spare = (open: string, close: string) => count(link, close) - count(link, open)
  const left: Record<string, number> = { ')': spare('(', ')'), ']': spare('[', ']'), '}': spare('{', '}') }
  let end = link.length
  for (; end > 0; end--) {
    const last = link.charAt(end - 1)
    const brackets = left[last]
    if (brackets === undefined ? !TAIL.includes(last) : brackets <= 0) break
    if (brackets !== undefined) left[last] = brackets - 1
  }
  return link.slice(0, end)
}

function count(text: string, sign: string): number {
  return text.split(sign).length - 1
}

/** The address a link leads to as a whole URL, or null when it is none that may be opened. */
function target(text: string): string | null {
  const url = /^www\./i.test(text) ? `https://${text}` : /^(https?:|mailto:)/i.test(text) ? text : `mailto:${text}`
  if (url.length > LONGEST || !URL.canParse(url)) return null
  const parsed = new URL(url)
  if (!['http:', 'https:', 'mailto:'].includes(parsed.protocol)) return null
  return parsed.href
}
