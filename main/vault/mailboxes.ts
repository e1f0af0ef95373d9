import { join } from 'node:path'
import * as v from 'valibot'
import { ok, type AccountId, type AppError, type MailboxId, type Result } from '../../preload/contract/index.ts'
import { readIfThere, writeDurably } from './files.ts'
import type { Numbers } from './numbers.ts'

const number = v.pipe(v.number(), v.integer(), v.minValue(1))
const MailboxesFile = v.array(v.tuple([number, number, v.string()]))

/** Which id a folder has: `mailboxes.json`, rows of [id, account, path]. A path that goes and comes back is a new folder. */
export class MailboxIds {
  readonly #path: string
  readonly #numbers: Numbers
  #rows: (readonly [MailboxId, AccountId, string])[]

  private constructor(path: string, numbers: Numbers, rows: (readonly [MailboxId, AccountId, string])[]) {
    this.#path = path
    this.#numbers = numbers
    this.#rows = rows
  }

  static open(folder: string, numbers: Numbers): Result<MailboxIds, AppError> {
    const path = join(folder, 'mailboxes.json')
    const read = readIfThere(path)
    if (!read.ok) return read
    let rows: [number, number, string][] = []
    try {
      if (read.value) rows = v.parse(MailboxesFile, JSON.parse(read.value.toString('utf8')))
    } catch {
      // Derived from the server's LIST: new ids mean a new download, nothing lost.
      rows = []
    }
    return ok(new MailboxIds(path, numbers, rows))
  }

  /** Folders known of an account. */
  of(account: AccountId): { id: MailboxId; path: string }[] {
    return this.#rows.filter((row) => row[1] === account).map(([id, , path]) => ({ id, path }))
  }

  /** The ids of exactly these paths; paths no longer listed are forgotten and returned as `gone`. */
  assign(
    account: AccountId,
    paths: readonly string[],
  ): Result<{ ids: Map<string, MailboxId>; gone: MailboxId[] }, AppError> {
    const wanted = new Set(paths)
    const known = new Map(this.of(account).map(({ id, path }) => [path, id]))
    const gone = [...known].filter(([path]) => !wanted.has(path)).map(([, id]) => id)
    const ids = new Map<string, MailboxId>()
    const fresh: (readonly [MailboxId, AccountId, string])[] = []
    for (const path of wanted) {
      let id = known.get(path)
      if (id === undefined) {
        const taken = this.#numbers.take()
        if (!taken.ok) return taken
        id = taken.value
        fresh.push([id, account, path])
      }
      ids.set(path, id)
    }
    if (fresh.length > 0 || gone.length > 0) {
      const rows = [...this.#rows.filter(([id]) => !gone.includes(id)), ...fresh]
      const written = writeDurably(this.#path, JSON.stringify(rows))
      if (!written.ok) return written
      this.#rows = rows
    }
    return ok({ ids, gone })
  }
}
