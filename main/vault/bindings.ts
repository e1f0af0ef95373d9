import { appendFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { err, ok, type AppError, type MailboxId, type MessageId, type Result } from '../../preload/contract/index.ts'
import { diskError, readIfThere } from './files.ts'
import type { Sha256 } from './octets.ts'

/** What ties a message at a server to its octets here. */
export interface Binding {
  readonly message: MessageId
  readonly uidValidity: number
  readonly uid: number
  /** '' while only the envelope was seen. */
  readonly sha256: Sha256
  /** RFC822.SIZE as the server told. */
  readonly size: number
  /** INTERNALDATE, ms. */
  readonly date: number
  /** Message-ID without <>. */
  readonly messageId: string
}

type Line = [MessageId, number, number, Sha256, number, number, string]

/**
 * The bindings of one mailbox: an append-only log of JSON lines, loaded when first needed. A later line for the same
 * UID replaces an earlier one; a last line that a crash cut short is skipped. For mail of a server it is a download
 * cache: losing it costs a download, never a mail (DESIGN §2).
 */
export class Bindings {
  readonly #path: string
  #byUid: Map<number, Binding> | null = null
  #messages = new Set<MessageId>()
  #endsClean = true

  constructor(folder: string, mailbox: MailboxId) {
    this.#path = join(folder, `${mailbox}.log`)
  }

  /** The binding of a UID under this UIDVALIDITY. */
  find(uidValidity: number, uid: number): Result<Binding | undefined, AppError> {
    const loaded = this.#load()
    if (!loaded.ok) return loaded
    const binding = loaded.value.get(uid)
    return ok(binding?.uidValidity === uidValidity ? binding : undefined)
  }

  /** Every binding, for a new UIDVALIDITY and for looking a message up by its id. */
  all(): Result<Iterable<Binding>, AppError> {
    const loaded = this.#load()
    return loaded.ok ? ok(loaded.value.values()) : loaded
  }

  /** Whether a message has, or had, a place in this mailbox. */
  holds(message: MessageId): boolean {
    return this.#messages.has(message)
  }

  /** Appends, before the batch that carries these messages leaves. */
  append(bindings: readonly Binding[]): Result<void, AppError> {
    if (bindings.length === 0) return ok()
    const loaded = this.#load()
    if (!loaded.ok) return loaded
    let text = this.#endsClean ? '' : '\n'
    for (const binding of bindings) {
      loaded.value.set(binding.uid, binding)
      this.#messages.add(binding.message)
      text += JSON.stringify(toLine(binding)) + '\n'
    }
    try {
      appendFileSync(this.#path, text, { mode: 0o600 })
      this.#endsClean = true
      return ok()
    } catch (error) {
      this.#endsClean = false
      return err(diskError(error, this.#path))
    }
  }

  /** Forgets them all: the folder is gone. */
  drop(): void {
    rmSync(this.#path, { force: true })
    this.#byUid = null
    this.#messages.clear()
  }

  #load(): Result<Map<number, Binding>, AppError> {
    if (this.#byUid) return ok(this.#byUid)
    const read = readIfThere(this.#path)
    if (!read.ok) return read
    const byUid = new Map<number, Binding>()
    const text = read.value?.toString('utf8') ?? ''
    this.#endsClean = text === '' || text.endsWith('\n')
    for (const line of text.split('\n')) {
      const binding = fromLine(line)
      if (!binding) continue
      byUid.set(binding.uid, binding)
      this.#messages.add(binding.message)
    }
    this.#byUid = byUid
    return ok(byUid)
  }
}

function toLine(binding: Binding): Line {
  const { message, uidValidity, uid, sha256, size, date, messageId } = binding
  return [message, uidValidity, uid, sha256, size, date, messageId]
}

function fromLine(line: string): Binding | undefined {
  if (!line) return undefined
  let fields: unknown
  try {
    fields = JSON.parse(line)
  } catch {
    return undefined // cut short by a crash
  }
  if (!Array.isArray(fields) || fields.length !== 7) return undefined
  const [message, uidValidity, uid, sha256, size, date, messageId] = fields as Line
  return { message, uidValidity, uid, sha256, size, date, messageId }
}
