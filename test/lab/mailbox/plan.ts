/** What each message of a mailbox is to be, decided for all of them before the first is written. */
import { Random } from './random.ts'
import type { Language } from './words.ts'
import { capitalized, vocabulary } from './words.ts'

export interface Person {
  name: string
  address: string
}

export type Kind = 'note' | 'rich' | 'newsletter' | 'notice' | 'files'

export interface MessagePlan {
  index: number
  kind: Kind
  language: Language
  from: Person
  to: Person
  date: Date
  flags: string[]
  /** Index of the message that this one answers. */
  parent?: number
  /** About how many characters of text, or of HTML in a newsletter. */
  length: number
  /** Sizes of attachments in octets. */
  files: number[]
}

export interface MailboxOptions {
  count: number
  /** All octets together, aimed at by the sizes of attachments (±3 % from about a thousand messages on). */
  bytes?: number
  seed: string | number
  /** Mail that the owner sent, not received: From and To change places, and all is read. */
  sent?: boolean
  /** Whose mailbox this is. */
  owner?: Person
}

/** The sizes that figures are given for: `big` is the mailbox of DESIGN §3. */
export const sizes = {
  big: { count: 10_000, bytes: 240e6 },
  small: { count: 300 },
} as const

export const OWNER: Person = { name: 'Alice Lab', address: 'alice@mail.test' }

const MEAN_BYTES = 24_000
const LAST_DATE = Date.UTC(2026, 5, 30, 12)
const SPAN = 3 * 365 * 86_400_000
const FILE_LOW = 10_000
const FILE_HIGH = 2_000_000
const KINDS: Record<Kind, number> = { note: 54, rich: 14, newsletter: 14, notice: 4, files: 14 }
const SENT_KINDS: Record<'note' | 'rich' | 'files', number> = { note: 70, rich: 20, files: 10 }
const LANGUAGES: Record<Language, number> = { en: 60, de: 16, fr: 10, ru: 4, ar: 5, ja: 5 }
const DENSITY: Partial<Record<Language, number>> = { ru: 0.65, ar: 0.65, ja: 0.5 }
// What a message of a kind takes beside its attachments: headers, encoding, HTML around the text. Measured.
const OVERHEAD: Record<Kind, (length: number) => number> = {
  note: (length) => 2200 + 1.5 * length,
  rich: (length) => 2700 + 3.6 * length,
  newsletter: (length) => 6100 + 1.15 * length,
  notice: (length) => 2900 + 1.45 * length,
  files: (length) => 2350 + 1.5 * length,
}

/** Plans of all messages, dates ascending. The same options give the same plans. */
export function planMailbox({ count, bytes, seed, owner = OWNER, sent = false }: MailboxOptions): MessagePlan[] {
  const random = new Random('plan', seed)
  const people = makePeople(random, 40 + Math.min(160, count >> 4))
  const lists = makePeople(random, 25).map(({ name, address }) => ({
    name: `${name} News`,
    address: `news-${address}`,
  }))
  const plans: MessagePlan[] = []
  for (let index = 0; index < count; index++)
    plans.push(planOne(random, plans, index, count, { people, lists, owner, sent }))
  sizeFiles(random, plans, bytes ?? count * MEAN_BYTES)
  return plans
}

interface Cast {
  people: Person[]
  lists: Person[]
  owner: Person
  sent: boolean
}

function planOne(
  random: Random,
  plans: MessagePlan[],
  index: number,
  count: number,
  { people, lists, owner, sent }: Cast,
): MessagePlan {
  const kind: Kind = sent ? random.weighted(SENT_KINDS) : random.weighted(KINDS)
  const isPersonal = kind === 'note' || kind === 'rich' || kind === 'files'
  const parent = isPersonal && random.chance(0.5) ? findParent(random, plans) : undefined
  // Recent mail is mostly what is unread; about 4 % in all.
  const unread = !sent && random.chance(index >= count * 0.95 ? 0.4 : 0.021)
  const flags = unread ? [] : ['\\Seen']
  if (random.chance(0.02)) flags.push('\\Flagged')
  if (!unread && isPersonal && random.chance(0.15)) flags.push('\\Answered')
  const other = isPersonal ? random.pick(people) : random.pick(lists)
  const time = LAST_DATE - SPAN + ((index + random.unit()) / count) * SPAN
  const language = parent?.language ?? random.weighted(LANGUAGES)
  const length = kind === 'newsletter' ? random.int(19_000, 55_000) : textLength(random)
  return {
    index,
    kind,
    language,
    from: sent ? owner : other,
    to: sent ? other : owner,
    date: new Date(Math.floor(time / 1000) * 1000),
    flags,
    ...(parent && { parent: parent.index }),
    // Letters of two or three octets say as much in fewer.
    length: Math.round(length * (DENSITY[language] ?? 1)),
    files: kind === 'files' ? Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, () => 0) : [],
  }
}

function findParent(random: Random, plans: MessagePlan[]): MessagePlan | undefined {
  const recent = plans.slice(-120).filter(({ kind }) => kind === 'note' || kind === 'rich' || kind === 'files')
  return recent.length > 0 ? random.pick(recent) : undefined
}

function textLength(random: Random): number {
  return Math.round(Math.min(20_000, Math.max(60, Math.exp(6.8 + 0.9 * random.normal()))))
}

/** Spreads what the texts leave of the budget over the attachments: many small ones, a few large. */
function sizeFiles(random: Random, plans: MessagePlan[], bytes: number): void {
  const left = plans.reduce(
    (sum, { kind, length, language }) => sum - OVERHEAD[kind](length) * (DENSITY[language] ? 1.3 : 1),
    bytes,
  )
  const draws = plans.map(({ files }) => files.map(() => random.unit()))
  const size = (draw: number, steepness: number) =>
    Math.round(FILE_LOW + (FILE_HIGH - FILE_LOW) * draw ** Math.exp(steepness))
  const encoded = (steepness: number) => draws.flat().reduce((sum, draw) => sum + 1.37 * size(draw, steepness) + 220, 0)
  let [low, high] = [-3, 6]
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2
    if (encoded(middle) > left) low = middle
    else high = middle
  }
  plans.forEach((plan, index) => {
    plan.files = (draws[index] ?? []).map((draw) => size(draw, high))
  })
}

function makePeople(random: Random, count: number): Person[] {
  const people = new Map<string, Person>()
  while (people.size < count) {
    const language = random.weighted(LANGUAGES)
    const words = vocabulary(language)
    const [first, last] = [words.word(random), words.word(random)].map(capitalized) as [string, string]
    // The address is plain ASCII whatever the name's script.
    const latin = vocabulary('en')
    const local = `${latin.word(random)}.${latin.word(random)}`
    const domain = `${random.pick(['mail', 'post', 'office', 'team', 'shop'])}${random.int(1, 40)}.example`
    people.set(local, { name: language === 'ja' ? last + first : `${first} ${last}`, address: `${local}@${domain}` })
  }
  return [...people.values()]
}
