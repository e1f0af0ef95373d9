import { statfsSync } from 'node:fs'
import { join } from 'node:path'
import { appError, err, ok, type AppError, type MailboxId, type Result } from '../../preload/contract/index.ts'
import { Accounts } from './accounts.ts'
import { Bindings } from './bindings.ts'
import { diskError, makeFolder, readIfThere, writeDurably } from './files.ts'
import { MailboxIds } from './mailboxes.ts'
import { Numbers } from './numbers.ts'
import { OctetStore } from './octets.ts'
import { sweepOctets } from './sweep.ts'

/** Layout of the vault's folder; raised when an older Ketchup could no longer read it. */
const VERSION = 1

/**
 * Octets that stay free on the disk. Chromium throws an IndexedDB away that it cannot write: a disk that we fill to its
 * end would cost the store, and with it all that can be read offline.
 */
const RESERVE = 64_000_000

/**
 * The vault: plain files that the store can be rebuilt from.
 *
 *     vault/version               layout
 *     vault/accounts.json         accounts without secrets
 *     vault/mailboxes.json        ids of folders
 *     vault/*.next                numbers given so far
 *     vault/bindings/<id>.log     message ↔ UID ↔ octets, per mailbox
 *     vault/unnamed.json          since when octets are named by nothing
 *     vault/mail/ab/<sha256>.eml  octets
 */
export class Vault {
  readonly accounts: Accounts
  readonly mailboxes: MailboxIds
  readonly octets: OctetStore
  readonly messageNumbers: Numbers
  readonly accountNumbers: Numbers
  readonly #folder: string
  readonly #bindingsFolder: string
  readonly #bindings = new Map<MailboxId, Bindings>()

  private constructor(
    folder: string,
    parts: Pick<Vault, 'accounts' | 'mailboxes' | 'messageNumbers' | 'accountNumbers'>,
  ) {
    this.accounts = parts.accounts
    this.mailboxes = parts.mailboxes
    this.messageNumbers = parts.messageNumbers
    this.accountNumbers = parts.accountNumbers
    this.#folder = folder
    this.octets = new OctetStore(join(folder, 'mail'))
    this.#bindingsFolder = join(folder, 'bindings')
  }

  /** Opens or makes the vault below a profile's folder. `profile.newer` when a later Ketchup wrote it. */
  static open(profile: string): Result<Vault, AppError> {
    const folder = join(profile, 'vault')
    for (const path of [folder, join(folder, 'mail'), join(folder, 'bindings')]) {
      const made = makeFolder(path)
      if (!made.ok) return made
    }
    const versioned = checkVersion(join(folder, 'version'))
    if (!versioned.ok) return versioned
    const accounts = Accounts.open(folder)
    if (!accounts.ok) return accounts
    const mailboxNumbers = Numbers.open(folder, 'mailbox')
    if (!mailboxNumbers.ok) return mailboxNumbers
    const mailboxes = MailboxIds.open(folder, mailboxNumbers.value)
    if (!mailboxes.ok) return mailboxes
    const messageNumbers = Numbers.open(folder, 'message')
    if (!messageNumbers.ok) return messageNumbers
    const accountNumbers = Numbers.open(folder, 'account')
    if (!accountNumbers.ok) return accountNumbers
    return ok(
      new Vault(folder, {
        accounts: accounts.value,
        mailboxes: mailboxes.value,
        messageNumbers: messageNumbers.value,
        accountNumbers: accountNumbers.value,
      }),
    )
  }

  bindings(mailbox: MailboxId): Bindings {
    let bindings = this.#bindings.get(mailbox)
    if (!bindings) this.#bindings.set(mailbox, (bindings = new Bindings(this.#bindingsFolder, mailbox)))
    return bindings
  }

  /** Whether more mail may be kept; `disk.full` when no more is left than the store needs to live. */
  room(): Result<void, AppError> {
    try {
      const { bavail, bsize } = statfsSync(this.#folder)
      const free = bavail * bsize
      if (free >= RESERVE) return ok()
      const server = `${Math.floor(free / 1e6)} MB are left`
      return err(appError('disk.full', { server, params: { path: this.#folder } }))
    } catch (error) {
      return err(diskError(error, this.#folder))
    }
  }

  /** Removes octets that no binding has named for 30 days. */
  sweep(now = Date.now()): Result<number, AppError> {
    const named = new Set<string>()
    for (const account of this.accounts.list()) {
      for (const { id } of this.mailboxes.of(account.id)) {
        // Read aside: a sweep must not keep every mailbox's bindings in memory.
        const all = (this.#bindings.get(id) ?? new Bindings(this.#bindingsFolder, id)).all()
        if (!all.ok) return all
        for (const { sha256 } of all.value) named.add(sha256)
      }
    }
    return sweepOctets(this.#folder, (sha) => named.has(sha), now)
  }

  /** Forgets folders that are gone; their octets stay until nothing names them (swept later). */
  dropBindings(mailboxes: readonly MailboxId[]): void {
    for (const mailbox of mailboxes) {
      this.bindings(mailbox).drop()
      this.#bindings.delete(mailbox)
    }
  }
}

function checkVersion(path: string): Result<void, AppError> {
  const read = readIfThere(path)
  if (!read.ok) return read
  if (read.value === null) return writeDurably(path, String(VERSION))
  const found = Number(read.value.toString('latin1'))
  if (found <= VERSION) return ok()
  return err(appError('profile.newer', { params: { found, known: VERSION } }))
}
