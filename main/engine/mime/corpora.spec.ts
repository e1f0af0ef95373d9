/**
 * The reader over the mails that other projects collected, and against postal-mime. The corpora are no part of this repository:
 * KETCHUP_CORPORA names their folder, else ../shared/corpora beside the repository is tried, else these tests are skipped.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import PostalMime, { type Email } from 'postal-mime'
import { describe, expect, it } from 'vitest'
import { KNOWN } from './corpora.known.ts'
import { decodePart, type ParsedMessage, parseMessage } from './index.ts'

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')
const root = process.env['KETCHUP_CORPORA'] ?? resolve(repository, '../shared/corpora')

const CORPORA = [
  'enmime',
  'libetpan-jwz',
  'mailkit-transcripts',
  'mime4j',
  'mimekit',
  'nodemailer-mailparser',
  'notmuch',
  'postal-mime',
  'python-email',
  'ruby-mail',
  'sisimai-bounces',
  'spamassassin-public-corpus',
  'spamassassin-t',
  'stalwart-mail-parser',
  'talon',
  'thunderbird-mailnews',
  'tutanota-mimetools',
  'zbateson-mmp',
]

/** What lies beside the mails: sources, expected outputs, keys, decoded bodies. */
const NO_MAIL =
  /_SOURCE|COPYING|README|gitattributes|_decoded_|\.(?:json|xml|out|bin|html|mmdb|pm|env|icc|org|com|cfg|cf|SYS|BAT|list|sig|sig\.SHA\d+|dsig\.SHA\d+)$|\/data\/test-.*\.txt$/

function mailsOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !NO_MAIL.test(path))
    .sort()
}

const squeeze = (text: string) => text.replace(/[\s\0\u00a0]+/g, '')
/** Line ends and outer blanks out: postal-mime reads bodies as lines of LF and ends them with one. */
const hash = (bytes: Uint8Array) =>
  createHash('sha1')
    .update(
      Buffer.from(bytes)
        .toString('latin1')
        .replace(/\r/g, '')
        .replace(/[ \t]+(?=\n|$)/g, '')
        .trim(),
      'latin1',
    )
    .digest('hex')
    .slice(0, 12)

type Aspect = 'subject' | 'text' | 'attachments'

/** One aspect as both sides see it, comparable. */
function aspects(octets: Buffer, ours: ParsedMessage, theirs: Email): Record<Aspect, [string, string]> {
  return {
    subject: [squeeze(ours.subject), squeeze(theirs.subject ?? '')],
    // postal-mime makes text from HTML where there is none; that is not what is compared here.
    text: [squeeze(ours.text), ours.text === '' && theirs.html ? '' : squeeze(theirs.text ?? '')],
    attachments: [
      ours.parts.map((part) => `${part.type} ${part.name} ${hash(decodePart(octets, part))}`).join('\n'),
      theirs.attachments
        .map(
          ({ mimeType, filename, content }) =>
            `${mimeType} ${filename ?? ''} ${hash(new Uint8Array(content as ArrayBuffer))}`,
        )
        .join('\n'),
    ],
  }
}

/** The oracle gave up where we did not: it left replacement characters, or nothing at all. */
const better = ([ours, theirs]: [string, string]) =>
  ours !== '' && (theirs === '' || (theirs.includes('\ufffd') && !ours.includes('\ufffd')))

describe.skipIf(!existsSync(root))('the corpora of other projects (skipped where they are not there)', () => {
  it.each(CORPORA.filter((name) => existsSync(join(root, name))))(
    'reads %s as postal-mime does, or better',
    async (corpus) => {
      const differences: string[] = []
      for (const path of mailsOf(join(root, corpus))) {
        const octets = readFileSync(path)
        const ours = parseMessage(octets)
        const theirs = await PostalMime.parse(octets, { forceRfc822Attachments: true }).catch(() => null)
        if (theirs === null) continue
        const name = path.slice(root.length + 1).replaceAll('\\', '/')
        for (const [aspect, pair] of Object.entries(aspects(octets, ours, theirs)) as [Aspect, [string, string]][]) {
          if (pair[0] !== pair[1] && !better(pair)) differences.push(`${name} ${aspect}`)
        }
      }
      expect(differences).toEqual(KNOWN.filter(([name]) => name.startsWith(`${corpus}/`)).map(([name]) => name))
    },
  )

  it('never throws over anything that lies there, mail or not', () => {
    let files = 0
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const octets = readFileSync(join(entry.parentPath, entry.name))
      const { parts, preview } = parseMessage(octets)
      for (const part of parts) decodePart(octets, part)
      expect(preview.length).toBeLessThanOrEqual(200)
      files++
    }
    expect(files).toBeGreaterThan(0)
  })
})
