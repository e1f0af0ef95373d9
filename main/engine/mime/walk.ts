/** The MIME tree of a message (RFC 2045-2046) as octet ranges. Nothing is copied and nothing is decoded here. */
import { firstValue, type HeaderField, readHeaders } from './headers.ts'
import { parseParameterised } from './params.ts'
import { parseEncoding } from './transfer.ts'
import type { TransferEncoding, Warn } from './types.ts'

/** Multiparts inside each other; a deeper one is a leaf ('mime.depth'). */
export const DEPTH = 20
/** Leaves and multiparts of one message; what comes behind is left out ('mime.parts'). */
export const PARTS = 500
/** Octets of a boundary: RFC 2046 §5.1.1 allows 70, some programs write more. */
const BOUNDARY = 20_000
/** What every delimiter line but one at the very beginning starts with. */
const DASHES = Buffer.from('\n--')

export interface Leaf {
  kind: 'leaf'
  id: string
  type: string
  /** '' when the header is absent. */
  disposition: string
  name: string
  cid: string
  encoding: TransferEncoding
  charset: string | undefined
  flowed: boolean
  delsp: boolean
  from: number
  to: number
}

export interface Multipart {
  kind: 'multipart'
  /** Behind the slash: 'mixed', 'alternative', 'related', … */
  subtype: string
  /** Content-ID of the root of a multipart/related (RFC 2387), '' when not named. */
  start: string
  cid: string
  children: Node[]
}

export type Node = Leaf | Multipart

/** Builds the tree of the message whose header section has been read already. */
export function walkMessage(octets: Buffer, fields: readonly HeaderField[], bodyAt: number, warn: Warn): Node {
  return new Walker(octets, warn).entity(fields, bodyAt, octets.length, '', 0, 'text/plain')
}

interface Range {
  from: number
  to: number
}

class Walker {
  private readonly octets: Buffer
  private readonly warn: Warn
  private count = 0

  constructor(octets: Buffer, warn: Warn) {
    this.octets = octets
    this.warn = warn
  }

  /** One entity. `id` is the part number so far: '' for the message itself, whose single leaf is part '1'. */
  entity(
    fields: readonly HeaderField[],
    from: number,
    to: number,
    id: string,
    depth: number,
    defaultType: string,
  ): Node {
    this.count++
    const { warn } = this
    const header = firstValue(fields, 'content-type')
    const { value, params } = header
      ? parseParameterised(header, warn)
      : { value: '', params: new Map<string, string>() }
    const encoding = parseEncoding(firstValue(fields, 'content-transfer-encoding'))
    const type = mediaType(value, defaultType, encoding === 'base64' || params.has('name'))
    const cid = (firstValue(fields, 'content-id') ?? '').replace(/^[\s<]+|[\s>]+$/g, '').slice(0, 1_000)
    let leafType = type
    if (type.startsWith('multipart/')) {
      const children = depth < DEPTH ? this.children(params.get('boundary'), from, to, id, depth, type) : null
      if (children)
        return {
          kind: 'multipart',
          subtype: type.slice(10),
          start: (params.get('start') ?? '').replace(/^<|>$/g, ''),
          cid,
          children,
        }
      if (depth >= DEPTH) warn('mime.depth')
      else leafType = 'text/plain'
    }
    const placed = firstValue(fields, 'content-disposition')
    const disposition = placed ? parseParameterised(placed, warn) : { value: '', params: new Map<string, string>() }
    return {
      kind: 'leaf',
      id: id || '1',
      type: leafType,
      disposition: disposition.value,
      name: disposition.params.get('filename') || params.get('name') || '',
      cid,
      encoding,
      charset: params.get('charset'),
      flowed: params.get('format')?.toLowerCase() === 'flowed',
      delsp: params.get('delsp')?.toLowerCase() === 'yes',
      from,
      to,
    }
  }

  /** The children of a multipart, or null when its boundary is nowhere to be found and it has to be read as text. */
  private children(
    named: string | undefined,
    from: number,
    to: number,
    id: string,
    depth: number,
    type: string,
  ): Node[] | null {
    const ranges = (named && this.split(named, from, to)) || this.split(this.guessBoundary(from, to), from, to)
    if (ranges === null) {
      if (/\S/.test(this.octets.toString('latin1', from, Math.min(to, from + 1_000)))) {
        this.warn('mime.boundary-missing')
        return null
      }
      return []
    }
    const defaultType = type === 'multipart/digest' ? 'message/rfc822' : 'text/plain'
    const out: Node[] = []
    for (const [i, range] of ranges.entries()) {
      if (this.count >= PARTS) {
        this.warn('mime.parts')
        break
      }
      const { fields, bodyAt } = readHeaders(this.octets, range.from, range.to, this.warn)
      out.push(
        this.entity(fields, bodyAt, range.to, id === '' ? String(i + 1) : `${id}.${i + 1}`, depth + 1, defaultType),
      )
    }
    return out
  }

  /** The boundary of a multipart that names none, or one that is nowhere: the first line '--…' that a Content-… field follows. */
  private guessBoundary(from: number, to: number): string {
    const head = this.octets.toString('latin1', from, Math.min(to, from + 8_000))
    const line = /(?:^|\n)--(\S[^\r\n]{0,98}\S)[ \t]*\r?\nContent-[A-Za-z-]{1,40}:/i.exec(head)
    if (line) this.warn('mime.boundary-guessed')
    return line?.[1] ?? ''
  }

  /**
   * The ranges between the delimiter lines of one boundary, each without the line break that belongs to the delimiter; null when there is
   * no delimiter at all. Lines behind the closing delimiter count again only from a further delimiter on.
   */
  private split(named: string, from: number, to: number): Range[] | null {
    if (named === '') return null
    const boundary = Buffer.from(named, 'utf8').subarray(0, BOUNDARY)
    const { octets } = this
    // The line break in front of the first delimiter may be the one that ends the header.
    const base = from > 0 && octets[from - 1] === 10 ? from - 1 : from
    const area = octets.subarray(base, to)
    const ranges: Range[] = []
    let open = -1
    let found = false
    const delimiter = (dashes: number) => {
      const after = dashes + 2 + boundary.length
      if (!startsAt(area, boundary, dashes + 2)) return
      const closing = area[after] === 45 && area[after + 1] === 45
      const next = lineEnd(area, closing ? after + 2 : after)
      if (next < 0) return
      found = true
      if (open >= 0) ranges.push({ from: base + open, to: base + Math.max(open, beforeLineBreak(area, dashes)) })
      open = closing ? -1 : next
    }
    if (base === from && area[0] === 45 && area[1] === 45) delimiter(0)
    for (let at = area.indexOf(DASHES); at >= 0 && ranges.length < PARTS; at = area.indexOf(DASHES, at + 1)) {
      delimiter(at + 1)
    }
    if (!found) return null
    if (open >= 0 && ranges.length < PARTS) {
      this.warn('mime.boundary-unclosed')
      ranges.push({ from: base + open, to })
    }
    return ranges
  }
}

/** RFC 2045 §5.2: what cannot be read as a type is plain text; a file stays a file. */
function mediaType(value: string, defaultType: string, file: boolean): string {
  if (value === '') return defaultType
  const type = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+/.exec(value)?.[0]
  return type ?? (file && !value.startsWith('text') ? 'application/octet-stream' : 'text/plain')
}

function startsAt(area: Buffer, wanted: Buffer, at: number): boolean {
  for (let i = 0; i < wanted.length; i++) if (area[at + i] !== wanted[i]) return false
  return true
}

/** The octet behind a line of which only blanks remain, or -1 when something else stands there. */
function lineEnd(area: Buffer, at: number): number {
  let i = at
  while (area[i] === 32 || area[i] === 9) i++
  while (area[i] === 13) i++
  if (i >= area.length) return area.length
  return area[i] === 10 ? i + 1 : -1
}

function beforeLineBreak(area: Buffer, at: number): number {
  if (at < 1 || area[at - 1] !== 10) return at
  return at > 1 && area[at - 2] === 13 ? at - 2 : at - 1
}
