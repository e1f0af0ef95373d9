import { describe, expect, it } from 'vitest'
import { decodeCharset } from './charset.ts'

function decode(hex: string, label?: string): [string, string[]] {
  const warnings: string[] = []
  return [decodeCharset(Buffer.from(hex.replaceAll(' ', ''), 'hex'), label, (code) => warnings.push(code)), warnings]
}
const hex = (text: string) => Buffer.from(text, 'latin1').toString('hex')

describe('decodeCharset', () => {
  it.each<[string, string, string | undefined, string, string[]]>([
    ['ASCII', '6162', 'us-ascii', 'ab', []],
    ['UTF-8', 'c3bc', 'UTF-8', 'ü', []],
    ['a byte order mark', 'efbbbf61', 'utf-8', 'a', []],
    ['windows-1252 behind the label ISO-8859-1', '80 93 e4', 'iso-8859-1', '€“ä', []],
    ['KOI8-R', 'f0 d2', 'koi8-r', 'Пр', []],
    ['windows-1251', 'cf f0', 'Windows-1251', 'Пр', []],
    ['GB 2312', 'd6 d0', 'gb2312', '中', []],
    ['EUC-KR', 'c7 d1', 'ks_c_5601-1987', '한', []],
    ['Big5', 'a4 a4', 'big5', '中', []],
    ['Shift JIS', '83 65', 'cp932', 'テ', []],
    ['ISO-2022-JP', hex('\x1b$B%F\x1b(B'), 'ISO-2022-JP', 'テ', []],
    ['ISO-2022-JP without a label', hex('\x1b$B%F\x1b(B'), undefined, 'テ', []],
    ['ISO-2022-KR', hex('\x1b$)C\x0eGQ\x0f!'), 'iso-2022-kr', '한!', []],
    ['HZ', hex('a~{VP~}~~'), 'hz-gb-2312', 'a中~', []],
    ['UTF-7', hex('Hi +AOQ-+- 1 +- 2'), 'utf-7', 'Hi ä+ 1 + 2', []],
    ['UTF-16 with a mark', 'fffe 6100', 'utf-16', 'a', []],
    ['UTF-16 without a mark', '0061', 'utf-16', 'a', []],
    ['UTF-16 without a mark and the other way round', '6100 6200', 'utf-16', 'ab', []],
    ['a label in quotes with a language', 'e4', '"iso-8859-1*de"', 'ä', []],
    ['8-bit octets under us-ascii: UTF-8', 'c3bc', 'us-ascii', 'ü', []],
    ['8-bit octets under us-ascii: windows-1252', 'fc', 'us-ascii', 'ü', []],
    ['no label: UTF-8', 'c3bc', undefined, 'ü', []],
    ['UTF-8 that is windows-1252', '67 fc 74', 'utf-8', 'güt', ['charset.damaged:utf-8']],
    ['UTF-8 cut within a character', 'c3bc c3bc c3', 'utf-8', 'üü\ufffd', ['charset.damaged:utf-8']],
    ['an unknown label over UTF-8', 'c3bc', 'x-foo', 'ü', ['charset.unknown:x-foo']],
    ['an unknown label over windows-1252', 'fc', 'x-foo', 'ü', ['charset.unknown:x-foo']],
    ['nothing', '', 'x-foo', '', []],
  ])('reads %s', (_, octets, label, text, warnings) => {
    expect(decode(octets, label)).toEqual([text, warnings])
  })
})
