/**
 * Deterministic mailboxes that look like real ones: the same options give the same octets on every machine.
 * Each message is made from its own seed, so any one can be made again without the others.
 */
import { createHash } from 'node:crypto'
import { base64Lines, isAscii, parameter, quotedPrintable } from './mailbox/encode.ts'
import { headerLines } from './mailbox/headers.ts'
import { iso2022jp } from './mailbox/japanese.ts'
import { newsletterHtml, richHtml } from './mailbox/html.ts'
import { type MailboxOptions, type MessagePlan, planMailbox } from './mailbox/plan.ts'
import { paragraph, paragraphs, title, wrapped } from './mailbox/prose.ts'
import { Random } from './mailbox/random.ts'
import { vocabulary } from './mailbox/words.ts'

export { type MailboxOptions, type Person, OWNER, sizes } from './mailbox/plan.ts'

export interface Attachment {
  name: string
  type: string
  /** Octets, decoded. */
  size: number
  /** Hexadecimal, of the decoded octets. */
  sha256: string
}

export interface GeneratedMail {
  octets: Buffer
  /** INTERNALDATE, whole seconds. */
  date: Date
  flags: string[]
  /** The text/plain part, decoded, lines ended by \n; none in a mail that has HTML only. */
  text?: string
  /** The text/html part, decoded, lines ended by \n. */
  html?: string
  subject: string
  /** With its angle brackets. */
  messageId: string
  attachments: Attachment[]
}

export interface Mailbox extends Iterable<GeneratedMail> {
  count: number
  /** One message by its index from 0, oldest first. */
  at(index: number): GeneratedMail
}

/** All messages of a mailbox, oldest first, made while they are read. */
export function generate(options: MailboxOptions): Mailbox {
  const plans = planMailbox(options)
  const { seed } = options
  const at = (index: number) => {
    const plan = plans[index]
    if (!plan) throw new RangeError(`The mailbox has ${plans.length} messages; there is none with index ${index}.`)
    return compose(seed, plans, plan)
  }
  return {
    count: plans.length,
    at,
    *[Symbol.iterator]() {
      for (let index = 0; index < plans.length; index++) yield at(index)
    },
  }
}

interface Part {
  /** Header lines that begin with Content-. */
  headers: string[]
  body: Buffer[]
}

function compose(seed: string | number, plans: MessagePlan[], plan: MessagePlan): GeneratedMail {
  const random = new Random(seed, plan.index)
  const thread = threadOf(plans, plan)
  const subject = (plan.parent === undefined ? '' : 'Re: ') + threadSubject(seed, thread[0] ?? plan)
  const messageId = messageIdOf(seed, plan)
  const references = thread
    .slice(0, -1)
    .slice(-12)
    .map((earlier) => messageIdOf(seed, earlier))
  const headers = headerLines(random, plan, { subject, messageId, references })

  const { text, html } = bodies(random, seed, plans, plan, subject)
  const files = plan.files.map((size) => file(random, plan, size))
  const alternatives = [
    ...(text === undefined ? [] : [textPart(random, 'plain', text, plan)]),
    ...(html === undefined ? [] : [textPart(random, 'html', html, plan)]),
  ]
  const content = multipart(random, 'mixed', [multipart(random, 'alternative', alternatives), ...files.map(filePart)])
  const head = [...headers, 'MIME-Version: 1.0', ...content.headers].join('\r\n')
  return {
    octets: Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), ...content.body]),
    date: plan.date,
    flags: plan.flags,
    ...(text !== undefined && { text }),
    ...(html !== undefined && { html }),
    subject,
    messageId,
    attachments: files.map(({ name, type, octets }) => ({ name, type, size: octets.length, sha256: sha256(octets) })),
  }
}

/** From the first message of a thread to this one. */
function threadOf(plans: MessagePlan[], plan: MessagePlan): MessagePlan[] {
  const thread = [plan]
  for (let { parent } = plan; parent !== undefined; parent = plans[parent]?.parent) {
    thread.unshift(plans[parent] as MessagePlan)
  }
  return thread
}

function threadSubject(seed: string | number, { index, language }: MessagePlan): string {
  const random = new Random(seed, index, 'subject')
  return title(random, vocabulary(language), random.int(2, 9))
}

function messageIdOf(seed: string | number, { index, from }: MessagePlan): string {
  const random = new Random(seed, index, 'id')
  return `<${random.hex(20)}.${index}@${from.address.slice(from.address.indexOf('@') + 1)}>`
}

/** The first paragraph of a message, which an answer quotes. */
function opening(seed: string | number, { index, language }: MessagePlan): string {
  const random = new Random(seed, index, 'opening')
  return paragraph(random, vocabulary(language), random.int(60, 400))
}

function bodies(random: Random, seed: string | number, plans: MessagePlan[], plan: MessagePlan, subject: string) {
  const words = vocabulary(plan.language)
  if (plan.kind === 'newsletter') {
    const text = paragraphs(random, words, random.int(1200, 3600)).map((each) => wrapped(each, 76).join('\n'))
    const link = `https://news.example/view/${random.hex(64)}`
    const html = newsletterHtml(random, words, subject, plan.length)
    return { text: `${subject}\n\n${text.join('\n\n')}\n\n${link}\n`, html }
  }
  if (plan.kind === 'notice') return { html: newsletterHtml(random, words, subject, plan.length) }

  const texts = [opening(seed, plan), ...paragraphs(random, words, plan.length)]
  const parent = plan.parent === undefined ? undefined : plans[plan.parent]
  const quoted = parent ? wrapped(opening(seed, parent), 70, '> ') : []
  const lines = [...texts.flatMap((each) => [...wrapped(each, 72), '']), `-- `, plan.from.name]
  const quote = parent ? [`${parent.from.name} <${parent.from.address}>:`, ...quoted, ''] : []
  const text = `${[...quote, ...lines].join('\n')}\n`
  if (plan.kind !== 'rich') return { text }
  return { text, html: richHtml([...texts, plan.from.name, ...quote], plan.language === 'ar') }
}

function textPart(random: Random, subtype: 'plain' | 'html', text: string, { language }: MessagePlan): Part {
  const wire = text.replaceAll('\n', '\r\n')
  const part = (charset: string, encoding: string, octets: Buffer) => ({
    headers: [`Content-Type: text/${subtype}; charset=${charset}`, `Content-Transfer-Encoding: ${encoding}`],
    body: [octets],
  })
  if (isAscii(text) && subtype === 'plain' && random.chance(0.8)) return part('us-ascii', '7bit', Buffer.from(wire))
  if (language === 'ja' && random.chance(0.4)) {
    const octets = iso2022jp(wire)
    if (octets) return part('iso-2022-jp', '7bit', octets)
  }
  // Scripts in which nearly every letter would be escaped go as base64.
  if (language !== 'en' && language !== 'de' && language !== 'fr') {
    return part('utf-8', 'base64', base64Lines(Buffer.from(wire)))
  }
  if (isLatin1(text) && random.chance(0.4)) {
    return part('iso-8859-1', 'quoted-printable', quotedPrintable(Buffer.from(wire, 'latin1')))
  }
  if (random.chance(0.1)) return part('utf-8', '8bit', Buffer.from(wire))
  return part('utf-8', 'quoted-printable', quotedPrintable(Buffer.from(wire)))
}

function isLatin1(text: string): boolean {
  return !/[^\x20-\x7e\xa0-\xff\n]/.test(text)
}

interface File {
  name: string
  type: string
  octets: Buffer
}

const FILE_TYPES = [
  { type: 'application/pdf', suffix: 'pdf', magic: Buffer.from('%PDF-1.7\n') },
  { type: 'image/jpeg', suffix: 'jpg', magic: Buffer.from('ffd8ffe000104a46494600010100', 'hex') },
  { type: 'application/zip', suffix: 'zip', magic: Buffer.from('504b030414000000', 'hex') },
]

function file(random: Random, { language }: MessagePlan, size: number): File {
  const { type, suffix, magic } = random.pick(FILE_TYPES)
  const name = `${title(random, vocabulary(language), 2)} ${random.int(1, 100)}.${suffix}`
  const octets = random.bytes(size)
  magic.copy(octets)
  return { name, type, octets }
}

function filePart({ name, type, octets }: File): Part {
  return {
    headers: [
      `Content-Type: ${type};\r\n ${parameter('name', name)}`,
      `Content-Disposition: attachment;\r\n ${parameter('filename', name)}`,
      'Content-Transfer-Encoding: base64',
    ],
    body: [base64Lines(octets)],
  }
}

/** Joins parts (RFC 2046 §5.1); a single one stays as it is. */
function multipart(random: Random, subtype: 'mixed' | 'alternative', parts: Part[]): Part {
  const [only] = parts
  if (only && parts.length === 1) return only
  const boundary = `=_${random.hex(24)}`
  const body = parts.flatMap(({ headers, body }) => [
    Buffer.from(`--${boundary}\r\n${headers.join('\r\n')}\r\n\r\n`, 'latin1'),
    ...body,
    Buffer.from('\r\n'),
  ])
  return {
    headers: [`Content-Type: multipart/${subtype};\r\n boundary="${boundary}"`],
    body: [...body, Buffer.from(`--${boundary}--\r\n`)],
  }
}

function sha256(octets: Buffer): string {
  return createHash('sha256').update(octets).digest('hex')
}
