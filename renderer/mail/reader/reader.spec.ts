import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { extension, isProgram, kind, safeName } from './files.ts'
import { blocks } from './text/blocks.ts'
import { fixedLines, flowedLines } from './text/flowed.ts'
import { linkify } from './text/links.ts'

const FIXED = { flowed: false, delsp: false }

describe('flowed text (RFC 3676)', () => {
  test('joins the lines of a paragraph', () => {
    expect(flowedLines('Thursday between 9 \nand 11.\n\nBest', false)).toEqual([
      { depth: 0, text: 'Thursday between 9 and 11.' },
      { depth: 0, text: '' },
      { depth: 0, text: 'Best' },
    ])
  })

  test('takes the space away where DelSp says so', () => {
    expect(flowedLines('打ち \n合わせ', true)).toEqual([{ depth: 0, text: '打ち合わせ' }])
  })

  test('undoes space stuffing, and never takes a stuffed > for a quote', () => {
    expect(flowedLines(' >not quoted\n From here', false)).toEqual([
      { depth: 0, text: '>not quoted' },
      { depth: 0, text: 'From here' },
    ])
  })

  test('a paragraph ends where the depth changes', () => {
    expect(flowedLines('>> deep \n> shallow \nown', false)).toEqual([
      { depth: 2, text: 'deep ' },
      { depth: 1, text: 'shallow ' },
      { depth: 0, text: 'own' },
    ])
  })

  test('a signature separator is never joined', () => {
    expect(flowedLines('end \n-- \nBob', false)).toEqual([
      { depth: 0, text: 'end ' },
      { depth: 0, text: '-- ' },
      { depth: 0, text: 'Bob' },
    ])
  })
})

test('fixed text: quote marks with and without spaces, and none within a line', () => {
  expect(fixedLines('> > a\n>>b\na > b\n>')).toEqual([
    { depth: 2, text: 'a' },
    { depth: 2, text: 'b' },
    { depth: 0, text: 'a > b' },
    { depth: 1, text: '' },
  ])
})

describe('a plain text', () => {
  test('is cut into own words, the quote with its introduction, and the signature', () => {
    const made = blocks('Yes.\n\nOn Tue, 3 Nov 2026, Noor wrote:\n> Thursday?\n> Noon?\n-- \nBob\n', FIXED)
    expect(made).toEqual([
      { kind: 'text', lines: ['Yes.'] },
      {
        kind: 'quote',
        intro: 'On Tue, 3 Nov 2026, Noor wrote:',
        folded: true,
        lines: [
          { depth: 1, text: 'Thursday?' },
          { depth: 1, text: 'Noon?' },
        ],
      },
      { kind: 'signature', lines: ['Bob'] },
    ])
  })

  test('an introduction over two lines belongs to the quote as a whole', () => {
    const made = blocks(
      'Yes.\n\nOn Tue, 3 Nov 2026 at 18:02, Somebody with a long name\n<a@b.example> wrote:\n> No?',
      FIXED,
    )
    expect(made.map((block) => block.kind)).toEqual(['text', 'quote'])
    expect(made[0]).toEqual({ kind: 'text', lines: ['Yes.'] })
  })

  test('short quotes between answers stay open, the last one is folded', () => {
    const folded = blocks('> a\nyes\n> b\nno\n> c', FIXED).map((block) => block.kind === 'quote' && block.folded)
    expect(folded).toEqual([false, false, false, false, true])
  })

  test('a mail that is only a quote stays open', () => {
    expect(blocks('> a\n> b', FIXED)).toMatchObject([{ kind: 'quote', folded: false }])
  })

  test('nothing gives nothing', () => {
    expect(blocks(' \n\n', FIXED)).toEqual([])
  })

  test('no word is lost, whatever the text', () => {
    const words = fc.array(fc.constantFrom('> a', '>> b', 'word', '-- ', '', 'x wrote 1:', 'flow ', '>'), {
      maxLength: 40,
    })
    fc.assert(
      fc.property(words, fc.boolean(), (lines, flowed) => {
        const text = lines.join('\n')
        const shown = blocks(text, { flowed, delsp: false })
          .map((block) =>
            block.kind === 'quote'
              ? `${block.intro} ${block.lines.map((line) => line.text).join(' ')}`
              : block.lines.join(' '),
          )
          .join(' ')
        const letters = (value: string) => value.replace(/[^a-z]/g, '')
        expect(letters(shown)).toBe(letters(text))
      }),
    )
  })
})

describe('links', () => {
  test.each([
    ['See https://a.example/x.', 'https://a.example/x'],
    ['(https://a.example/x_(y))', 'https://a.example/x_(y)'],
    ['<https://a.example/?q=1&b=2>', 'https://a.example/?q=1&b=2'],
    ['www.a.example, please', 'https://www.a.example/'],
    ['write to bob@a.example!', 'mailto:bob@a.example'],
    ['mailto:bob@a.example?subject=hi', 'mailto:bob@a.example?subject=hi'],
    ['資料は https://a.example/x にございます。', 'https://a.example/x'],
  ])('%s leads to %s', (line, href) => {
    expect(linkify(line).flatMap((piece) => (piece.href === null ? [] : [piece.href]))).toEqual([href])
  })

  test.each(['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'https://', 'a @ b', 'ketchup:x'])(
    '%s stays text',
    (line) => {
      expect(linkify(line).every((piece) => piece.href === null)).toBe(true)
    },
  )

  test('the pieces make the line again, and lead only where they may', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 80 }),
        fc.constantFrom('https://', 'mailto:', 'www.', 'a@b.c'),
        (noise, seed) => {
          const line = `${noise}${seed}${noise}`
          const pieces = linkify(line)
          expect(pieces.map((piece) => piece.text).join('')).toBe(line)
          for (const { href } of pieces) if (href !== null) expect(href).toMatch(/^(https?|mailto):/)
        },
      ),
    )
  })
})

describe('the name of an attachment', () => {
  test.each([
    ['order.pdf', 'order.pdf'],
    ['../../etc/passwd', 'etc_passwd'],
    ['C:\\Windows\\x.exe', 'C_Windows_x.exe'],
    ['update\u202efdp.exe', 'updatefdp.exe'],
    ['a\u0000b\nc.txt', 'a b c.txt'],
    ['.htaccess', 'htaccess'],
    ['name.exe. . ', 'name.exe'],
    ['رحلة-١.jpg', 'رحلة-١.jpg'],
    ['   ', ''],
    ['..', ''],
  ])('%o is shown as %o', (name, shown) => {
    expect(safeName(name)).toBe(shown)
  })

  test('keeps its ending when it is cut', () => {
    const cut = safeName(`${'a'.repeat(400)}.pdf`)
    expect(cut.length).toBeLessThanOrEqual(200)
    expect(extension(cut)).toBe('pdf')
  })

  test('never holds a path, a control character or a turn of direction', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(safeName(name)).not.toMatch(/[/\\\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]|^\.|[.\s]$/)
      }),
    )
  })

  test.each([
    ['x.exe', 'application/octet-stream', true],
    ['invoice.pdf.js', 'application/pdf', true],
    ['x.pdf', 'application/pdf', false],
    ['x.EXE. ', 'application/pdf', true],
    ['noending', 'application/x-msdownload', true],
    ['macro.docm', 'application/octet-stream', true],
    ['photo.jpg', 'image/jpeg', false],
  ])('%s of type %s warns: %s', (name, type, warns) => {
    expect(isProgram({ name, type })).toBe(warns)
  })

  test('its badge has a few letters', () => {
    expect(kind({ name: 'a.xlsx', type: 'x/y' })).toBe('XLSX')
    expect(kind({ name: '', type: 'message/rfc822' })).toBe('EML')
    expect(kind({ name: '', type: 'image/png' })).toBe('PNG')
    expect(kind({ name: '', type: '' })).toBe('BIN')
  })
})
