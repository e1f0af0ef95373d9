import { join } from 'node:path'
import * as v from 'valibot'
import {
  AccountSettings,
  appError,
  err,
  ok,
  type Account,
  type AccountId,
  type AppError,
  type Result,
} from '../../preload/contract/index.ts'
import { readIfThere, writeDurably } from './files.ts'

const number = v.pipe(v.number(), v.integer(), v.minValue(0))
const AccountsFile = v.object({
  accounts: v.array(v.object({ id: number, position: number, settings: AccountSettings })),
})

/** The accounts, without their secrets: `accounts.json`, written durably at every change. */
export class Accounts {
  readonly #path: string
  #accounts: readonly Account[]

  private constructor(path: string, accounts: readonly Account[]) {
    this.#path = path
    this.#accounts = accounts
  }

  static open(folder: string): Result<Accounts, AppError> {
    const path = join(folder, 'accounts.json')
    const read = readIfThere(path)
    if (!read.ok) return read
    if (read.value === null) return ok(new Accounts(path, []))
    try {
      const { accounts } = v.parse(AccountsFile, JSON.parse(read.value.toString('utf8')))
      return ok(new Accounts(path, accounts as readonly Account[]))
    } catch (error) {
      // Written durably, so this is no crash of ours: say so and touch nothing.
      return err(
        appError('disk.error', {
          server: error instanceof Error ? error.message : '',
          params: { path, reason: 'damaged' },
        }),
      )
    }
  }

  list(): readonly Account[] {
    return this.#accounts
  }

  find(id: AccountId): Account | undefined {
    return this.#accounts.find((account) => account.id === id)
  }

  put(account: Account): Result<void, AppError> {
    const others = this.#accounts.filter(({ id }) => id !== account.id)
    return this.#save([...others, account].sort((a, b) => a.position - b.position || a.id - b.id))
  }

  remove(id: AccountId): Result<void, AppError> {
    return this.#save(this.#accounts.filter((account) => account.id !== id))
  }

  #save(accounts: readonly Account[]): Result<void, AppError> {
    const written = writeDurably(this.#path, JSON.stringify({ accounts }, null, 2) + '\n')
    if (written.ok) this.#accounts = accounts
    return written
  }
}
