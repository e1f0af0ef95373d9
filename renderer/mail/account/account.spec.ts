import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { AccountSettings } from '../../../preload/contract/index.ts'
import { certificatesOf, check, settingsOf, type Draft } from './draft.ts'
import { guessHost, usualPort } from './guess.ts'

const DRAFT: Draft = {
  email: ' alice@crepes.example ',
  name: 'Alice',
  password: 'p',
  host: 'imap.crepes.example',
  port: '993',
  security: 'tls',
  user: 'alice',
  ca: '',
}

describe('the account form', () => {
  test('guesses the server from a whole address only', () => {
    expect(guessHost('alice@Crepes.example')).toBe('imap.crepes.example')
    expect(guessHost('alice@crepes')).toBe('')
    expect(guessHost('alice')).toBe('')
    expect([usualPort('tls'), usualPort('starttls')]).toEqual([993, 143])
  })

  test('what it finds without fault passes the door', () => {
    expect(check(DRAFT)).toEqual({})
    expect(v.safeParse(AccountSettings, settingsOf(DRAFT)).success).toBe(true)
  })

  test.each([
    [{ email: 'alice' }, { email: 'email' }],
    [{ email: '' }, { email: 'required' }],
    [{ host: 'https://a.example' }, { host: 'host' }],
    [{ port: '70000' }, { port: 'port' }],
    [{ port: '9.5' }, { port: 'port' }],
    [{ password: '' }, { password: 'required' }],
    [{ user: ' ' }, { user: 'required' }],
  ])('%o is found to be %o', (part, faults) => {
    expect(check({ ...DRAFT, ...part })).toEqual(faults)
  })

  test('takes certificates out of a file, and never a key', () => {
    const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'
    const key = '-----BEGIN PRIVATE KEY-----\nSECRET\n-----END PRIVATE KEY-----'
    expect(certificatesOf(`text\n${key}\n${pem}\n${pem}`)).toBe(`${pem}\n${pem}`)
    expect(certificatesOf(key)).toBe('')
  })
})
