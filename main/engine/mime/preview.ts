/** The one line below the subject: the author's own first words. */
import { htmlToText } from './html-text.ts'

/** Characters of a preview. */
export const PREVIEW = 200

/** Characters of a body that are looked at: enough for every greeting, little for a 5 MB log file. */
const TEXT_WINDOW = 16_000
/** Characters that surely fill a preview, whatever is squeezed out of them. */
const ENOUGH = 1_000
const HTML_WINDOW = 200_000

/** Fillers that newsletters put behind their preheader to keep the rest out of previews. */
// eslint-disable-next-line no-misleading-character-class -- a set of characters that only look combined
const INVISIBLE = /[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffc]/

const ATTRIBUTION =
  /^(?:On|Am|Le|El|Il|Op|Den|Em|W dniu)\b.{0,200}(?::|wrote|schrieb|écrit|escribió|scritto|schreef|skrev)\s*$/
const FORWARD =
  /^-{3,}\s?(?:Original Message|Ursprüngliche Nachricht|Message d'origine|Mensaje original|Forwarded message)/i

/** Own words of a plain text: without quoted lines, the line that introduces them, and everything behind a signature mark. */
function ownWords(text: string): string {
  const kept: string[] = []
  let length = 0
  for (let at = 0; at < text.length && at < TEXT_WINDOW && length < ENOUGH;) {
    const lf = text.indexOf('\n', at)
    const line = text.slice(at, Math.min(lf < 0 ? text.length : lf, at + ENOUGH))
    at = lf < 0 ? text.length : lf + 1
    if (line === '-- ' || line === '--' || line === '-- \r') break
    if (line.startsWith('>')) {
      dropIntroduction(kept)
      continue
    }
    if (ATTRIBUTION.test(line.slice(0, 300).trim())) continue
    if (FORWARD.test(line)) break
    kept.push(line)
    length += line.trim().length
  }
  return kept.join('\n')
}

/** Whatever its language: a line right before a quote that ends with a colon says who is quoted. */
function dropIntroduction(kept: string[]): void {
  const last = kept.findLastIndex((line) => line.trim() !== '')
  if (last >= 0 && /:\s*$/.test(kept[last] ?? '')) kept.length = last
}

/** Characters whose long runs are drawn rules: '-=_*#~.' */
const RULE = new Set([...'-=_*#~.'].map((c) => c.charCodeAt(0)))

function isBlank(c: number): boolean {
  return (
    c <= 32 || (c >= 0x7f && c <= 0xa0) || (c >= 0x2000 && c <= 0x200a) || c === 0x2028 || c === 0x2029 || c === 0x3000
  )
}

/** The first 200 characters on one line: blanks and controls collapse, fillers vanish, of a drawn rule three characters stay. */
function squeeze(text: string): string {
  let out = ''
  let gap = false
  for (let i = 0, run = 0, last = 0; i < text.length && out.length < PREVIEW; i++) {
    const c = text.charCodeAt(i)
    if (isBlank(c)) {
      gap = out !== ''
    } else if (c < 0xad || !INVISIBLE.test(text[i] as string)) {
      run = c === last ? run + 1 : 1
      if (run > 3 && RULE.has(c)) continue
      out += gap ? ` ${text[i] as string}` : (text[i] as string)
      gap = false
    }
    last = c
  }
  // Never half a character: a high surrogate at the cut goes too.
  const cut = out.slice(0, PREVIEW)
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut
}

/** At most 200 characters on one line: from the text, else from the HTML, else from what was quoted. */
export function makePreview(text: string, html: readonly string[]): string {
  const own = squeeze(ownWords(text))
  if (own !== '') return own
  const [first] = html
  if (first !== undefined && text.trim() === '') {
    const plain = htmlToText(first.slice(0, HTML_WINDOW), 4 * PREVIEW)
    return squeeze(ownWords(plain)) || squeeze(plain)
  }
  return squeeze(text.slice(0, TEXT_WINDOW))
}
