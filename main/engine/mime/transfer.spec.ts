import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createTransferDecoder,
  decodeBase64,
  decodedSize,
  decodeQuotedPrintable,
  decodeTransfer,
  decodeUuencode,
  parseEncoding,
} from './transfer.ts'
import type { TransferEncoding } from './types.ts'

const quiet = () => undefined
const latin1 = (text: string) => Buffer.from(text, 'latin1')

describe('parseEncoding', () => {
  it.each([
    [undefined, '7bit'],
    ['BASE64', 'base64'],
    ['"base64"', 'base64'],
    ['(what) quoted-printable', 'quoted-printable'],
    ['x-uue', 'uuencode'],
    ['plain', '8bit'],
  ])('takes %j for %s', (value, expected) => {
    expect(parseEncoding(value)).toBe(expected)
  })
})

describe('decodeBase64', () => {
  it.each([
    ['lines', 'aGVs\r\nbG8=\r\n', 'hello', []],
    ['no padding', 'aGVsbG8', 'hello', []],
    ['foreign characters', 'aGV!s-bG_8=', 'hello', ['base64.damaged']],
    ['two encoded pieces pasted together', 'aGVsbG8=\naGVsbG8=', 'hellohello', ['base64.damaged']],
    ['nothing', '', '', []],
  ])('reads %s', (_, text, expected, damage) => {
    const warnings: string[] = []
    expect(decodeBase64(latin1(text), (code) => warnings.push(code)).toString('latin1')).toBe(expected)
    expect(warnings).toEqual(damage)
  })
})

describe('decodeQuotedPrintable', () => {
  it.each([
    ['escapes of either case', 'a=E4=e4', 'a\xe4\xe4'],
    ['soft line breaks', 'a=\r\nb=\nc', 'abc'],
    ['a soft line break with blanks behind it', 'a= \t\r\nb', 'ab'],
    ['blanks before a line end, which are padding', 'a \t\r\nb  ', 'a\r\nb'],
    ['an encoded blank before a line end, which is not', 'a=20\r\nb', 'a \r\nb'],
    ['what is no escape, which stays', 'x=zz 1=1', 'x=zz 1=1'],
    ['a mark at the very end', 'a=', 'a'],
    ['half an escape at the end', 'a=4', 'a=4'],
  ])('reads %s', (_, text, expected) => {
    expect(decodeQuotedPrintable(latin1(text)).toString('latin1')).toBe(expected)
  })
})

describe('decodeUuencode', () => {
  it('reads the lines between begin and end', () => {
    expect(decodeUuencode(latin1('junk\nbegin 644 a.txt\n%:&5L;&\\\n`\nend\n')).toString()).toBe('hello')
  })
  it('reads data without its begin line', () => {
    expect(decodeUuencode(latin1('%:&5L;&\\\r\n`\r\n')).toString()).toBe('hello')
  })
})

const encode = (bytes: Buffer, encoding: TransferEncoding) =>
  encoding === 'base64'
    ? latin1((bytes.toString('base64').match(/.{1,76}/g) ?? []).join('\r\n') + '\r\n')
    : encoding === 'quoted-printable'
      ? latin1([...bytes].map((c, i) => `=${c.toString(16).padStart(2, '0')}${i % 20 === 19 ? '=\r\n' : ''}`).join(''))
      : bytes

describe('decoding in pieces', () => {
  it.each<TransferEncoding>(['base64', 'quoted-printable', 'binary', 'uuencode'])(
    'equals decoding at once: %s',
    (encoding) => {
      fc.assert(
        fc.property(
          fc.uint8Array({ maxLength: 400 }),
          fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }),
          (bytes, cuts) => {
            const encoded = encode(Buffer.from(bytes), encoding)
            const decoder = createTransferDecoder(encoding, quiet)
            const pieces: Buffer[] = []
            for (let at = 0, i = 0; at < encoded.length; i++) {
              const size = cuts[i % cuts.length] as number
              pieces.push(decoder.write(encoded.subarray(at, at + size)))
              at += size
            }
            pieces.push(decoder.end())
            expect(Buffer.concat(pieces).equals(decodeTransfer(encoded, encoding, quiet))).toBe(true)
            if (encoding !== 'uuencode') expect(Buffer.concat(pieces).equals(Buffer.from(bytes))).toBe(true)
          },
        ),
      )
    },
  )

  it('computes the size of base64 from its lines', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        expect(decodedSize(encode(Buffer.from(bytes), 'base64'), 'base64')).toBe(bytes.length)
      }),
    )
  })
})
