/** One logical line of a plain text: its quote depth, and its text without quote marks. */
export interface Line {
  readonly depth: number
  readonly text: string
}

/** Lines of fixed text: `>` marks at the start, with or without spaces between them, are its depth. */
export function fixedLines(text: string): Line[] {
  return text.split('\n').map((raw) => {
    // "> > a" and ">> a" are both in use; a mark further in the line is text
    const marks = /^(?:>[ \t]?)+/.exec(raw)?.[0] ?? ''
    const depth = marks.replace(/[^>]/g, '').length
    return depth === 0 ? { depth: 0, text: raw } : { depth, text: raw.slice(marks.length) }
  })
}

/**
 * RFC 3676 §4: joins the flowed lines of a paragraph, undoes space stuffing, takes depth from the leading `>` only.
 * A signature separator is never joined (§4.3); a change of depth ends a paragraph (§4.5).
 */
export function flowedLines(text: string, delsp: boolean): Line[] {
  const lines: Line[] = []
  let open: { depth: number; text: string } | null = null
  for (const raw of text.split('\n')) {
    const depth = /^>*/.exec(raw)?.[0].length ?? 0
    let rest = raw.slice(depth)
    if (rest.startsWith(' ')) rest = rest.slice(1)
    const separator = rest === '-- '
    const flows = rest.endsWith(' ') && !separator
    if (open !== null && (open.depth !== depth || separator)) {
      lines.push(open)
      open = null
    }
    const body: string = (open?.text ?? '') + (flows && delsp ? rest.slice(0, -1) : rest)
    if (flows) open = { depth, text: body }
    else {
      lines.push({ depth, text: body })
      open = null
    }
  }
  if (open !== null) lines.push(open)
  return lines
}
