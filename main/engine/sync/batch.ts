import type {
  AccountId,
  BodyBlock,
  Cursor,
  FlagChange,
  MailboxId,
  MessageId,
  MessageRow,
  Placement,
  SyncBatch,
} from '../../../preload/contract/index.ts'
import { encode } from '../../../preload/doors/codec.ts'
import type { Prepared } from './rows.ts'

const ROWS = 200
const OCTETS = 1024 * 1024

/** Collects what becomes one batch. */
export class BatchBuilder {
  readonly #account: AccountId
  readonly #mailbox: MailboxId
  #rows: MessageRow[] = []
  #placements: Placement[] = []
  #flags: FlagChange[] = []
  #gone: number[] = []
  #bodies: { message: MessageId; bytes: Uint8Array }[] = []
  #octets = 0
  #reset = false
  serverTotal: number | null = null
  serverUnread: number | null = null

  constructor(account: AccountId, mailbox: MailboxId) {
    this.#account = account
    this.#mailbox = mailbox
  }

  get full(): boolean {
    return this.#placements.length + this.#flags.length >= ROWS || this.#octets >= OCTETS
  }

  get empty(): boolean {
    return this.#placements.length + this.#flags.length + this.#gone.length === 0 && !this.#reset
  }

  /** Every placement of the mailbox goes first: its UIDVALIDITY changed. */
  reset(): void {
    this.#reset = true
  }

  add({ row, body }: Prepared, placement: Omit<Placement, 'mailbox' | 'message' | 'date'>): void {
    this.#rows.push(row)
    this.#placements.push({ ...placement, mailbox: this.#mailbox, message: row.id, date: row.date })
    if (!body) return
    const bytes = encode(body)
    this.#bodies.push({ message: row.id, bytes })
    this.#octets += bytes.length
  }

  flag(change: FlagChange): void {
    this.#flags.push(change)
  }

  gone(uids: readonly number[]): void {
    this.#gone.push(...uids)
  }

  /** Takes out what was collected, under the cursor that is true once it is applied. */
  take(cursor: Cursor): SyncBatch {
    const batch: SyncBatch = {
      account: this.#account,
      mailbox: this.#mailbox,
      reset: this.#reset,
      rows: this.#rows,
      placements: this.#placements,
      bodies: pack(this.#bodies),
      flags: this.#flags,
      gone: this.#gone,
      cursor,
      serverTotal: this.serverTotal,
      serverUnread: this.serverUnread,
    }
    this.#rows = []
    this.#placements = []
    this.#flags = []
    this.#gone = []
    this.#bodies = []
    this.#octets = 0
    this.#reset = false
    return batch
  }
}

function pack(bodies: readonly { message: MessageId; bytes: Uint8Array }[]): BodyBlock {
  const offsets = [0]
  for (const { bytes } of bodies) offsets.push((offsets.at(-1) as number) + bytes.length)
  const all = new Uint8Array(offsets.at(-1) as number)
  bodies.forEach(({ bytes }, index) => all.set(bytes, offsets[index]))
  return { messages: bodies.map(({ message }) => message), offsets, bytes: all }
}
