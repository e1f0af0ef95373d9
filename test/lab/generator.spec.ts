import { createHash } from 'node:crypto'
import PostalMime from 'postal-mime'
import { describe, expect, it } from 'vitest'
import { type MailboxOptions, generate, sizes } from './generator.ts'

function digest(options: MailboxOptions): string {
  const hash = createHash('sha256')
  for (const { octets, flags, date } of generate(options)) hash.update(octets).update(`${flags.join()} ${+date}`)
  return hash.digest('hex')
}

/** postal-mime keeps CRLF in base64 texts, and ends every part with one line end more than it has. */
const lines = (text: string | undefined) => text?.replaceAll('\r\n', '\n').trimEnd()

describe('lab: mailbox generator', () => {
  it('makes the same octets, flags and dates from the same seed, and others from another', () => {
    const first = digest({ count: 100, seed: 'x' })
    expect(digest({ count: 100, seed: 'x' })).toBe(first)
    expect(digest({ count: 100, seed: 'y' })).not.toBe(first)
  })

  it('makes any message again without the others', () => {
    const options = { count: 200, seed: 5 }
    const all = [...generate(options)]
    expect(generate(options).at(137)).toEqual(all[137])
    expect(() => generate(options).at(200)).toThrow(RangeError)
  })

  it('keeps to the size asked for, within 3 %', () => {
    const share = { count: sizes.big.count / 10, bytes: sizes.big.bytes / 10, seed: 2 }
    let bytes = 0
    for (const { octets } of generate(share)) bytes += octets.length
    expect(bytes / share.bytes).toBeGreaterThan(0.97)
    expect(bytes / share.bytes).toBeLessThan(1.03)
  })

  it('spreads ascending dates of whole seconds over three years and leaves about 4 % unread', () => {
    const mails = [...generate({ count: 1500, bytes: 15e6, seed: 3 })]
    const times = mails.map(({ date }) => +date)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times.every((time) => time % 1000 === 0)).toBe(true)
    const years = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / (365 * 86_400_000)
    expect(years).toBeGreaterThan(2.9)
    const unread = mails.filter(({ flags }) => !flags.includes('\\Seen')).length / mails.length
    expect(unread).toBeGreaterThan(0.025)
    expect(unread).toBeLessThan(0.055)
    for (const flag of ['\\Flagged', '\\Answered']) expect(mails.some(({ flags }) => flags.includes(flag))).toBe(true)
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(mails.length)
  })

  it('says of each message what an independent parser finds in it', async () => {
    let attachments = 0
    const encodings = new Set<string>()
    const charsets = new Set<string>()
    for (const mail of generate({ count: 300, seed: 4 })) {
      const wire = mail.octets.toString('latin1')
      expect(/(^|[^\r])\n/.test(wire), 'every line ends with CRLF').toBe(false)
      for (const [, encoding = ''] of wire.matchAll(/^Content-Transfer-Encoding: (\S+)/gm)) encodings.add(encoding)
      for (const [, charset = ''] of wire.matchAll(/; charset=(\S+)/g)) charsets.add(charset)
      const parsed = await PostalMime.parse(mail.octets)
      expect(parsed.subject).toBe(mail.subject)
      expect(parsed.messageId).toBe(mail.messageId)
      expect(lines(parsed.text)).toBe(lines(mail.text))
      expect(lines(parsed.html)).toBe(lines(mail.html))
      const found = parsed.attachments.map(({ filename, mimeType, content }) => {
        const octets = Buffer.from(content as ArrayBuffer)
        const sha256 = createHash('sha256').update(octets).digest('hex')
        return { name: filename, type: mimeType, size: octets.length, sha256 }
      })
      expect(found).toEqual(mail.attachments)
      attachments += found.length
    }
    expect(attachments).toBeGreaterThan(20)
    expect([...encodings].sort()).toEqual(['7bit', '8bit', 'base64', 'quoted-printable'])
    expect([...charsets].sort()).toEqual(['iso-2022-jp', 'iso-8859-1', 'us-ascii', 'utf-8'])
  })

  it('threads answers: every In-Reply-To names an earlier message of the mailbox', () => {
    const seen = new Set<string>()
    let answers = 0
    for (const { octets, messageId } of generate({ count: 200, seed: 6 })) {
      const parent = /^In-Reply-To: (\S+)/m.exec(octets.toString('latin1'))?.[1]
      if (parent) {
        answers++
        expect(seen.has(parent)).toBe(true)
      }
      seen.add(messageId)
    }
    expect(answers).toBeGreaterThan(40)
  })
})
