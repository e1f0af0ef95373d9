import {
  FLAG,
  type Address,
  type Attachment,
  type ListRow,
  type MessageBody,
  type MessageRow,
} from '../../../preload/contract/index.ts'

/** One mail of the test world. */
export interface FakeMail {
  row: MessageRow & Pick<ListRow, 'flags' | 'keywords'>
  body: MessageBody
}

const PEOPLE: readonly Address[] = [
  { name: 'Bob from Hamburger.edu', email: 'bob@hamburger.example' },
  { name: 'Noor Rahman', email: 'noor@northmill.example' },
  { name: '山田 花子', email: 'hanako@yamada.example' },
  { name: 'Postmaster', email: 'postmaster@hamburgr.example' },
  { name: 'The Linen Weekly', email: 'letters@linen.example' },
  { name: 'سارة الخطيب', email: 'sara@khatib.example' },
  { name: 'Crepes CI', email: 'ci@crepes.example' },
  { name: 'Marta Oliveira', email: 'marta@oliveira.example' },
  { name: 'Énergie Verte', email: 'factures@energie-verte.example' },
  { name: 'דנה לוי', email: 'dana@levi.example' },
  { name: 'Алексей Петров', email: 'alexei@petrov.example' },
  { name: '', email: 'no-reply@very-long-subdomain.of-some-service.example' },
  { name: '김민준', email: 'minjun@kim.example' },
  { name: 'Dr. Maximiliane-Theodora Freifrau von Hohenstein-Wittelsbach', email: 'mth@hohenstein.example' },
]

interface Template {
  who: number
  subject: string
  text: string
  html?: boolean
  attachments?: readonly (readonly [string, string, number])[]
  flowed?: boolean
  warnings?: readonly string[]
}

const LONG_QUOTE = `That sounds good to me. See you there.

Marta

On Tue, 17 Nov 2026 at 18:02, Alice Martin wrote:
> Shall we say seven?
>
> On Mon, 16 Nov 2026 at 09:14, Marta Oliveira wrote:
>> I can bring the buckwheat and the small pans.
>>
>>> Is anybody allergic to anything?
>>> Please tell me by Wednesday.
>> Nobody that I know of.
> Good. I reserve the long table.
> https://tasting.example/reserve?table=long&seats=12
`

export const TEMPLATES: readonly Template[] = [
  {
    who: 0,
    subject: 'How about pickles?',
    text: `I do like ketchup, and the second batch is on its way. Have you thought about pickles?\n\nSee https://pickles.example/brine (the third recipe), or write to brine@pickles.example.\n\n-- \nBob\nHamburger University\n`,
  },
  {
    who: 1,
    subject: 'Delivery window for the November order',
    text: `Hi Alice,\n\nThursday between 9 and 11 works for us. I attached the new list with the buckwheat split in \ntwo lots, so that the second can stay in the cold room until you need it.\n\nIf the ramp is still under repair, please tell me by Tuesday evening and I will send the \nsmaller van.\n\nBest,\nNoor\n\nAlice Martin, Thu 19 Nov 16:40:\n> Thursday would be best, before noon if you can.\n> The ramp is being repaired on Wednesday.\n`,
    flowed: true,
    attachments: [
      ['order-november.pdf', 'application/pdf', 184_120],
      ['lots.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 22_480],
    ],
  },
  {
    who: 2,
    subject: '来週の打ち合わせについて',
    text: 'お世話になっております。来週水曜日の件ですが、時間を十四時に変更していただけますでしょうか。\n\n資料は https://yamada.example/資料 にございます。\n\nよろしくお願いいたします。\n山田',
  },
  {
    who: 3,
    subject: 'Undelivered: quote for the fair',
    text: '550 5.1.1 bob@hamburgr.example: no such user. Sent by your own server on 23 November.\n\nYour message follows.',
    attachments: [['', 'message/rfc822', 4_120]],
  },
  {
    who: 4,
    subject: 'Nine tablecloths we would iron twice',
    text: 'Nine tablecloths we would iron twice\n\nThe linen of this week comes from Halluin. It is heavy, it is white, and it forgives red wine.\n\nRead on: https://linen.example/nine\nUnsubscribe: https://linen.example/out',
    html: true,
  },
  {
    who: 5,
    subject: 'صور من الرحلة',
    text: 'أرفقت الصور التي وعدتك بها، وهناك المزيد على https://khatib.example/photos إن أردت.\n\nمع التحية\nسارة',
    attachments: [
      ['رحلة-١.jpg', 'image/jpeg', 2_400_000],
      ['رحلة-٢.jpg', 'image/jpeg', 3_100_000],
    ],
  },
  {
    who: 6,
    subject: 'main is green again',
    text: '312 passed, 0 failed. Nothing to do.\n\n  build   41 s\n  test   184 s\n',
  },
  { who: 7, subject: 'Re: Re: tasting on the 4th', text: LONG_QUOTE },
  {
    who: 8,
    subject: 'Votre facture de novembre',
    text: 'Bonjour,\n\nMontant : 84,20 €. Votre facture est jointe.\n\nÉnergie Verte',
    attachments: [['facture-2026-11.pdf', 'application/pdf', 96_000]],
  },
  {
    who: 9,
    subject: 'הפגישה ביום שלישי',
    text: 'שלום אליס,\n\nהפגישה ביום שלישי בשעה 10:30 במשרד. אנא אשרי.\n\nדנה',
  },
  {
    who: 10,
    subject: 'Вопрос по поставке',
    text: 'Здравствуйте, Алиса!\n\nПодскажите, пожалуйста, когда придёт вторая партия?\n\nАлексей',
  },
  {
    who: 11,
    subject:
      'Your monthly summary of everything that happened in every one of your projects, including those that were archived, renamed, moved, or merged since the last summary of everything that happened',
    text: 'Nothing happened.',
    warnings: ['The Date header could not be read.', 'A part ended without its boundary.'],
  },
  {
    who: 12,
    subject: '회의록 공유드립니다',
    text: '안녕하세요.\n\n지난주 회의록을 공유드립니다. 확인 부탁드립니다.\n\n김민준 드림',
    attachments: [['회의록.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', 48_000]],
  },
  {
    who: 13,
    subject: 'Update',
    text: 'Please run the attached update today.',
    attachments: [
      ['../../update\u202efdp.exe', 'application/octet-stream', 812_000],
      ['readme.html', 'text/html', 2_100],
    ],
  },
  { who: 7, subject: '', text: '' },
]

/** The i-th mail of the world, newest first; the same for the same `now`. */
export function fakeMail(id: number, index: number, account: number, now: number): FakeMail {
  const template = TEMPLATES[index % TEMPLATES.length] ?? TEMPLATES[0]!
  const round = Math.floor(index / TEMPLATES.length)
  const from = PEOPLE[template.who] ?? PEOPLE[0]!
  const date = now - 25 * 60_000 - index * 97 * 60_000 - Math.floor(index ** 1.5) * 60_000
  const attachments: Attachment[] = (template.attachments ?? []).map(([name, type, size], part) => ({
    part: String(part + 2),
    name,
    type,
    size,
    inline: false,
    cid: '',
  }))
  const missing = index === 15 || index === 17
  const flags = ([0, 2, 5, 9, 16, 21].includes(index) ? 0 : FLAG.seen) | (index % 11 === 8 ? FLAG.flagged : 0)
  return {
    row: {
      id,
      account,
      thread: `t${index % 40}`,
      date,
      from,
      to: 'Alice Martin, kitchen@crepes.example',
      subject: round > 1 && template.subject !== '' ? `${template.subject} (${round})` : template.subject,
      preview: template.text.replace(/\s+/g, ' ').slice(0, 200),
      size: 2_400 + attachments.reduce((sum, { size }) => sum + size, 0),
      octets: missing ? 'none' : 'whole',
      attachments: attachments.length,
      messageId: `${id}.${index}@mail.example`,
      problem: index === 17 ? 'NO [SERVERBUG] Internal error occurred. Refer to server log for more information.' : '',
      flags,
      keywords: [],
    },
    body: {
      from: [from],
      sender: [],
      to: [
        { name: 'Alice Martin', email: 'alice@crepes.example' },
        { name: '', email: 'kitchen@crepes.example' },
      ],
      cc: index % 5 === 1 ? [{ name: 'Marta Oliveira', email: 'marta@oliveira.example' }] : [],
      bcc: [],
      replyTo: [],
      sent: template.warnings ? null : date - 4_000,
      inReplyTo: '',
      references: [],
      text: template.html ? '' : template.text,
      flowed: template.flowed ?? false,
      delsp: false,
      html: template.html ? ['<p>…</p>'] : [],
      htmlText: template.html ? template.text : '',
      attachments,
      warnings: template.warnings ?? [],
    },
  }
}
