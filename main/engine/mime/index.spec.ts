import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodePart, decodePartChunks, parseHeaders, parseMessage } from './index.ts'

/** A message of these lines. */
const mail = (...lines: string[]) => Buffer.from(lines.join('\r\n'))
const parse = (...lines: string[]) => parseMessage(mail(...lines))
const part = (type: string, ...body: string[]) => [`Content-Type: ${type}`, '', ...body]
/** The lines of a multipart with these parts, header first. */
const multi = (kind: string, boundary: string, ...parts: string[][]) => [
  `Content-Type: multipart/${kind}; boundary="${boundary}"`,
  '',
  ...parts.flatMap((lines) => [`--${boundary}`, ...lines]),
  `--${boundary}--`,
]

describe('the envelope', () => {
  it('is read with everything decoded', () => {
    const message = parseHeaders(
      mail(
        'From: =?utf-8?Q?J=C3=BC?= <j@x.org>',
        'To: a@x.org',
        'TO : b@x.org',
        'Cc: C <c@x.org>',
        'Reply-To: r@x.org',
        'Subject: folded',
        '\tand =?utf-8?Q?=C3=BC?=',
        'Date: Tue, 1 Jul 2003 10:52:37 +0200',
        'Message-ID: <1 @x.org>',
        'In-Reply-To: Your message of Tuesday <0@x.org>',
        'References: <a@x.org>',
        ' <b@x.org> <a@x.org>',
        'List-Unsubscribe: <https://x.org/u>,',
        ' <mailto:u@x.org>',
        'Subject: a second one',
        '',
        'body',
      ),
    )
    expect(message).toEqual({
      subject: 'folded and ü',
      from: [{ name: 'Jü', email: 'j@x.org' }],
      sender: [],
      to: [
        { name: '', email: 'a@x.org' },
        { name: '', email: 'b@x.org' },
      ],
      cc: [{ name: 'C', email: 'c@x.org' }],
      bcc: [],
      replyTo: [{ name: '', email: 'r@x.org' }],
      date: Date.UTC(2003, 6, 1, 8, 52, 37),
      messageId: '1@x.org',
      inReplyTo: '0@x.org',
      references: ['a@x.org', 'b@x.org'],
      text: '',
      flowed: false,
      delsp: false,
      html: [],
      parts: [],
      preview: '',
      listUnsubscribe: '<https://x.org/u>, <mailto:u@x.org>',
      warnings: [],
    })
  })

  it.each<[string, string, string[]]>([
    ['bare line feeds', 'Subject: s\n\nbody', []],
    ['bare carriage returns', 'Subject: s\r\rbody', ['line-ends.cr']],
    ['an mbox line first', 'From joe Tue Jul  1 10:52:37 2003\r\nSubject: s\r\n\r\nbody', []],
    ['empty lines first', '\r\n\r\nSubject: s\r\n\r\nbody', []],
    ['a byte order mark', '\ufeffSubject: s\r\n\r\nbody', []],
    ['a line that is no field', 'X: y\r\njunk\r\nSubject: s\r\n\r\nbody', ['header.malformed']],
    ['a missing empty line', 'Subject: s\r\nbody', ['header.blank-line-missing']],
  ])('survives %s', (_, source, warnings) => {
    expect(parseMessage(Buffer.from(source))).toMatchObject({ subject: 's', text: 'body', warnings })
  })

  it.each([
    ['UTF-8', Buffer.from('Subject: ü\n\n')],
    ['windows-1252', Buffer.from('Subject: \xfc\n\n', 'latin1')],
    [
      'the charset of the body',
      Buffer.from('Content-Type: text/plain; charset=macintosh\nSubject: \x9f\n\n', 'latin1'),
    ],
  ])('reads raw 8-bit fields as %s', (_, source) => {
    expect(parseMessage(source).subject).toBe('ü')
  })

  it.each([
    ['', { subject: '', text: '', date: null, warnings: [] }],
    ['\0\0\0', { subject: '', text: '' }],
    ['no header at all', { text: 'no header at all' }],
    ['Subject: only', { subject: 'only', text: '' }],
    ['Date: whenever\n\n', { date: null, warnings: ['date.unreadable'] }],
  ])('makes the best of %j', (source, expected) => {
    expect(parseMessage(Buffer.from(source))).toMatchObject(expected)
  })
})

describe('the body', () => {
  it('is decoded, with line feeds only', () => {
    const { text, preview } = parse(
      'Content-Type: text/plain; charset=iso-8859-1',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'Gr=FC=DFe',
      'zwei',
    )
    expect(text).toBe('Grüße\nzwei')
    expect(preview).toBe('Grüße zwei')
  })

  it('says whether it is flowed', () => {
    expect(parse('Content-Type: text/plain; format=Flowed; DelSp=yes', '', 'x ')).toMatchObject({
      flowed: true,
      delsp: true,
      text: 'x ',
    })
    expect(parse('Content-Type: text/plain', '', 'x')).toMatchObject({ flowed: false, delsp: false })
  })

  it('takes both forms of an alternative', () => {
    const message = parse(...multi('alternative', 'b', part('text/plain', 'plain'), part('text/html', '<p>html</p>')))
    expect(message).toMatchObject({ text: 'plain', html: ['<p>html</p>'], parts: [], preview: 'plain', warnings: [] })
  })

  it('finds the HTML of an alternative within its related pictures', () => {
    const picture = [
      'Content-Type: image/png; name=p.png',
      'Content-ID: <p@x>',
      'Content-Transfer-Encoding: base64',
      '',
      'aGVsbG8=',
    ]
    const message = parse(
      ...multi(
        'alternative',
        'a',
        part('text/plain', 'plain'),
        multi('related', 'r', part('text/html', '<img src="cid:p@x">'), picture),
      ),
    )
    expect(message).toMatchObject({ text: 'plain', html: ['<img src="cid:p@x">'] })
    expect(message.parts).toMatchObject([
      { id: '2.2', name: 'p.png', type: 'image/png', cid: 'p@x', disposition: 'inline', size: 5 },
    ])
  })

  it('lists the other forms of an alternative as inline parts', () => {
    const { parts } = parse(
      ...multi('alternative', 'b', part('text/plain', 'x'), part('text/calendar; method=REQUEST', 'y')),
    )
    expect(parts).toMatchObject([{ type: 'text/calendar', disposition: 'inline' }])
  })

  it('joins texts that stand beside each other, and makes the missing form of each', () => {
    const message = parse(
      ...multi(
        'mixed',
        'm',
        multi('alternative', 'a', part('text/plain', 'one'), part('text/html', '<p>one</p>')),
        part('text/plain', 'footer <x>'),
      ),
    )
    expect(message.text).toBe('one\nfooter <x>')
    expect(message.html).toEqual(['<p>one</p>', '<div style="white-space: pre-wrap">footer &lt;x&gt;</div>'])
  })

  it('leaves text empty when there is only HTML', () => {
    expect(parse(...part('text/html', '<p>Hi</p>'))).toMatchObject({ text: '', html: ['<p>Hi</p>'], preview: 'Hi' })
  })

  it('shows an unknown kind of text when it is all there is', () => {
    expect(parse(...part('text/x-markdown', '# hi'))).toMatchObject({ text: '# hi', parts: [] })
    expect(parse(...multi('mixed', 'm', part('text/plain', 'a'), part('text/x-markdown', '# hi'))).parts).toMatchObject(
      [{ type: 'text/x-markdown' }],
    )
  })

  it('takes the charset that HTML declares when the header is silent', () => {
    const page = Buffer.from('Content-Type: text/html\n\n<meta charset="windows-1251">\xcf\xf0', 'latin1')
    expect(parseMessage(page).html).toEqual(['<meta charset="windows-1251">Пр'])
  })

  it('drops NUL', () => {
    expect(parse('Subject: x', '', 'a\0b').text).toBe('ab')
  })

  it('is cut at 8 MB, at a line end', () => {
    const message = parseMessage(Buffer.from('Subject: x\n\n' + ('x'.repeat(99) + '\n').repeat(100_000)))
    expect(message.warnings).toEqual(['text.truncated'])
    expect(message.text.length).toBe(Math.floor((8 << 20) / 100) * 100)
  })
})

describe('the parts', () => {
  const file = ['Content-Type: text/plain; name=a.txt', 'Content-Disposition: attachment; filename="b.txt"', '', 'file']

  it('are located in octets and decode to the octets sent', () => {
    const octets = mail(...multi('mixed', 'm', part('text/plain', 'body'), file))
    const { text, parts } = parseMessage(octets)
    expect(text).toBe('body')
    expect(parts).toMatchObject([{ id: '2', name: 'b.txt', disposition: 'attachment', encoding: '7bit', size: 4 }])
    expect(octets.toString('latin1', parts[0]?.from, parts[0]?.to)).toBe('file')
  })

  it('decode in pieces', async () => {
    const body = Buffer.from('aGVsbG8gd29ybGQ=\r\n')
    const pieces: Buffer[] = []
    for await (const piece of decodePartChunks([body.subarray(0, 5), body.subarray(5)], 'base64')) pieces.push(piece)
    expect(Buffer.concat(pieces).toString()).toBe('hello world')
  })

  it('have IMAP part numbers', () => {
    const inner = multi('mixed', 'i', part('text/plain', 'x'), part('image/png', 'p'), file)
    expect(
      parse(...multi('mixed', 'o', part('text/plain', 'x'), inner, part('image/gif', 'g'))).parts.map(({ id }) => id),
    ).toEqual(['2.2', '2.3', '3'])
    expect(parse(...part('image/png', 'x')).parts).toMatchObject([{ id: '1' }])
  })

  it('hold an attached message as one leaf, in a digest without being told', () => {
    const message = ['Subject: inner', '', 'inner text']
    expect(parse(...multi('mixed', 'm', part('text/plain', 'x'), part('message/rfc822', ...message)))).toMatchObject({
      text: 'x',
      parts: [{ id: '2', type: 'message/rfc822' }],
    })
    expect(parse(...multi('digest', 'm', ['', ...message])).parts).toMatchObject([{ type: 'message/rfc822' }])
  })

  it('hold the report and the signature', () => {
    const { parts } = parse(...multi('signed', 's', part('text/plain', 'x'), part('application/pgp-signature', 'sig')))
    expect(parts).toMatchObject([{ type: 'application/pgp-signature', disposition: 'attachment' }])
    expect(
      parse(...multi('report', 'r', part('text/plain', 'failed'), part('message/delivery-status', 'x: y'))),
    ).toMatchObject({
      text: 'failed',
      parts: [{ type: 'message/delivery-status' }],
    })
  })

  it('respect the root that a multipart/related names', () => {
    const frame = ['Content-Type: text/html', 'Content-ID: <f@x>', '', 'frame']
    const root = ['Content-Type: text/html', 'Content-ID: <r@x>', '', 'root']
    const lines = multi('related', 'r', frame, root)
    lines[0] += '; start="<r@x>"'
    expect(parse(...lines)).toMatchObject({ html: ['root'], parts: [{ cid: 'f@x', disposition: 'inline' }] })
  })
})

describe('damaged structure', () => {
  it.each<[string, string[], object]>([
    [
      'no closing delimiter',
      multi('mixed', 'b', part('text/plain', 'x')).slice(0, -1),
      { text: 'x', warnings: ['mime.boundary-unclosed'] },
    ],
    [
      'no boundary anywhere',
      ['Content-Type: multipart/mixed; boundary=b', '', 'just text'],
      { text: 'just text', warnings: ['mime.boundary-missing'] },
    ],
    [
      'a boundary that is not named',
      ['Content-Type: multipart/mixed', '', '--abc', 'Content-Type: text/plain', '', 'x', '--abc--'],
      { text: 'x', warnings: ['mime.boundary-guessed'] },
    ],
    [
      'another boundary than the named one',
      ['Content-Type: multipart/mixed; boundary=b', '', '--abc', 'Content-Type: text/plain', '', 'x', '--abc--'],
      { text: 'x', warnings: ['mime.boundary-guessed'] },
    ],
    [
      'a parameter on an unfolded line',
      ['Content-Type: multipart/mixed;', 'boundary="b"', '', '--b', '', 'x', '--b--'],
      { text: 'x', warnings: ['header.malformed'] },
    ],
    [
      'a boundary that begins another one',
      multi('mixed', 'b', multi('mixed', 'bb', part('text/plain', 'x')), part('text/plain', 'y')),
      { text: 'x\ny' },
    ],
    [
      'an inner multipart without its end',
      multi('mixed', 'o', multi('mixed', 'i', part('text/plain', 'x')).slice(0, -1), part('text/plain', 'y')),
      { text: 'x\ny' },
    ],
    [
      'blanks behind delimiters',
      ['Content-Type: multipart/mixed; boundary=b', '', '--b \t', '', 'x', '--b-- '],
      { text: 'x', warnings: [] },
    ],
    [
      'a part without header and empty line',
      ['Content-Type: multipart/mixed; boundary=b', '', '--b', 'x', '--b--'],
      { text: 'x' },
    ],
    [
      'an empty multipart',
      ['Content-Type: multipart/mixed; boundary=b', '', ''],
      { text: '', parts: [], warnings: [] },
    ],
    ['a type that is none', part('foo', 'x'), { text: 'x' }],
  ])('is read in spite of %s', (_, lines, expected) => {
    expect(parse(...lines)).toMatchObject(expected)
  })

  it('stops at depth 20', () => {
    let lines = part('text/plain', 'deep')
    for (let depth = 0; depth < 40; depth++) lines = multi('mixed', `b${depth}`, lines)
    const { warnings, parts } = parse(...lines)
    expect(warnings).toEqual(['mime.depth'])
    expect(parts).toMatchObject([{ type: 'multipart/mixed', id: Array(20).fill('1').join('.') }])
  })

  it('stops at 500 parts', () => {
    const { warnings, parts } = parse(
      ...multi('mixed', 'b', ...Array.from({ length: 3_000 }, () => part('image/png', 'x'))),
    )
    expect(warnings).toContain('mime.parts')
    expect(parts.length).toBeLessThanOrEqual(500)
  })

  it('stops at a megabyte and at 10,000 lines of header', () => {
    expect(parse(...Array.from({ length: 12_000 }, () => 'X: y'), '', 'x').warnings).toEqual(['header.too-large'])
    expect(parse('Subject: s', `X: ${'y'.repeat(2 << 20)}`, '', 'x')).toMatchObject({
      subject: 's',
      warnings: ['header.too-large'],
    })
  })
})

describe('hostile octets', () => {
  const seed = mail(
    'From: "A, B" <a@x.org>, =?utf-8?B?SsO8?= (c) <b@x.org>; g: c@x.org;',
    'Subject: =?iso-2022-jp?B?GyRCJUYbKEI=?= =?utf-8?Q?=C3?=',
    'Date: Tue, 1 Jul 2003 10:52:37 +0200',
    ...multi(
      'mixed',
      'm',
      multi(
        'alternative',
        'a',
        part('text/plain; charset=utf-8; format=flowed', 'Grüße '),
        part('text/html; charset=x', '<p title="x">&amp;<!-- x -->'),
      ),
      ["Content-Type: a/b; name*0*=utf-8''%C3; name*1=x", 'Content-Transfer-Encoding: base64', '', 'aGVs=bG8='],
      ['Content-Transfer-Encoding: quoted-printable', '', 'a=3D=\r\nb=zz'],
    ),
  )

  it('never throw: mutations of a mail', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.nat(seed.length),
            fc.nat(20),
            fc.oneof(
              fc.uint8Array({ maxLength: 8 }),
              fc.string().map((s) => Buffer.from(s)),
            ),
          ),
          {
            minLength: 1,
            maxLength: 12,
          },
        ),
        (edits) => {
          let octets = seed
          for (const [at, drop, insert] of edits)
            octets = Buffer.concat([octets.subarray(0, at), insert, octets.subarray(at + drop)])
          const message = parseMessage(octets)
          for (const leaf of message.parts) {
            expect(leaf.from).toBeLessThanOrEqual(leaf.to)
            expect(leaf.to).toBeLessThanOrEqual(octets.length)
            decodePart(octets, leaf)
          }
          expect(message.preview.length).toBeLessThanOrEqual(200)
          expect(message.preview).not.toContain('\n')
          expect(message.subject).not.toContain('\n')
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('never throw: octets of any kind', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (octets) => {
        parseMessage(octets)
      }),
      { numRuns: 1_000 },
    )
  })

  it.each<[string, string]>([
    ['delimiters', 'Content-Type: multipart/mixed; boundary="-"\n\n' + '\n---'.repeat(500_000)],
    [
      'long boundaries',
      `Content-Type: multipart/mixed; boundary="${'a'.repeat(9_000)}"\n\n` + ('\n--' + 'a'.repeat(8_999)).repeat(300),
    ],
    ['encoded words', 'Subject: ' + '=?utf-8?Q?'.repeat(90_000) + '\n\n'],
    ['beginnings of encoded words', 'Subject: ' + '=?'.repeat(400_000) + '\n\n'],
    ['folds', 'Subject: x\n' + ' y\n'.repeat(9_000) + '\n'],
    ['comments of a type', 'Content-Type: ' + '('.repeat(900_000) + '\n\n'],
    ['quotes of a type', 'Content-Type: a/b; x=' + '""'.repeat(400_000) + '\n\n'],
    ['parameters', 'Content-Type: a/b' + ';x=y'.repeat(200_000) + '\n\n'],
    ['references', 'References: ' + '<'.repeat(900_000) + '\n\n'],
    ['quoted-printable marks', 'Content-Transfer-Encoding: quoted-printable\n\n' + '= '.repeat(2_000_000)],
    ['carriage returns', 'Subject: x\n\n' + '\r'.repeat(2_000_000)],
    ['padding', 'Content-Transfer-Encoding: base64\n\n' + 'a='.repeat(500_000)],
    ['UTF-7', 'Content-Type: text/plain; charset=utf-7\n\n' + '+A'.repeat(1_000_000)],
    ['plus signs', 'Content-Type: text/plain; charset=utf-7\n\n' + '+'.repeat(2_000_000)],
  ])('take linear time: %s without end', (_, source) => {
    expect(parseMessage(Buffer.from(source)).warnings.length).toBeLessThanOrEqual(50) // quadratic work would run into the test's time limit
  })
})
