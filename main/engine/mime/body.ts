/** Which leaves of a MIME tree are the displayed body, and their decoded text. */
import { isAscii, isUtf8 } from 'node:buffer'
import { decodeCharset } from './charset.ts'
import { htmlToText, textToHtml } from './html-text.ts'
import { decodedSize, decodeTransfer } from './transfer.ts'
import type { ParsedPart, Warn } from './types.ts'
import type { Leaf, Multipart, Node } from './walk.ts'

/** Octets of decoded text kept of each kind, text and HTML; the rest stays in the message ('text.truncated'). */
export const TEXT_OCTETS = 8 << 20

/** Leaves that say the same thing: one displayed leaf, or all the displayed ones of a multipart/alternative. */
interface Passage {
  plain: Leaf[]
  html: Leaf[]
}

export interface Body {
  text: string
  html: string[]
  flowed: boolean
  delsp: boolean
  parts: ParsedPart[]
}

/** Sorts the leaves into body and parts, and decodes the body. */
export function readBody(octets: Buffer, root: Node, warn: Warn): Body {
  const passages: Passage[] = []
  const parts: ParsedPart[] = []

  const visit = (node: Node, passage: Passage | null, resource: boolean): void => {
    if (node.kind === 'multipart') {
      const inner = passage ?? (node.subtype === 'alternative' ? { plain: [], html: [] } : null)
      if (inner !== null && passage === null) passages.push(inner)
      const main = node.subtype === 'related' ? rootOf(node) : undefined
      for (const child of node.children) visit(child, inner, main !== undefined && child !== main)
      return
    }
    const kind = displayed(node, node === root, resource)
    if (kind === null) {
      parts.push(partOf(octets, node, resource || passage !== null))
      return
    }
    let target = passage
    if (target === null) passages.push((target = { plain: [], html: [] }))
    target[kind].push(node)
  }
  visit(root, null, false)

  const first = passages.find(({ plain }) => plain.length > 0)?.plain[0]
  return { ...render(octets, passages, warn), flowed: first?.flowed ?? false, delsp: first?.delsp ?? false, parts }
}

/** The root of a multipart/related: the one that `start` names, else the first (RFC 2387 §3.2). */
function rootOf(node: Multipart): Node | undefined {
  return (node.start && node.children.find((child) => child.cid === node.start)) || node.children[0]
}

/** Whether a leaf belongs to the displayed body. HTML of a multipart/related that has a Content-ID is a frame of its root. */
function displayed(leaf: Leaf, alone: boolean, resource: boolean): 'plain' | 'html' | null {
  if (leaf.disposition === 'attachment') return null
  if (leaf.type === 'text/html') return resource && leaf.cid !== '' ? null : 'html'
  if (leaf.type === 'text/plain' || leaf.type === 'text') return 'plain'
  // RFC 2046 §4.1.4: an unknown kind of text is plain text; as a part it is offered as a file, but a whole mail must be readable.
  return alone && leaf.type.startsWith('text/') && leaf.type !== 'text/calendar' ? 'plain' : null
}

/** `inner`: the leaf belongs to something else, as a resource of HTML or another form of a text, and is no file of its own. */
function partOf(octets: Buffer, leaf: Leaf, inner: boolean): ParsedPart {
  const inline = leaf.disposition === 'inline' || (leaf.disposition === '' && (inner || leaf.cid !== ''))
  return {
    id: leaf.id,
    name: leaf.name,
    type: leaf.type,
    disposition: inline ? 'inline' : 'attachment',
    cid: leaf.cid,
    encoding: leaf.encoding,
    from: leaf.from,
    to: leaf.to,
    size: decodedSize(octets.subarray(leaf.from, leaf.to), leaf.encoding),
    ...(leaf.charset ? { charset: leaf.charset } : {}),
  }
}

/**
 * Text and HTML, each complete in itself: where only one of the two forms exists for a passage, the other is made from it, so that a reader
 * that shows the HTML does not lose a footer that came as text.
 */
function render(octets: Buffer, passages: readonly Passage[], warn: Warn): { text: string; html: string[] } {
  const left = { plain: TEXT_OCTETS, html: TEXT_OCTETS }
  const decode = (leaf: Leaf, kind: 'plain' | 'html') => {
    const bytes = decodeLeaf(octets, leaf, left[kind], warn)
    left[kind] -= bytes.length
    return toText(bytes, leaf, warn)
  }
  const done = passages.map(({ plain, html }) => ({
    plain: plain.map((leaf) => decode(leaf, 'plain')),
    html: html.map((leaf) => decode(leaf, 'html')).filter((page) => page.trim() !== ''),
  }))
  const anyPlain = done.some(({ plain }) => plain.length > 0)
  const anyHtml = done.some(({ html }) => html.length > 0)
  const text = anyPlain
    ? done.flatMap(({ plain, html }) => (plain.length > 0 ? plain : html.map((page) => htmlToText(page))))
    : []
  const html = anyHtml
    ? done.flatMap(({ plain, html: pages }) =>
        pages.length > 0 ? pages : plain.filter((t) => t.trim() !== '').map(textToHtml),
      )
    : []
  return { text: text.join('\n'), html }
}

/** Decoded octets of a text leaf, at most `left` of them, cut at a line end where one is near. */
function decodeLeaf(octets: Buffer, leaf: Leaf, left: number, warn: Warn): Buffer {
  const raw = octets.subarray(leaf.from, leaf.to)
  // No encoding triples its input and more, but quoted-printable can.
  const enough = leaf.encoding === 'quoted-printable' ? left * 3 + 1_000 : left * 1.5 + 1_000
  const bytes = decodeTransfer(raw.length > enough ? raw.subarray(0, enough) : raw, leaf.encoding, warn)
  if (bytes.length <= left && raw.length <= enough) return bytes
  warn('text.truncated')
  const cut = bytes.subarray(0, left)
  const line = cut.lastIndexOf(10)
  return line > left - 65_536 ? cut.subarray(0, line + 1) : cut
}

function toText(bytes: Buffer, leaf: Leaf, warn: Warn): string {
  let charset = leaf.charset
  if (!charset && leaf.type === 'text/html' && !isAscii(bytes) && !isUtf8(bytes)) {
    charset = /<meta[^>]{0,200}charset=["']?([\w.:-]{2,40})/i.exec(bytes.toString('latin1', 0, 2_048))?.[1]
  }
  let text = decodeCharset(bytes, charset, warn)
  if (text.includes('\r')) {
    text = text.replaceAll('\r\n', '\n')
    if (text.includes('\r')) text = text.replace(/\r\n?/g, '\n')
  }
  return text.includes('\0') ? text.replaceAll('\0', '') : text
}
