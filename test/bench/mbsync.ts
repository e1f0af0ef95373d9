/** mbsync of isync (Debian package `isync`) with its default fsync, as the measure for a sync. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findCommand } from '../../build/find-browser.ts'
import type { DovecotLab, LabUser } from '../lab/dovecot.ts'
import { childCpuSeconds } from './cpu.ts'

export interface MbsyncRun {
  readonly seconds: number
  readonly cpu: number
}

/** A Maildir of its own in a folder that the caller removes. */
export class Mbsync {
  readonly #program: string
  readonly #folder: string
  readonly #config: string

  /** @throws Error when it is not installed. */
  constructor(folder: string, lab: DovecotLab, { user, password }: LabUser) {
    const program = findCommand('mbsync')
    if (!program) throw new Error('mbsync is missing. Run: apt-get install isync')
    this.#program = program
    this.#folder = folder
    this.#config = join(folder, 'mbsyncrc')
    mkdirSync(join(this.#folder, 'mail'))
    writeFileSync(
      this.#config,
      [
        'IMAPAccount lab',
        'Host localhost',
        `Port ${lab.ports.imaps}`,
        `User ${user}`,
        `Pass "${password}"`,
        'SSLType IMAPS',
        'SystemCertificates no',
        `CertificateFile ${lab.ca}`,
        '',
        'IMAPStore far',
        'Account lab',
        '',
        'MaildirStore near',
        `Path ${join(this.#folder, 'mail')}/`,
        `Inbox ${join(this.#folder, 'mail', 'INBOX')}`,
        '',
        'Channel inbox',
        'Far :far:INBOX',
        'Near :near:INBOX',
        'Sync Pull',
        'Create Near',
        'SyncState *',
        '',
      ].join('\n'),
      { mode: 0o600 },
    )
  }

  /** Pulls once. @throws Error with its own words when it fails. */
  async pull(): Promise<MbsyncRun> {
    const cpu = childCpuSeconds()
    const start = performance.now()
    const child = spawn(this.#program, ['-q', '-c', this.#config, 'inbox'], { stdio: ['ignore', 'ignore', 'pipe'] })
    let words = ''
    child.stderr.on('data', (data: Buffer) => (words += data.toString()))
    const [code] = (await once(child, 'exit')) as [number | null]
    const seconds = (performance.now() - start) / 1000
    if (code !== 0) throw new Error(`mbsync ended with ${code}: ${words.trim()}`)
    return { seconds, cpu: childCpuSeconds() - cpu }
  }

  /** Messages in the Maildir. */
  count(): number {
    const inbox = join(this.#folder, 'mail', 'INBOX')
    return ['cur', 'new'].reduce((sum, name) => sum + readdirSync(join(inbox, name)).length, 0)
  }
}
