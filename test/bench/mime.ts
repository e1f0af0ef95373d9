/**
 * `npm run bench -- mime`: parseMessage against postal-mime over the same generated mails (seeded, so that every run parses the same octets):
 * short plain texts, newsletters in text and HTML, mails with attachments and inline pictures; 24 KB on average, as in DESIGN §3.
 */
import { cpus } from 'node:os'
import PostalMime from 'postal-mime'
import { parseMessage } from '../../main/engine/mime/index.ts'

export interface BenchResult {
  bench: string
  machine: { cpu: string; cores: number; node: string; platform: string }
  results: { name: string; runs: number[]; median: number; unit: string }[]
  ratios: Record<string, number>
}

const RUNS = 5
const MAILS = 2_000

/** Deterministic numbers in [0, 1): mulberry32. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const WORDS =
  'the meeting invoice about please attached Grüße update schedule project über café report tomorrow list of and with for you review naïve'.split(
    ' ',
  )

function mails(count: number): Buffer[] {
  const random = generator(42)
  const int = (n: number) => Math.floor(random() * n)
  const words = (n: number) => Array.from({ length: n }, () => WORDS[int(WORDS.length)]).join(' ')
  const lines = (n: number) => Array.from({ length: n }, () => words(11)).join('\r\n')
  const qp = (text: string) =>
    [...Buffer.from(text)]
      .map((c) => (c === 61 || c > 126 ? `=${c.toString(16).toUpperCase().padStart(2, '0')}` : String.fromCharCode(c)))
      .join('')
      .replace(/[^\r\n]{74}(?<!=.?)(?=[^\r\n])/g, '$&=\r\n')
  const base64 = (octets: number) =>
    (
      Buffer.from(Uint8Array.from({ length: octets }, () => int(256)))
        .toString('base64')
        .match(/.{1,76}/g) ?? []
    ).join('\r\n')
  const blob = base64(200_000)
  const attachment = (octets: number) => blob.slice(0, Math.ceil(octets / 57) * 78)

  return Array.from({ length: count }, (_, i) => {
    const head =
      Array.from(
        { length: 4 },
        (__, n) =>
          `Received: from mx${n}.example.org (mx${n}.example.org [192.0.2.${n}])\r\n\tby mail${n}.example.net with ESMTPS id ${i}${n}abc\r\n\tfor <you@example.net>; Tue, 1 Jul 2025 10:${10 + n}:37 +0200\r\n`,
      ).join('') +
      `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=mail;\r\n\th=From:To:Subject:Date; bh=${'A'.repeat(44)};\r\n\tb=${'b'.repeat(70)}\r\n\t ${'c'.repeat(70)}\r\n` +
      `From: =?UTF-8?Q?J=C3=BCrgen_M${i}?= <sender${i % 200}@example.org>\r\nTo: "You, There" <you@example.net>, Team <team@example.net>\r\n` +
      `Subject: =?UTF-8?B?${Buffer.from(words(6)).toString('base64')}?=\r\nDate: Tue, 1 Jul 2025 10:52:37 +0200\r\nMessage-ID: <${i}@example.org>\r\nReferences: <${i - 1}@example.org> <${i - 2}@example.org>\r\nMIME-Version: 1.0\r\n`
    const plain = `Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${qp(lines(8 + int(20)))}\r\n`
    const kind = i % 10
    if (kind < 4) return Buffer.from(head + plain)
    const page = `<html><head><style>p { color: #333 }</style></head><body>${Array.from({ length: 12 + int(30) }, () => `<p style="margin:0">${words(14)}</p>`).join('\r\n')}</body></html>`
    const html = `Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${qp(page)}\r\n`
    const alternative = `Content-Type: multipart/alternative; boundary="alt${i}"\r\n\r\n--alt${i}\r\n${plain}\r\n--alt${i}\r\n${html}\r\n--alt${i}--\r\n`
    if (kind < 7) return Buffer.from(head + alternative)
    const file = `Content-Type: application/pdf; name="report ${i}.pdf"\r\nContent-Disposition: attachment; filename="report ${i}.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n`
    const octets = kind === 9 ? 90_000 + int(60_000) : 8_000 + int(16_000)
    return Buffer.from(
      `${head}Content-Type: multipart/mixed; boundary="mix${i}"\r\n\r\n--mix${i}\r\n${alternative}\r\n--mix${i}\r\n${file}${attachment(octets)}\r\n--mix${i}--\r\n`,
    )
  })
}

const median = (runs: number[]) => runs.toSorted((a, b) => a - b)[runs.length >> 1] as number

/** Runs both parsers in turn over the same mails. The figures are one core's. */
export async function run(): Promise<BenchResult> {
  const all = mails(MAILS)
  const octets = all.reduce((sum, mail) => sum + mail.length, 0)
  const seconds = { ketchup: [] as number[], postal: [] as number[] }
  for (const mail of all) parseMessage(mail)
  for (let i = 0; i < RUNS; i++) {
    let start = performance.now()
    for (const mail of all) parseMessage(mail)
    seconds.ketchup.push((performance.now() - start) / 1_000)
    start = performance.now()
    for (const mail of all) await PostalMime.parse(mail)
    seconds.postal.push((performance.now() - start) / 1_000)
  }
  const row = (name: string, runs: number[], unit: string) => ({ name, runs, median: median(runs), unit })
  const speed = (times: number[]) => times.map((s) => Number((octets / 1e6 / s).toFixed(1)))
  const rate = (times: number[]) => times.map((s) => Math.round(MAILS / s))
  const cpu = cpus()
  return {
    bench: 'mime',
    machine: {
      cpu: cpu[0]?.model ?? 'unknown',
      cores: cpu.length,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
    },
    results: [
      { name: 'mail size', runs: [octets / MAILS], median: Math.round(octets / MAILS), unit: 'octets' },
      row('parseMessage', speed(seconds.ketchup), 'MB/s'),
      row('parseMessage', rate(seconds.ketchup), 'messages/s'),
      row('postal-mime', speed(seconds.postal), 'MB/s'),
      row('postal-mime', rate(seconds.postal), 'messages/s'),
    ],
    ratios: { parse_vs_postal: Number((median(seconds.postal) / median(seconds.ketchup)).toFixed(1)) },
  }
}
