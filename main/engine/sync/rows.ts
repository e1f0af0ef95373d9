import { hash } from 'node:crypto'
import type { AccountId, MessageBody, MessageId, MessageRow, Octets } from '../../../preload/contract/index.ts'
import { htmlToText } from '../mime/html-text.ts'
import { parseHeaders, parseMessage, type ParsedAddress, type ParsedMessage } from '../mime/index.ts'

/** Longest subject, name, address or id that goes into a row; the reader's source view shows the rest. */
const LINE = 998

/** What the server says of a message, apart from its octets. */
export interface Facts {
  readonly id: MessageId
  readonly account: AccountId
  /** INTERNALDATE, ms. */
  readonly date: number
  /** RFC822.SIZE. */
  readonly size: number
}

/** A message made ready for the store. */
export interface Prepared {
  readonly row: MessageRow
  readonly body: MessageBody | null
}

/** From the octets of a message, all of them or (with a problem said) as many as could be had. */
export function prepare(facts: Facts, octets: Uint8Array, state: Octets, problem = ''): Prepared {
  const parsed = parseMessage(octets)
  return { row: toRow(facts, parsed, state, problem), body: toBody(parsed) }
}

/** From the header alone. */
export function prepareHeader(facts: Facts, header: Uint8Array, problem = ''): Prepared {
  return { row: toRow(facts, parseHeaders(header), 'none', problem), body: null }
}

function toRow(facts: Facts, parsed: ParsedMessage, octets: Octets, problem: string): MessageRow {
  const from = parsed.from[0] ?? parsed.sender[0]
  return {
    ...facts,
    thread: threadKey(parsed),
    from: from ? address(from) : { name: '', email: '' },
    to: parsed.to
      .slice(0, 3)
      .map(({ name, email }) => name || email)
      .join(', ')
      .slice(0, LINE),
    subject: parsed.subject.slice(0, LINE),
    preview: parsed.preview,
    octets,
    attachments: parsed.parts.filter(({ disposition }) => disposition === 'attachment').length,
    messageId: parsed.messageId.slice(0, LINE),
    problem,
  }
}

function toBody(parsed: ParsedMessage): MessageBody {
  return {
    from: parsed.from.map(address),
    sender: parsed.sender.map(address),
    to: parsed.to.map(address),
    cc: parsed.cc.map(address),
    bcc: parsed.bcc.map(address),
    replyTo: parsed.replyTo.map(address),
    sent: parsed.date,
    inReplyTo: parsed.inReplyTo,
    references: parsed.references,
    text: parsed.text,
    flowed: parsed.flowed,
    delsp: parsed.delsp,
    html: parsed.html,
    htmlText: parsed.text === '' ? parsed.html.map((html) => htmlToText(html)).join('\n\n') : '',
    attachments: parsed.parts.map(({ id, name, type, size, disposition, cid }) => ({
      part: id,
      name: name.slice(0, LINE),
      type: type.slice(0, LINE),
      size,
      inline: disposition === 'inline',
      cid: cid.slice(0, LINE),
    })),
    warnings: parsed.warnings,
  }
}

function address({ name, email }: ParsedAddress) {
  return { name: name.slice(0, LINE), email: email.slice(0, LINE) }
}

/** The root of the conversation by its own words, whatever the order of arrival; '' threads with nothing. */
function threadKey(parsed: ParsedMessage): string {
  const root = parsed.references[0] ?? (parsed.inReplyTo || parsed.messageId)
  return root === '' ? '' : hash('sha256', root, 'base64url').slice(0, 16)
}
