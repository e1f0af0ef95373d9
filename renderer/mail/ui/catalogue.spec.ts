import { expect, test } from 'vitest'
import { ERROR_CODES } from '../../../preload/contract/index.ts'
import en from '../../i18n/messages/en.json' with { type: 'json' }

const MESSAGES = en as Readonly<Record<string, unknown>>
const PARAMS = ['host', 'port', 'user', 'mailbox', 'path']

test.each(ERROR_CODES)('%s has a sentence and a remedy', (code) => {
  const key = code.replace(/[.-]/g, '_')
  const sentence = MESSAGES[`error_${key}`]
  const remedy = MESSAGES[`remedy_${key}`]
  expect(sentence).toBeTypeOf('string')
  expect(remedy).toBeTypeOf('string')
  // the server's words, or the full stop, are added behind the sentence
  expect(sentence).not.toMatch(/[.!]$/)
  expect(remedy).toMatch(/\.$/)
  for (const [, param] of `${String(sentence)}${String(remedy)}`.matchAll(/\{(\w+)\}/g)) expect(PARAMS).toContain(param)
})

test('no sentence shouts', () => {
  for (const [key, message] of Object.entries(MESSAGES)) {
    if (key !== '$schema') expect(JSON.stringify(message)).not.toMatch(/!/)
  }
})
