import { describe, expect, it } from 'vitest'
import { parseParameterised } from './params.ts'

const parse = (header: string) => {
  const { value, params } = parseParameterised(Buffer.from(header).toString('latin1'), () => undefined)
  return [value, Object.fromEntries(params)]
}

describe('parseParameterised', () => {
  it.each<[string, string, string, Record<string, string>]>([
    ['a plain type', 'Text/Plain', 'text/plain', {}],
    ['a token', 'text/plain; charset=UTF-8', 'text/plain', { charset: 'UTF-8' }],
    ['quotes and escapes', 'a/b; name="x\\"y; z"', 'a/b', { name: 'x"y; z' }],
    [
      'single backslashes in quotes, which are a path',
      'a/b; name="C:\\TEMP\\x.png"',
      'a/b',
      { name: 'C:\\TEMP\\x.png' },
    ],
    ['comments', 'text/plain (really); charset=us-ascii (plain text)', 'text/plain', { charset: 'us-ascii' }],
    ['blanks around =', 'text/plain; charset = utf-8 ', 'text/plain', { charset: 'utf-8' }],
    ['parentheses of a bare name', 'a/b; name=x(1).txt', 'a/b', { name: 'x(1).txt' }],
    ['blanks in a bare name', 'attachment; filename=my file.txt', 'attachment', { filename: 'my file.txt' }],
    ['a missing closing quote', 'a/b; name="x.txt; charset=utf-8', 'a/b', { name: 'x.txt', charset: 'utf-8' }],
    ['a lost semicolon', 'multipart/mixed\tboundary="x"', 'multipart/mixed', { boundary: 'x' }],
    ['doubled semicolons', 'a/b;; name=x;', 'a/b', { name: 'x' }],
    ['the first of two equal names', 'a/b; x=1; X=2', 'a/b', { x: '1' }],
    ['an encoded word', 'a/b; name="=?utf-8?Q?=C3=BC.txt?="', 'a/b', { name: 'ü.txt' }],
    ['raw UTF-8', 'a/b; name="ü.txt"', 'a/b', { name: 'ü.txt' }],
    ['RFC 2231', "a/b; name*=iso-8859-1'de'%FC%20x.txt", 'a/b', { name: 'ü x.txt' }],
    ['continuations out of order', 'a/b; name*1=llo; name*0=he', 'a/b', { name: 'hello' }],
    ['continuations in a charset', 'a/b; n*0*=utf-8\'\'%C3; n*1*=%BC; n*2=".txt"', 'a/b', { n: 'ü.txt' }],
    ['RFC 2231 beside the fallback', "a/b; name=u.txt; name*=utf-8''%C3%BC.txt", 'a/b', { name: 'ü.txt' }],
    ['path characters, which stay', 'a/b; name="../../x"', 'a/b', { name: '../../x' }],
    ['control characters, which do not', 'a/b; name="x\0\r\ny"', 'a/b', { name: 'x y' }],
    ['nothing', '', '', {}],
  ])('reads %s', (_, header, value, params) => {
    expect(parse(header)).toEqual([value, params])
  })
})
