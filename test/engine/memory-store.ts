import {
  appError,
  err,
  flagNames,
  ok,
  type Account,
  type AccountStatus,
  type Cursor,
  type FlagChange,
  type MailboxId,
  type MailboxInfo,
  type MessageBody,
  type MessageId,
  type MessageRow,
  type Placement,
  type StoreForEngine,
  type StoreHello,
  type SyncBatch,
} from '../../preload/contract/index.ts'
import { decode } from '../../preload/doors/codec.ts'
import type { Handlers } from '../../preload/doors/rpc.ts'

/** What a store holds, in memory, by the rules of the contract: the engine's counterpart in its own tests. */
export class MemoryStore {
  readonly cursors = new Map<MailboxId, Cursor>()
  readonly folders = new Map<MailboxId, MailboxInfo>()
  readonly rows = new Map<MessageId, MessageRow>()
  readonly bodies = new Map<MessageId, MessageBody>()
  /** By mailbox, by UID. */
  readonly placements = new Map<MailboxId, Map<number, Placement>>()
  readonly statuses: AccountStatus[] = []
  accounts: readonly Account[] = []
  batches = 0
  #listeners = new Set<() => void>()
  /** Asked before a batch is applied; an error refuses it. */
  beforeApply: (batch: SyncBatch) => Promise<ReturnType<typeof appError> | null> = () => Promise.resolve(null)

  hello(): StoreHello {
    return { generation: 'memory', lastMessage: Math.max(0, ...this.rows.keys()), cursors: [...this.cursors.values()] }
  }

  /** Settles when `test` holds, tried after every change. */
  until(test: (store: MemoryStore) => boolean, what = 'the store'): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#listeners.delete(look)
        reject(
          new Error(
            `${what} did not come; last status: ${JSON.stringify(this.statuses.at(-1))}\n${this.dump().slice(0, 2000)}`,
          ),
        )
      }, 60_000)
      const look = () => {
        if (!test(this)) return
        this.#listeners.delete(look)
        clearTimeout(timer)
        resolve()
      }
      this.#listeners.add(look)
      look()
    })
  }

  idle(): Promise<void> {
    return this.until((store) => store.statuses.at(-1)?.state.is === 'idle', 'idle')
  }

  readonly handlers: Handlers<StoreForEngine> = {
    accounts: (accounts) => {
      this.accounts = accounts
      return this.#changed()
    },
    mailboxes: (_account, mailboxes) => {
      const ids = new Set(mailboxes.map(({ id }) => id))
      for (const id of this.folders.keys()) if (!ids.has(id)) this.#drop(id)
      for (const mailbox of mailboxes) this.folders.set(mailbox.id, mailbox)
      return this.#changed()
    },
    apply: async (batch) => {
      const refused = await this.beforeApply(batch)
      if (refused) return err(refused)
      const known = this.cursors.get(batch.mailbox)?.revision ?? 0
      if (batch.cursor.revision !== known && batch.cursor.revision !== known + 1)
        return err(appError('input.invalid', { params: { revision: batch.cursor.revision, known } }))
      this.#apply(batch)
      this.batches++
      return this.#changed()
    },
    held: (mailbox) => ok(Uint32Array.from([...(this.placements.get(mailbox)?.keys() ?? [])].sort((a, b) => a - b))),
    status: (status) => {
      this.statuses.push(status)
      return this.#changed()
    },
  }

  /** Mails of a folder by path, by UID. */
  mails(path: string): { uid: number; row: MessageRow; placement: Placement; body: MessageBody | undefined }[] {
    const folder = [...this.folders.values()].find((candidate) => candidate.path === path)
    const placements = [...((folder && this.placements.get(folder.id)?.values()) ?? [])].sort((a, b) => a.uid - b.uid)
    return placements.map((placement) => ({
      uid: placement.uid,
      placement,
      row: this.rows.get(placement.message) as MessageRow,
      body: this.bodies.get(placement.message),
    }))
  }

  dump(): string {
    return [...this.folders.values()]
      .sort((a, b) => (a.path < b.path ? -1 : 1))
      .flatMap(({ id, path }) => {
        const { synced, complete, missing, held } = this.cursors.get(id) ?? {}
        return [
          `${path} ${JSON.stringify({ synced, complete, missing, held })}`,
          ...this.mails(path).map(
            ({ uid, row, placement, body }) =>
              `  ${uid} ${flagNames({ bits: placement.flags, keywords: placement.keywords }).join(' ')} ${row.subject} ${row.octets} ${body?.text.length}`,
          ),
        ]
      })
      .join('\n')
  }

  #apply({ mailbox, reset, rows, placements, bodies, flags, gone, cursor }: SyncBatch): void {
    if (reset) this.placements.delete(mailbox)
    const held = this.placements.get(mailbox) ?? new Map<number, Placement>()
    this.placements.set(mailbox, held)
    for (const row of rows) this.rows.set(row.id, row)
    for (const placement of placements) held.set(placement.uid, placement)
    bodies.messages.forEach((message, index) =>
      this.bodies.set(
        message,
        decode(bodies.bytes.subarray(bodies.offsets[index], bodies.offsets[index + 1])) as MessageBody,
      ),
    )
    for (const { uid, flags: bits, keywords } of flags satisfies readonly FlagChange[]) {
      const placement = held.get(uid)
      if (placement) held.set(uid, { ...placement, flags: bits, keywords })
    }
    for (const uid of gone) held.delete(uid)
    this.cursors.set(mailbox, cursor)
    if (held.size !== cursor.held) throw new Error(`The cursor says ${cursor.held} held, there are ${held.size}.`)
  }

  #drop(id: MailboxId): void {
    this.folders.delete(id)
    this.placements.delete(id)
    this.cursors.delete(id)
  }

  #changed() {
    for (const listener of this.#listeners) queueMicrotask(listener)
    return ok()
  }
}
