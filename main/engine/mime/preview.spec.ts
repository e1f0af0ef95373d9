import { describe, expect, it } from 'vitest'
import { makePreview, PREVIEW } from './preview.ts'

describe('makePreview', () => {
  it.each([
    ['the first words', 'Hello,\n\nhow are you?\n', [], 'Hello, how are you?'],
    ['no quotes and no line that introduces them', 'On Tue, Joe wrote:\n> old\n> older\n\nYes.', [], 'Yes.'],
    ['no signature', 'Yes.\n-- \nJoe, Example Ltd.', [], 'Yes.'],
    ['no forwarded original', 'See below.\n-----Original Message-----\nFrom: x', [], 'See below.'],
    ['the HTML when there is no text', '', ['<style>x</style><p>Hi &amp; welcome</p>'], 'Hi & welcome'],
    ['the text before the HTML', 'text', ['<p>html</p>'], 'text'],
    ['quotes when there is nothing else', '> old\n> older', [], '> old > older'],
    ['no preheader fillers', '', ['Sale!&zwnj;&nbsp;\u034f\u200b&zwnj;&nbsp;now'], 'Sale! now'],
    ['short rules', '==========\nNews', [], '=== News'],
    ['nothing', '', [], ''],
  ])('shows %s', (_, text, html, expected) => {
    expect(makePreview(text, html)).toBe(expected)
  })

  it('leaves out the line that introduces a quote, in any language', () => {
    expect(makePreview('Noor Rahman <noor@northmill.example>:\n> Which day?\n\nThursday.\n', [])).toBe('Thursday.')
    expect(makePreview('花子さん:\n\n> 水曜日\n\nはい。\n', [])).toBe('はい。')
    expect(makePreview('My list:\nflour\n> old\n', [])).toBe('My list: flour')
  })

  it('is one line of at most 200 characters and never half of one', () => {
    const preview = makePreview('x' + '😀'.repeat(300), [])
    expect(preview.length).toBe(PREVIEW - 1)
    expect(preview.isWellFormed()).toBe(true)
  })
})
