import { encodedWords } from './encode.ts'
import type { MessagePlan, Person } from './plan.ts'
import type { Random } from './random.ts'

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

export interface Identity {
  subject: string
  messageId: string
  /** Message-IDs of the thread so far, oldest first. */
  references: string[]
}

/** Header lines up to, but without, MIME-Version; traces of the way here first, as servers prepend them. */
export function headerLines(random: Random, plan: MessagePlan, { subject, messageId, references }: Identity): string[] {
  const { from, to, date, kind } = plan
  const isList = kind === 'newsletter' || kind === 'notice'
  const domain = from.address.slice(from.address.indexOf('@') + 1)
  const offset = random.pick([0, 60, 120, -300, -480, 330, 540])
  const q = random.chance(0.3)
  const lines = [`Return-Path: <${from.address}>`, `Delivered-To: ${to.address}`]
  for (let hop = random.int(2, 6); hop > 0; hop--)
    lines.push(received(random, to, domain, new Date(+date - hop * 1000)))
  lines.push(
    `Authentication-Results: mx.mail.test;\r\n\tdkim=pass header.d=${domain} header.s=s${random.int(1, 9)};\r\n` +
      `\tspf=pass smtp.mailfrom=${from.address};\r\n\tdmarc=pass (policy=none) header.from=${domain}`,
    signature(random, domain),
    `Date: ${mailDate(new Date(+date - random.int(1, 90) * 1000), offset)}`,
    `From: ${addressed(from, q)}`,
    `To: ${addressed(to, q)}`,
    `Subject: ${encodedWords(subject, q ? 'Q' : 'B')}`,
    `Message-ID: ${messageId}`,
  )
  const parent = references.at(-1)
  if (parent) lines.push(`In-Reply-To: ${parent}`, `References: ${references.join('\r\n ')}`)
  if (isList) {
    lines.push(
      `List-Id: <${from.address.replace('@', '.')}>`,
      `List-Unsubscribe: <https://${domain}/unsubscribe/${random.hex(40)}>,\r\n <mailto:leave-${random.hex(12)}@${domain}>`,
      'Precedence: bulk',
    )
  } else {
    lines.push(`User-Agent: ${random.pick(['Mozilla Thunderbird', 'K-9 Mail 6.8', 'Apple Mail (2.3774)', 'Mutt/2.2'])}`)
  }
  return lines
}

function received(random: Random, to: Person, domain: string, date: Date): string {
  const address = `203.0.113.${random.int(1, 255)}`
  const host = `mx${random.int(1, 20)}.${domain}`
  return (
    `Received: from ${host} (${host} [${address}])\r\n` +
    `\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\r\n` +
    `\tby relay${random.int(1, 9)}.mail.test (Postfix) with ESMTPS id ${random.hex(10).toUpperCase()}\r\n` +
    `\tfor <${to.address}>; ${mailDate(date, 0)}`
  )
}

function signature(random: Random, domain: string): string {
  const lines = (
    random
      .bytes(258)
      .toString('base64')
      .match(/.{1,70}/g) ?? []
  ).join('\r\n\t ')
  return (
    `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=${domain}; s=s1;\r\n` +
    `\th=From:To:Subject:Date:Message-ID:MIME-Version:Content-Type;\r\n` +
    `\tbh=${random.bytes(32).toString('base64')};\r\n\tb=${lines}`
  )
}

function addressed({ name, address }: Person, q: boolean): string {
  return `${encodedWords(name, q ? 'Q' : 'B')} <${address}>`
}

/** RFC 5322 §3.3, in a zone `offset` minutes east of Greenwich. */
export function mailDate(date: Date, offset: number): string {
  const local = new Date(+date + offset * 60_000)
  const two = (value: number) => String(value).padStart(2, '0')
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`
  const day = `${DAYS[local.getUTCDay()]}, ${local.getUTCDate()} ${MONTHS[local.getUTCMonth()]} ${local.getUTCFullYear()}`
  return `${day} ${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())} ${zone}`
}
