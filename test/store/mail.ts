import type {
  Account,
  Cursor,
  FlagChange,
  MailboxInfo,
  MessageBody,
  MessageRow,
  Placement,
  SyncBatch,
} from '../../preload/contract/index.ts'
import { encode } from '../../preload/doors/codec.ts'

/** A made-up account. */
export function account(id = 1): Account {
  const server = { host: 'mail.test', port: 993, security: 'tls' as const, user: `user${id}` }
  return { id, settings: { email: `user${id}@mail.test`, name: '', imap: server }, position: id }
}

/** A made-up folder; 10 is an inbox by default. */
export function mailbox(id: number, fields: Partial<MailboxInfo> = {}): MailboxInfo {
  const path = id === 10 ? 'INBOX' : `Folder ${id}`
  return {
    id,
    account: 1,
    path,
    name: path,
    parent: null,
    role: id === 10 ? 'inbox' : null,
    selectable: true,
    serverTotal: null,
    serverUnread: null,
    ...fields,
  }
}

/** A made-up row. Ids and dates run against each other, as in a sync that begins with the newest. */
export function row(id: number, fields: Partial<MessageRow> = {}): MessageRow {
  return {
    id,
    account: 1,
    thread: `t${id % 997}`,
    date: 1_700_000_000_000 - id * 60_000,
    from: { name: `Sender ${id % 500}`, email: `sender${id % 500}@example.org` },
    to: 'Alice, Bob',
    subject: `Subject of message ${id}`,
    preview: `Message ${id} begins with a sentence that is long enough to be cut off in a list, somewhere after here.`,
    size: 24_000,
    octets: 'whole',
    attachments: id % 5 === 0 ? 1 : 0,
    messageId: `m${id}@example.org`,
    problem: '',
    ...fields,
  }
}

/** A body whose text tells whose it is. */
export function body(id: number, length = 200): MessageBody {
  const line = `This is line number ${id} of the text of message ${id}, ${(id * 7919) % 10007} and ${id % 13}.\n`
  return {
    from: [row(id).from],
    sender: [],
    to: [{ name: 'Alice', email: 'alice@example.org' }],
    cc: [],
    bcc: [],
    replyTo: [],
    sent: 1_700_000_000_000 - id * 60_000,
    inReplyTo: '',
    references: [],
    text: line.repeat(Math.ceil(length / line.length)).slice(0, length),
    flowed: false,
    delsp: false,
    html: [],
    htmlText: '',
    attachments: [],
    warnings: [],
  }
}

/** Parts of a batch, all optional. */
export interface Parts {
  readonly reset?: boolean
  readonly rows?: readonly MessageRow[]
  /** Ids of rows that come with a body, and how long it is; all of octets 'whole' by default. */
  readonly bodies?: ReadonlyMap<number, number>
  readonly placements?: readonly Placement[]
  readonly flags?: readonly FlagChange[]
  readonly gone?: readonly number[]
  readonly cursor?: Partial<Cursor>
  readonly serverTotal?: number
  readonly serverUnread?: number
}

/** A placement of a message; unread without flags. */
export function place(mailboxId: number, uid: number, message: number, flags = 0): Placement {
  return { mailbox: mailboxId, uid, message, date: row(message).date, flags, keywords: [] }
}

/** Makes the batches of a folder, with the revisions of its cursor in sequence. */
export class BatchMaker {
  readonly mailbox: number
  revision = 0

  constructor(mailboxId: number) {
    this.mailbox = mailboxId
  }

  next(parts: Parts): SyncBatch {
    const rows = parts.rows ?? []
    const bodies = parts.bodies ?? new Map(rows.filter(({ octets }) => octets === 'whole').map(({ id }) => [id, 200]))
    const blocks = [...bodies].map(([id, length]) => encode(body(id, length)))
    const offsets = [0]
    for (const block of blocks) offsets.push((offsets.at(-1) ?? 0) + block.length)
    const bytes = new Uint8Array(offsets.at(-1) ?? 0)
    for (const [i, block] of blocks.entries()) bytes.set(block, offsets[i])
    return {
      account: 1,
      mailbox: this.mailbox,
      reset: parts.reset ?? false,
      rows,
      placements: parts.placements ?? [],
      bodies: { messages: [...bodies.keys()], offsets, bytes },
      flags: parts.flags ?? [],
      gone: parts.gone ?? [],
      cursor: {
        mailbox: this.mailbox,
        revision: ++this.revision,
        uidValidity: 1,
        synced: [],
        modseq: '',
        missing: [],
        held: 0,
        complete: false,
        ...parts.cursor,
      },
      serverTotal: parts.serverTotal ?? null,
      serverUnread: parts.serverUnread ?? null,
    }
  }

  /** Messages `from` … `to - 1`, newest first: message n gets UID `top - n`; odd ones are read. */
  messages(from: number, to: number, top: number, length = (id: number) => 100 + (id % 7) * 20): SyncBatch {
    const ids = Array.from({ length: to - from }, (_, i) => from + i)
    return this.next({
      rows: ids.map((id) => row(id)),
      bodies: new Map(ids.map((id) => [id, length(id)])),
      placements: ids.map((id) => place(this.mailbox, top - id, id, id % 2)),
      cursor: { synced: [[top - to + 1, top]], complete: to === top },
    })
  }
}
