import { describe, expect, it } from 'vitest'
import { ADDRESSES, parseAddresses } from './address.ts'

const parse = (header: string) =>
  parseAddresses(Buffer.from(header).toString('latin1'), () => undefined).map(({ name, email }) => `${name}|${email}`)

describe('parseAddresses', () => {
  it.each<[string, string, string[]]>([
    ['name and address', 'John Doe <j@x.org>', ['John Doe|j@x.org']],
    ['bare addresses', 'a@x.org, b@y.org', ['|a@x.org', '|b@y.org']],
    ['a quoted name with a comma', '"Doe, John" <j@x.org>', ['Doe, John|j@x.org']],
    ['escaped quotes', '"Joe \\"Q\\" P" <j@x.org>', ['Joe "Q" P|j@x.org']],
    ['a group', 'Friends: a@x.org, B <b@y.org>;, c@z.org', ['|a@x.org', 'B|b@y.org', '|c@z.org']],
    ['an empty group', 'undisclosed-recipients:;', []],
    ['a comment as name', 'j@x.org (John Doe)', ['John Doe|j@x.org']],
    ['comments everywhere', 'Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>', ['Pete|pete@silly.test']],
    ['obsolete blanks', 'John <jdoe@machine . example>, c @ x . org', ['John|jdoe@machine.example', '|c@x.org']],
    ['a source route', 'Mary <@a.tld,@b.tld:mary@x.net>', ['Mary|mary@x.net']],
    ['a quoted local part', '"joe smith"@x.org', ['|"joe smith"@x.org']],
    ['a domain literal', 'j@[192.0.2.1]', ['|j@[192.0.2.1]']],
    ['a colon behind an address, which begins no group', 'a@x.org:25, b@x.org', ['|a@x.org:25', '|b@x.org']],
    ['semicolons of Outlook', 'a@x.org; b@y.org', ['|a@x.org', '|b@y.org']],
    ['apostrophes of Outlook', '"\'John\'" <j@x.org>', ['John|j@x.org']],
    ['a name that repeats the address', '"j@x.org" <j@x.org>', ['|j@x.org']],
    ['a name that is another address', '"ceo@bank.com" <evil@x.org>', ['ceo@bank.com|evil@x.org']],
    ['a missing >', 'ceo@corp.test<attacker@evil.test', ['ceo@corp.test|attacker@evil.test']],
    ['a missing > before a comma', 'A <a@x.org, B <b@x.org>', ['A|a@x.org', 'B|b@x.org']],
    ['a stray quote', 'A " b <a@x.org>, c@x.org', ['A b|a@x.org', '|c@x.org']],
    ['a stray parenthesis', 'A ( b <a@x.org>, c@x.org', ['A b|a@x.org', '|c@x.org']],
    ['a name without brackets around the address', 'Joe j@x.org', ['Joe|j@x.org']],
    ['addresses that only blanks separate', 'a@x.org b@x.org', ['|a@x.org', '|b@x.org']],
    ['a name alone', 'MAILER-DAEMON', ['MAILER-DAEMON|']],
    ['the empty sender', '<>', []],
    ['encoded words in names', '=?utf-8?Q?J=C3=BC?= =?utf-8?Q?rgen?= <j@x.org>', ['Jürgen|j@x.org']],
    ['encoded words in quotes', '"=?utf-8?B?SsO8?=" <j@x.org>', ['Jü|j@x.org']],
    ['an encoded comma, which separates nothing', '=?utf-8?Q?Doe=2C_J?= <j@x.org>', ['Doe, J|j@x.org']],
    ['raw UTF-8', 'Jürgen <jürgen@exämple.org>', ['Jürgen|jürgen@exämple.org']],
    ['control characters of a decoded name', '=?utf-8?Q?p=40w.gov=00=0A?= <a@evil.test>', ['p@w.gov|a@evil.test']],
    ['nothing', ' , ;', []],
  ])('reads %s', (_, header, expected) => {
    expect(parse(header)).toEqual(expected)
  })

  it('never decodes an address: the domain shown is the domain written', () => {
    const raw = '=?utf-8?b?cG90dXNAd2hpdGVob3VzZS5nb3Y=?==?utf-8?Q?=00?=@mailsploit.com'
    expect(parse(raw)).toEqual([`|${raw}`])
  })

  it('stops at a number of mailboxes that no window shows', () => {
    expect(parse('a@x.org,'.repeat(ADDRESSES + 10))).toHaveLength(ADDRESSES)
  })

  it.each([
    ['parentheses', '('.repeat(300_000)],
    ['quotes', '"\\'.repeat(200_000)],
    ['brackets', 'a<"'.repeat(200_000)],
    ['colons behind an address', `a@${':'.repeat(300_000)}`],
    ['blanks', `a${' '.repeat(300_000)}b@c`],
    ['apostrophes', `<${"'".repeat(300_000)}x>`],
  ])('takes linear time for %s without end', (_, header) => {
    expect(parse(header).length).toBeLessThanOrEqual(ADDRESSES) // quadratic work would run into the test's own time limit
  })
})
