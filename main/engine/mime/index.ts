/**
 * The MIME reader: what indexing and reading need of one message, from its raw octets. Pure, never throws, and linear in the size of the
 * message whatever it holds. Attachments are located, not decoded: `decodePart` does that when somebody opens one.
 */
import { isAscii } from 'node:buffer'
import { parseAddresses } from './address.ts'
import { readBody } from './body.ts'
import { parseDate } from './date.ts'
import {
  adoptCharset,
  decodeUnstructured,
  firstValue,
  type HeaderField,
  oneLine,
  readHeaders,
  skipLeader,
} from './headers.ts'
import { parseParameterised } from './params.ts'
import { makePreview } from './preview.ts'
import { createTransferDecoder, decodeTransfer } from './transfer.ts'
import type { ParsedMessage, ParsedPart, TransferEncoding, Warn } from './types.ts'
import { walkMessage } from './walk.ts'

export type { ParsedAddress, ParsedMessage, ParsedPart, TransferEncoding } from './types.ts'

/** Distinct warnings kept of one message. */
const WARNINGS = 50
/** Ids kept of References: the oldest one names the thread, the newest ones the parents. */
const REFERENCES = 1_000

/** Parses a whole message. */
export function parseMessage(octets: Uint8Array): ParsedMessage {
  const { message, buffer, fields, bodyAt, warn } = begin(octets)
  const root = walkMessage(buffer, fields, bodyAt, warn)
  Object.assign(message, readBody(buffer, root, warn))
  message.preview = makePreview(message.text, message.html)
  return message
}

/** Parses a header section alone (a header-only fetch): text, html, parts and preview stay empty. */
export function parseHeaders(octets: Uint8Array): ParsedMessage {
  return begin(octets).message
}

/** The exact decoded octets of one part. Identity encodings share the memory of the message. */
export function decodePart(octets: Uint8Array, part: Pick<ParsedPart, 'from' | 'to' | 'encoding'>): Buffer {
  return decodeTransfer(asBuffer(octets).subarray(part.from, part.to), part.encoding, ignore)
}

/** As `decodePart`, for the encoded body [from, to) that arrives in pieces: attachments larger than memory should hold. */
export async function* decodePartChunks(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  encoding: TransferEncoding,
): AsyncGenerator<Buffer> {
  const decoder = createTransferDecoder(encoding, ignore)
  for await (const chunk of chunks) {
    const bytes = decoder.write(asBuffer(chunk))
    if (bytes.length > 0) yield bytes
  }
  const rest = decoder.end()
  if (rest.length > 0) yield rest
}

const ignore: Warn = () => undefined

function asBuffer(octets: Uint8Array): Buffer {
  return Buffer.isBuffer(octets) ? octets : Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength)
}

interface Begun {
  message: ParsedMessage
  buffer: Buffer
  fields: HeaderField[]
  bodyAt: number
  warn: Warn
}

function begin(octets: Uint8Array): Begun {
  const warnings: string[] = []
  const warn: Warn = (code) => {
    if (!warnings.includes(code) && warnings.length < WARNINGS) warnings.push(code)
  }
  let buffer = asBuffer(octets)
  if (buffer.length > 0 && !buffer.includes(10) && buffer.includes(13)) {
    // Lines of an old Mac. One octet becomes one octet, so that all offsets hold for the original too.
    buffer = Buffer.from(buffer.toString('latin1').replaceAll('\r', '\n'), 'latin1')
    warn('line-ends.cr')
  }
  const { fields, bodyAt } = readHeaders(buffer, skipLeader(buffer), buffer.length, warn)
  if (!isAscii(buffer.subarray(0, bodyAt))) {
    const charset = parseParameterised(firstValue(fields, 'content-type') ?? '', ignore).params.get('charset')
    if (charset) adoptCharset(fields, charset)
  }
  const message: ParsedMessage = {
    subject: '',
    from: [],
    sender: [],
    to: [],
    cc: [],
    bcc: [],
    replyTo: [],
    date: null,
    messageId: '',
    inReplyTo: '',
    references: [],
    text: '',
    flowed: false,
    delsp: false,
    html: [],
    parts: [],
    preview: '',
    warnings,
  }
  readEnvelope(message, fields, warn)
  return { message, buffer, fields, bodyAt, warn }
}

/** The fields of which a second one is ignored (RFC 5322 §3.6 allows one each); To, Cc and Bcc add up, as some gateways repeat them. */
const SINGLE = new Set([
  'subject',
  'from',
  'sender',
  'reply-to',
  'date',
  'message-id',
  'in-reply-to',
  'references',
  'list-unsubscribe',
])

function readEnvelope(message: ParsedMessage, fields: readonly HeaderField[], warn: Warn): void {
  const seen = new Set<string>()
  for (const { name, value } of fields) {
    if (SINGLE.has(name)) {
      if (seen.has(name) || value === '') continue
      seen.add(name)
    }
    switch (name) {
      case 'subject':
        message.subject = decodeUnstructured(value, warn)
        break
      case 'from':
      case 'sender':
      case 'to':
      case 'cc':
      case 'bcc':
        message[name].push(...parseAddresses(value, warn))
        break
      case 'reply-to':
        message.replyTo = parseAddresses(value, warn)
        break
      case 'date':
        message.date = parseDate(value)
        if (message.date === null) warn('date.unreadable')
        break
      case 'message-id':
        message.messageId = messageIds(value)[0] ?? ''
        break
      case 'in-reply-to':
        message.inReplyTo = messageIds(value)[0] ?? ''
        break
      case 'references':
        message.references = messageIds(value)
        break
      case 'list-unsubscribe':
        message.listUnsubscribe = oneLine(value)
        break
    }
  }
}

/** The ids of a field: what stands in <…>, blanks of a broken fold taken out; without brackets, the words that hold a '@'. */
function messageIds(value: string): string[] {
  const bracketed = [...value.matchAll(/<([^<>]+)>/g)].map((m) => (m[1] as string).replace(/\s+/g, ''))
  const ids = bracketed.length > 0 ? bracketed : value.split(/[\s,;<>]+/).filter((word) => word.includes('@'))
  const unique = [...new Set(ids.filter((id) => id !== ''))]
  return unique.length > REFERENCES ? [unique[0] as string, ...unique.slice(1 - REFERENCES)] : unique
}
