import { fixedLines, flowedLines, type Line } from './flowed.ts'

/** A stretch of a plain text as the reader draws it. */
export type Block =
  | { readonly kind: 'text'; readonly lines: readonly string[] }
  | { readonly kind: 'signature'; readonly lines: readonly string[] }
  /** Quoted lines with their depth; `folded`: shown only on demand. */
  | { readonly kind: 'quote'; readonly lines: readonly Line[]; readonly folded: boolean; readonly intro: string }

/** A quote longer than this is folded even when an answer follows it. */
const LONG = 12

/** "On Tue, 3 Nov 2026, Noor wrote:" in the languages where it ends by a colon: it belongs to the quote below it. */
const INTRO = /^.{4,240}[:：]\s*$/u

/** Cuts a text into what its author wrote, what was quoted, and the signature. */
export function blocks(text: string, options: { flowed: boolean; delsp: boolean }): Block[] {
  const clean = text.replace(/\r\n?/g, '\n').replace(/\s+$/, '')
  if (clean === '') return []
  const lines = options.flowed ? flowedLines(clean, options.delsp) : fixedLines(clean)
  const made: Block[] = []
  let at = 0
  while (at < lines.length) {
    const line = lines[at]
    if (!line) break
    let end = at + 1
    if (line.depth > 0) {
      while (end < lines.length && (lines[end]?.depth ?? 0) > 0) end++
      made.push(quote(lines.slice(at, end), made))
    } else if (isSeparator(line.text)) {
      while (end < lines.length && lines[end]?.depth === 0) end++
      made.push({ kind: 'signature', lines: trimmed(lines.slice(at + 1, end)) })
    } else {
      while (end < lines.length && lines[end]?.depth === 0 && !isSeparator(lines[end]?.text ?? '')) end++
      const own = trimmed(lines.slice(at, end))
      if (own.length > 0) made.push({ kind: 'text', lines: own })
    }
    at = end
  }
  return foldLast(made)
}

function isSeparator(text: string): boolean {
  return text === '-- ' || text === '--' // "--" alone is not RFC 3676 §4.3, but common
}

function trimmed(lines: readonly Line[]): string[] {
  const texts = lines.map((line) => line.text)
  while (texts[0]?.trim() === '') texts.shift()
  while (texts.at(-1)?.trim() === '') texts.pop()
  return texts
}

/** Makes a quote and takes the line that introduces it from the text before. */
function quote(lines: readonly Line[], before: Block[]): Block {
  let intro = ''
  const last = before.at(-1)
  if (last?.kind === 'text') {
    // the introduction may be broken over two lines by the sender's program
    const tail = last.lines.slice(-2)
    const whole = tail.at(-1) ?? ''
    if (INTRO.test(whole)) {
      const both = tail.length === 2 && tail[0]?.trim() !== '' && !/\d/.test(whole) && /\d/.test(tail[0] ?? '')
      intro = (both ? tail.join(' ') : whole).trim()
      const rest = trimmed(last.lines.slice(0, both ? -2 : -1).map((text) => ({ depth: 0, text })))
      before.pop()
      if (rest.length > 0) before.push({ kind: 'text', lines: rest })
    }
  }
  return { kind: 'quote', lines, folded: lines.length > LONG, intro }
}

/** The quote at the end is what the reader has already read. A mail that is nothing but a quote stays open. */
function foldLast(all: Block[]): Block[] {
  const own = all.some((block) => block.kind === 'text')
  const last = all.findLastIndex((block) => block.kind !== 'signature')
  return all.map((block, index) =>
    block.kind === 'quote' ? { ...block, folded: own && (block.folded || index === last) } : block,
  )
}

/** Characters of a text that are drawn at once: more would hold up the window while it is laid out. */
export const FIRST_DRAWN = 100_000

/** The start of a long text, cut at the end of a line where there is one. */
export function startOf(text: string): string {
  if (text.length <= FIRST_DRAWN) return text
  const end = text.lastIndexOf('\n', FIRST_DRAWN)
  return text.slice(0, end > FIRST_DRAWN / 2 ? end : FIRST_DRAWN)
}
