/** HTML to plain text for previews and search: one pass without a DOM, linear in the length of the document. */

/** Elements that begin a line of their own. */
const BLOCKS = new Set(
  (
    'address article aside blockquote body br caption center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 ' +
    'header hr html legend li main menu nav ol p pre section summary table tbody tfoot thead tr ul'
  ).split(' '),
)

/** Elements whose content nobody reads. */
const HIDDEN = new Set([
  'script',
  'style',
  'head',
  'title',
  'noscript',
  'template',
  'svg',
  'math',
  'object',
  'iframe',
  'textarea',
  'select',
])

/** Named references that mails use (HTML 4 Latin-1, punctuation and a few symbols); others stay as they are written. */
const NAMED: Record<string, string> = Object.fromEntries(
  (
    'quot:22 amp:26 apos:27 lt:3c gt:3e nbsp:a0 iexcl:a1 cent:a2 pound:a3 curren:a4 yen:a5 brvbar:a6 sect:a7 uml:a8 copy:a9 ordf:aa laquo:ab not:ac ' +
    'shy:ad reg:ae macr:af deg:b0 plusmn:b1 sup2:b2 sup3:b3 acute:b4 micro:b5 para:b6 middot:b7 cedil:b8 sup1:b9 ordm:ba raquo:bb frac14:bc ' +
    'frac12:bd frac34:be iquest:bf Agrave:c0 Aacute:c1 Acirc:c2 Atilde:c3 Auml:c4 Aring:c5 AElig:c6 Ccedil:c7 Egrave:c8 Eacute:c9 Ecirc:ca ' +
    'Euml:cb Igrave:cc Iacute:cd Icirc:ce Iuml:cf ETH:d0 Ntilde:d1 Ograve:d2 Oacute:d3 Ocirc:d4 Otilde:d5 Ouml:d6 times:d7 Oslash:d8 Ugrave:d9 ' +
    'Uacute:da Ucirc:db Uuml:dc Yacute:dd THORN:de szlig:df agrave:e0 aacute:e1 acirc:e2 atilde:e3 auml:e4 aring:e5 aelig:e6 ccedil:e7 egrave:e8 ' +
    'eacute:e9 ecirc:ea euml:eb igrave:ec iacute:ed icirc:ee iuml:ef eth:f0 ntilde:f1 ograve:f2 oacute:f3 ocirc:f4 otilde:f5 ouml:f6 divide:f7 ' +
    'oslash:f8 ugrave:f9 uacute:fa ucirc:fb uuml:fc yacute:fd thorn:fe yuml:ff OElig:152 oelig:153 Scaron:160 scaron:161 Yuml:178 fnof:192 circ:2c6 ' +
    'tilde:2dc ensp:2002 emsp:2003 thinsp:2009 zwnj:200c zwj:200d lrm:200e rlm:200f ndash:2013 mdash:2014 lsquo:2018 rsquo:2019 sbquo:201a ldquo:201c ' +
    'rdquo:201d bdquo:201e dagger:2020 Dagger:2021 bull:2022 hellip:2026 permil:2030 prime:2032 Prime:2033 lsaquo:2039 rsaquo:203a oline:203e ' +
    'frasl:2044 euro:20ac trade:2122 larr:2190 uarr:2191 rarr:2192 darr:2193 harr:2194 minus:2212 infin:221e asymp:2248 ne:2260 le:2264 ge:2265'
  )
    .split(' ')
    .map((pair) => pair.split(':') as [string, string])
    .map(([name, hex]) => [name, String.fromCharCode(parseInt(hex, 16))]),
)

/** Decodes character references; unknown names and impossible numbers stay as text or become U+FFFD. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6})|([A-Za-z]{2,8}\d{0,2}));?/g,
    (whole, dec?: string, hex?: string, name?: string) => {
      if (name !== undefined) return NAMED[name] ?? whole
      const code = dec !== undefined ? Number(dec) : parseInt(hex as string, 16)
      return code === 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? '\ufffd' : String.fromCodePoint(code)
    },
  )
}

interface Tag {
  name: string
  close: boolean
  /** Index behind the '>'. */
  to: number
}

/** Walks the tags of one document. Holds what is known not to come any more, so that nothing is searched for twice in vain. */
class TagReader {
  private readonly html: string
  private readonly gone = new Set<string>()

  constructor(html: string) {
    this.html = html
  }

  /** The tag, comment or declaration at the '<' at `at`; null when that '<' is text. */
  read(at: number): Tag | null {
    const { html } = this
    if (html.startsWith('<!--', at)) {
      const end = html.indexOf('-->', at + 2)
      return { name: '!', close: false, to: end < 0 ? html.length : end + 3 }
    }
    const next = html[at + 1] ?? ''
    if (next === '!' || next === '?') {
      const end = html.indexOf('>', at)
      return { name: '!', close: false, to: end < 0 ? html.length : end + 1 }
    }
    const close = next === '/'
    const from = at + (close ? 2 : 1)
    const name = /^[A-Za-z][A-Za-z0-9:-]*/.exec(html.slice(from, from + 40))?.[0]
    return name === undefined ? null : { name: name.toLowerCase(), close, to: this.tagEnd(from + name.length) }
  }

  /** Index behind the '>' that ends a tag, passing over quoted attribute values. */
  private tagEnd(from: number): number {
    const { html } = this
    for (let i = from; i < html.length; i++) {
      const c = html[i]
      if (c === '>') return i + 1
      if ((c === '"' || c === "'") && html[i - 1] === '=') {
        const end = html.indexOf(c, i + 1)
        if (end >= 0) i = end // without a closing quote it is an ordinary character; that search fails once per kind of quote
      }
    }
    return html.length
  }

  /** Where the content of a hidden element ends, or -1 when nothing ends it. A head also ends where the body begins. */
  endOf(name: string, from: number): number {
    if (this.gone.has(name)) return -1
    const search = name === 'head' ? /<(?:\/head|body)/gi : new RegExp(`</${name}`, 'gi')
    search.lastIndex = from
    const found = search.exec(this.html)
    if (!found) this.gone.add(name)
    return found ? found.index : -1
  }
}

/**
 * The readable text of an HTML document: blocks on lines of their own, blanks collapsed, hidden elements left out. Stops when `limit`
 * characters are there.
 */
export function htmlToText(html: string, limit = Infinity): string {
  const reader = new TagReader(html)
  const out: string[] = []
  let length = 0
  let at = 0
  let pre = 0
  let lineStart = true
  const write = (raw: string) => {
    let text = decodeEntities(raw)
    if (pre === 0) text = text.replace(/[ \t\r\n\f]+/g, ' ')
    if (lineStart && pre === 0 && text.startsWith(' ')) text = text.slice(1)
    if (text === '') return
    out.push(text)
    length += text.length
    lineStart = text.endsWith('\n') || (pre === 0 && text.endsWith(' '))
  }
  const newLine = (hard: boolean) => {
    if (length === 0 || (out.at(-1) === '\n' && !hard)) return
    if (hard && out.at(-1) === '\n' && out.at(-2) === '\n') return
    out.push('\n')
    length++
    lineStart = true
  }
  while (at < html.length && length < limit) {
    const open = html.indexOf('<', at)
    if (open < 0) {
      write(html.slice(at))
      break
    }
    if (open > at) write(html.slice(at, open))
    const tag = reader.read(open)
    if (tag === null) {
      write('<')
      at = open + 1
      continue
    }
    at = tag.to
    if (!tag.close && HIDDEN.has(tag.name)) {
      const end = reader.endOf(tag.name, at)
      if (end >= 0) at = end // what is never closed is read as if it were empty
    } else if (BLOCKS.has(tag.name)) {
      newLine(tag.name === 'br' || (tag.name === 'p' && !tag.close))
      if (tag.name === 'pre') pre = Math.max(0, pre + (tag.close ? -1 : 1))
    } else if ((tag.name === 'td' || tag.name === 'th') && tag.close && !lineStart) {
      write(' ')
    }
  }
  return out.join('').replace(/ \n/g, '\n').trim()
}

/** Plain text as a piece of HTML that shows its lines as they are. */
export function textToHtml(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return `<div style="white-space: pre-wrap">${escaped}</div>`
}
