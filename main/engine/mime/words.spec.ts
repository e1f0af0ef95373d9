import { describe, expect, it } from 'vitest'
import { decodeWords } from './words.ts'

describe('decodeWords', () => {
  it.each([
    ['a Q word', '=?iso-8859-1?Q?Andr=E9_x?=', 'André x'],
    ['a B word', '=?UTF-8?B?R3LDvMOfZQ==?=', 'Grüße'],
    ['text around a word', 'Re: =?utf-8?q?=C3=BC?= now', 'Re: ü now'],
    ['blanks between words, which vanish', '=?utf-8?q?a?= \t =?utf-8?q?b?=', 'ab'],
    ['blanks between words of two charsets, which vanish too', '=?utf-8?q?a?= =?iso-8859-1?q?=E4?=', 'aä'],
    ['blanks between a word and text, which stay', '=?utf-8?q?a?= b', 'a b'],
    ['a character split between two Q words', '=?utf-8?Q?=C3?= =?utf-8?Q?=BC?=', 'ü'],
    ['a character split between two B words', '=?utf-8?B?4oI=?= =?utf-8?B?rA==?=', '€'],
    ['base64 cut within a quantum', '=?utf-8?B?4oK?= =?utf-8?B?s?=', '€'],
    ['a split character of mixed encodings', '=?utf-8?Q?=E2=82?= =?UTF-8?B?rA==?=', '€'],
    ['the language mark of RFC 2231', '=?us-ascii*en-US?Q?Keith?=', 'Keith'],
    [
      'ISO-2022-JP words joined at their escapes',
      '=?ISO-2022-JP?B?GyRCJUYbKEI=?= =?ISO-2022-JP?B?GyRCJTkbKEI=?=',
      'テス',
    ],
    ['raw blanks inside a word', '=?utf-8?Q?a b?=', 'a b'],
    ['a question mark inside a word', '=?utf-8?Q?why?not?=', 'why?not'],
    ['an escape right at the start', '=?utf-8?Q?=41?=', 'A'],
    ['an unknown charset, guessed', '=?x-foo?Q?=C3=BC?=', 'ü'],
    ['a word that never ends', '=?utf-8?Q?abc', '=?utf-8?Q?abc'],
    ['an encoding that does not exist', '=?utf-8?X?abc?=', '=?utf-8?X?abc?='],
    ['plain text', 'nothing = here ? at all', 'nothing = here ? at all'],
  ])('decodes %s', (_, value, expected) => {
    expect(decodeWords(value, () => undefined)).toBe(expected)
  })

  it('reports an unknown charset', () => {
    const warnings: string[] = []
    decodeWords('=?x-foo?Q?=FC?=', (code) => warnings.push(code))
    expect(warnings).toEqual(['charset.unknown:x-foo'])
  })
})
