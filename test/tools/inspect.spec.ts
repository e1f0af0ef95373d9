import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Inspection, run } from './inspect.ts'

const folder = mkdtempSync(join(tmpdir(), 'inspect-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

function mail(name: string, ...lines: string[]): string {
  const path = join(folder, name)
  writeFileSync(path, lines.join('\r\n'))
  return path
}

const file = mail(
  'mail.eml',
  'From: =?utf-8?Q?J=C3=BCrgen?= <j@example.org>',
  'To: You <you@example.org>, team@example.org',
  'Subject: Report \x1b[31m=?utf-8?Q?=E2=80=AE?=red',
  'Date: Tue, 1 Jul 2003 10:52:37 +0200',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  '',
  'Here it is.\x07',
  '--b',
  'Content-Type: application/pdf; name="a.pdf"',
  'Content-Transfer-Encoding: base64',
  '',
  'aGVsbG8=',
  '--b--',
)

describe('inspect', () => {
  it('shows addresses, date, text and attachments with their hash', () => {
    const { exitCode, output } = run([file])
    expect(exitCode).toBe(0)
    expect(output).toContain('From          Jürgen <j@example.org>')
    expect(output).toContain('To            You <you@example.org>, team@example.org')
    expect(output).toContain('Date          2003-07-01T08:52:37.000Z')
    expect(output).toContain('application/pdf, attachment, 5 octets')
    expect(output).toContain('sha256 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824')
    expect(output).toContain('  Here it is.')
  })

  it('never lets a mail steer the terminal', () => {
    const { output } = run([file])
    expect(output).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
    expect(output).toContain('Here it is.\\x07')
    expect(output).toContain('\\u202ered')
  })

  it('prints one JSON object with --json', () => {
    const found = JSON.parse(run([file, '--json']).output) as Inspection
    expect(found).toMatchObject({
      date: '2003-07-01T08:52:37.000Z',
      warnings: [],
      attachments: [{ id: '2', name: 'a.pdf', size: 5 }],
    })
    expect(found.headers.map(({ name }) => name)).toEqual(['from', 'to', 'subject', 'date', 'content-type'])
  })

  it.each([
    ['a file that is not there', join(folder, 'none.eml'), 'there is no such file.'],
    ['a folder', folder, 'it is a folder.'],
    ['an empty file', mail('empty.eml'), 'is empty: it holds no message.'],
  ])('answers %s with one sentence', (_, path, sentence) => {
    const { exitCode, output, error } = run([path])
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: '' })
    expect(error).toContain(path)
    expect(error.endsWith(sentence)).toBe(true)
  })

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('says when reading is not allowed', () => {
    const closed = mail('closed.eml', 'Subject: x', '', '')
    chmodSync(closed, 0)
    expect(run([closed]).error).toBe(`Cannot read ${closed}: reading it is not allowed.`)
  })

  it('explains itself when called wrongly', () => {
    expect(run([])).toMatchObject({ exitCode: 1, error: 'Usage: npm run inspect -- FILE.eml [--json]' })
    expect(run([file, '--xml']).error).toBe('inspect does not know the option --xml.')
  })
})
