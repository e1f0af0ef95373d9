/**
 * `npm run inspect -- FILE.eml [--json]`: what the application's own MIME reader makes of one message: headers, addresses, parts, text,
 * attachments with the SHA-256 of their decoded octets, warnings. Exit code 1 and one sentence when the file cannot be shown.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { decodeUnstructured, readHeaders, skipLeader } from '../../main/engine/mime/headers.ts'
import { decodePart, type ParsedAddress, type ParsedMessage, parseMessage } from '../../main/engine/mime/index.ts'

/** What --json prints. Sizes are exact: the parts are decoded here. */
export interface Inspection extends Omit<ParsedMessage, 'parts' | 'date'> {
  file: string
  octets: number
  headers: { name: string; value: string }[]
  /** ISO 8601 in UTC, null when there is none. */
  date: string | null
  attachments: {
    id: string
    name: string
    type: string
    disposition: string
    cid: string
    size: number
    sha256: string
  }[]
}

export interface Outcome {
  exitCode: 0 | 1
  output: string
  error: string
}

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'reading it is not allowed',
  EPERM: 'reading it is not allowed',
}

/** Everything the reader finds in these octets. */
export function inspect(file: string, octets: Buffer): Inspection {
  const { parts, date, ...message } = parseMessage(octets)
  const quiet = () => undefined
  return {
    file,
    octets: octets.length,
    headers: readHeaders(octets, skipLeader(octets), octets.length, quiet).fields.map(({ name, value }) => ({
      name,
      value: decodeUnstructured(value, quiet),
    })),
    ...message,
    date: date === null ? null : new Date(date).toISOString(),
    attachments: parts.map((part) => {
      const bytes = decodePart(octets, part)
      const { id, name, type, disposition, cid } = part
      return {
        id,
        name,
        type,
        disposition,
        cid,
        size: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      }
    }),
  }
}

/** Control characters and those that reorder text, as escapes: a mail must not steer the terminal that shows it. */
export function escapeControls(text: string): string {
  return text.replace(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (c) => {
    if (c === '\t') return '    '
    const code = c.charCodeAt(0).toString(16)
    return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`
  })
}

const LABEL = 14

/** The human form. */
export function render(found: Inspection): string {
  const lines: string[] = []
  const row = (label: string, value: string) => {
    if (value !== '') lines.push(`${label.padEnd(LABEL)}${value}`)
  }
  const people = (list: readonly ParsedAddress[]) =>
    list.map(({ name, email }) => (name === '' ? email : `${name} <${email}>`)).join(', ')
  const section = (title: string) => lines.push('', title)

  row('File', `${found.file} (${found.octets} octets)`)
  row('Subject', found.subject)
  row('From', people(found.from))
  row('Sender', people(found.sender))
  row('Reply-To', people(found.replyTo))
  row('To', people(found.to))
  row('Cc', people(found.cc))
  row('Bcc', people(found.bcc))
  row('Date', found.date ?? '')
  row('Message-ID', found.messageId)
  row('In-Reply-To', found.inReplyTo)
  row('References', found.references.join(' '))
  row('Unsubscribe', found.listUnsubscribe ?? '')
  row('Preview', found.preview)

  section(`Headers (${found.headers.length})`)
  for (const { name, value } of found.headers) lines.push(`  ${name}: ${value}`)
  section(`Attachments and inline parts (${found.attachments.length})`)
  for (const { id, name, type, disposition, cid, size, sha256 } of found.attachments) {
    lines.push(`  ${id.padEnd(6)}${name || '(no name)'}`)
    lines.push(`        ${type}, ${disposition}, ${size} octets${cid === '' ? '' : `, cid ${cid}`}`)
    lines.push(`        sha256 ${sha256}`)
  }
  const flow = found.flowed ? (found.delsp ? ', format=flowed delsp' : ', format=flowed') : ''
  section(`Text (${found.text.length} characters${flow})`)
  if (found.text !== '') for (const line of found.text.trimEnd().split('\n')) lines.push(`  ${line}`)
  section(`HTML (${found.html.map((page) => `${page.length} characters`).join(', ') || 'none'})`)
  section(`Warnings (${found.warnings.length})`)
  for (const warning of found.warnings) lines.push(`  ${warning}`)
  return lines.map((line) => escapeControls(line).trimEnd()).join('\n') + '\n'
}

/** The tool without its process: arguments in, what to print out. */
export function run(args: readonly string[]): Outcome {
  const fail = (error: string): Outcome => ({ exitCode: 1, output: '', error })
  const files = args.filter((arg) => !arg.startsWith('--'))
  const unknown = args.find((arg) => arg.startsWith('--') && arg !== '--json')
  const [file] = files
  if (unknown !== undefined) return fail(`inspect does not know the option ${escapeControls(unknown)}.`)
  if (file === undefined || files.length > 1) return fail('Usage: npm run inspect -- FILE.eml [--json]')
  let octets: Buffer
  try {
    octets = readFileSync(file)
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    return fail(`Cannot read ${escapeControls(file)}: ${REASONS[code] ?? message}.`)
  }
  if (octets.length === 0) return fail(`${escapeControls(file)} is empty: it holds no message.`)
  const found = inspect(file, octets)
  return {
    exitCode: 0,
    output: args.includes('--json') ? JSON.stringify(found, null, 2) + '\n' : render(found),
    error: '',
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { exitCode, output, error } = run(process.argv.slice(2))
  process.stdout.write(output)
  if (error !== '') process.stderr.write(error + '\n')
  process.exitCode = exitCode
}
