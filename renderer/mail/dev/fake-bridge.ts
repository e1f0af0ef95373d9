import {
  appError,
  err,
  FLAG,
  ok,
  type Account,
  type AccountState,
  type AppError,
  type Bridge,
  type DoorStates,
  type ListRow,
  type Mailbox,
  type MailboxRole,
  type Result,
  type Sidebar,
  type ViewChange,
  type ViewQuery,
} from '../../../preload/contract/index.ts'
import { fakeMail, type FakeMail } from './mails.ts'

/** What a scene of the test world is made of. */
export interface Scene {
  accounts: number
  /** Mails in the first inbox. */
  mails: number
  states: readonly AccountState[]
  doors: DoorStates
  /** Answers of the account form: an error, or null for success. */
  test: AppError | null
  /** How `want` ends: never, or with an error. */
  want: AppError | 'never'
  /** Answers of the list: 'never' leaves the skeleton. */
  open: AppError | 'never' | null
  /** Windows of the list never come: placeholders. */
  windows: 'never' | null
  secrets: 'file' | 'keychain'
  complete: boolean
  known: boolean
}

const now = () => Date.now()
const OPEN: DoorStates = { engine: 'open', shell: 'open', store: 'open' }
const OFFLINE = appError('net.unreachable', { params: { host: 'imap.crepes.example', port: 993 } })

const FULL: Scene = {
  accounts: 3,
  mails: 2000,
  states: [
    { is: 'idle', at: now() - 60_000 },
    { is: 'syncing', mailbox: 'Archive', done: 3214, total: 10_000 },
    { is: 'idle', at: now() - 120_000 },
  ],
  doors: OPEN,
  test: null,
  want: 'never',
  open: null,
  windows: null,
  secrets: 'file',
  complete: true,
  known: true,
}

const waiting: AccountState = { is: 'waiting', until: now() + 240_000, error: OFFLINE }
const blocked: AccountState = {
  is: 'blocked',
  error: appError('auth.failed', {
    server: 'Authentication failed.',
    params: { host: 'imap.crepes.example', user: 'alice@crepes.example' },
  }),
}

const SCENES: Readonly<Record<string, Partial<Scene>>> = {
  full: {},
  one: { accounts: 1, states: [{ is: 'idle', at: now() }] },
  welcome: { accounts: 0, mails: 0 },
  'welcome-keychain': { accounts: 0, mails: 0, secrets: 'keychain' },
  starting: { known: false },
  offline: { states: [waiting, waiting, waiting], want: OFFLINE },
  blocked: { states: [blocked, { is: 'idle', at: now() }, { is: 'connecting' }] },
  'engine-closed': { doors: { ...OPEN, engine: 'closed' } },
  elsewhere: { doors: { ...OPEN, store: 'elsewhere' } },
  'store-failed': { doors: { ...OPEN, store: 'failed' } },
  empty: { mails: 0 },
  'empty-syncing': { mails: 0, complete: false, states: [{ is: 'connecting' }, { is: 'paused' }, { is: 'paused' }] },
  'empty-offline': { mails: 0, complete: false, states: [waiting, waiting, waiting], want: OFFLINE },
  'list-loading': { open: 'never' },
  'list-error': { open: appError('store.damaged') },
  placeholders: { windows: 'never' },
}

/** A scene by name; unknown names are an error of the test. */
export function scenario(name: string): Scene {
  const found = SCENES[name]
  if (!found) throw new Error(`No scene ${name}`)
  return { ...FULL, ...found }
}

const EMAILS = ['alice@crepes.example', 'alice@home.example', 'alice.martin@a-rather-long-organisation.example']
const FOLDERS: readonly (readonly [string, MailboxRole | null, number | null])[] = [
  ['INBOX', 'inbox', null],
  ['Archive', 'archive', null],
  ['Drafts', 'drafts', null],
  ['Sent', 'sent', null],
  ['Junk', 'junk', null],
  ['Trash', 'trash', null],
  ['Suppliers', null, null],
  ['2026', null, 6],
  ['Northmill and Sons, buckwheat and other grain', null, 6],
  ['家族', null, null],
]

interface Placed {
  mailbox: number
  uid: number
  mail: FakeMail
}

/** A whole world in memory behind a bridge. Tests reach it as `window.world`. */
export class FakeWorld {
  readonly scene: Scene
  readonly bridge: Bridge
  /** Links that were opened, and calls of the engine, in order. */
  readonly opened: string[] = []
  readonly calls: string[] = []
  #accounts: Account[]
  #mailboxes: Mailbox[] = []
  #states: AccountState[]
  #placed: Placed[] = []
  #sidebarListeners = new Set<(sidebar: Sidebar) => void>()
  #viewListeners = new Set<(change: ViewChange) => void>()
  #doorListeners = new Set<(doors: DoorStates) => void>()
  #doors: DoorStates
  #views = new Map<number, { query: ViewQuery; version: number }>()
  #nextView = 1
  #nextId = 1

  constructor(scene: Scene) {
    this.scene = scene
    this.#doors = scene.doors
    this.#states = [...scene.states]
    this.#accounts = EMAILS.slice(0, scene.accounts).map((email, index) => account(index + 1, email))
    for (const one of this.#accounts) this.#addFolders(one.id)
    for (let index = 0; index < scene.mails; index++) {
      const owner = this.#accounts[index % 7 === 3 ? 1 : 0] ?? this.#accounts[0]
      if (!owner) break
      const folder = index % 13 === 12 ? 1 : 0
      this.#placed.push({
        mailbox: (owner.id - 1) * 10 + folder + 1,
        uid: 100_000 - index,
        mail: fakeMail(this.#nextId++, index, owner.id, now()),
      })
    }
    this.bridge = this.#makeBridge()
  }

  #addFolders(owner: number): void {
    FOLDERS.forEach(([name, role, parent], index) => {
      this.#mailboxes.push({
        id: (owner - 1) * 10 + index + 1,
        account: owner,
        path: name,
        name,
        parent: parent === null ? null : (owner - 1) * 10 + parent + 1,
        role,
        selectable: name !== 'Suppliers' || owner !== 2,
        serverTotal: null,
        serverUnread: null,
        total: 0,
        unread: 0,
        complete: this.scene.complete,
      })
    })
  }

  #rows(query: ViewQuery): ListRow[] {
    const inView = new Set(
      this.#mailboxes
        .filter((mailbox) => (query.kind === 'role' ? mailbox.role === query.role : mailbox.id === query.mailbox))
        .map(({ id }) => id),
    )
    return this.#placed
      .filter(({ mailbox }) => inView.has(mailbox))
      .map(({ mailbox, uid, mail }) => ({ ...mail.row, mailbox, uid }))
      .sort((a, b) => b.date - a.date || b.uid - a.uid)
  }

  sidebar(): Sidebar {
    return {
      accounts: this.#accounts,
      mailboxes: this.#mailboxes.map((mailbox) => {
        const rows = this.#placed.filter((placed) => placed.mailbox === mailbox.id)
        const unread = rows.filter(({ mail }) => (mail.row.flags & FLAG.seen) === 0).length
        return { ...mailbox, total: rows.length, unread }
      }),
      statuses: this.#accounts.map(({ id }, index) => ({
        account: id,
        state: this.#states[index] ?? { is: 'paused' },
        failing: index === 0 ? 2 : 0,
      })),
      known: this.scene.known,
      engine: this.#doors.engine === 'open',
    }
  }

  #tellSidebar(): void {
    for (const listener of this.#sidebarListeners) listener(this.sidebar())
  }

  /** New mail at the top of the first inbox. */
  arrive(count: number): void {
    for (let index = 0; index < count; index++) {
      const mail = fakeMail(this.#nextId++, index, 1, now())
      this.#placed.unshift({
        mailbox: 1,
        uid: 100_001 + this.#nextId,
        mail: { ...mail, row: { ...mail.row, date: now() + index, flags: 0, subject: `Arrived ${index + 1}` } },
      })
    }
    this.#changed([{ at: 0, by: count }], [])
  }

  /** The row at an index of All inboxes is expunged elsewhere. */
  expunge(at: number): void {
    const row = this.#rows({ kind: 'role', role: 'inbox' })[at]
    this.#placed = this.#placed.filter((placed) => placed.mail.row.id !== row?.id)
    this.#changed([{ at, by: -1 }], row ? [row.id] : [])
  }

  /** The octets of what was missing come in. */
  deliver(): void {
    const updated: number[] = []
    for (const { mail } of this.#placed) {
      if (mail.row.octets === 'whole') continue
      mail.row = { ...mail.row, octets: 'whole', problem: '' }
      updated.push(mail.row.id)
    }
    this.#changed([], updated)
  }

  setDoors(doors: DoorStates): void {
    this.#doors = doors
    for (const listener of this.#doorListeners) listener(doors)
    this.#tellSidebar()
  }

  #changed(moves: ViewChange['moves'], updated: readonly number[]): void {
    for (const [view, state] of this.#views) {
      state.version++
      const rows = this.#rows(state.query)
      for (const listener of this.#viewListeners) {
        listener({ view, version: state.version, ...counts(rows), moves, updated })
      }
    }
    this.#tellSidebar()
  }

  #makeBridge(): Bridge {
    const never = () => new Promise<never>(() => undefined)
    const later = async <T>(value: T): Promise<Result<T, AppError>> => ok(value)
    const { scene } = this
    const find = (id: number) => this.#placed.find(({ mail }) => mail.row.id === id)
    return {
      store: {
        sidebar: () => later(this.sidebar()),
        open: async (query) => {
          if (scene.open === 'never') return never()
          if (scene.open) return err(scene.open)
          const view = this.#nextView++
          this.#views.set(view, { query, version: 1 })
          return ok({ view, version: 1, ...counts(this.#rows(query)) })
        },
        window: async (view, from, count) => {
          if (scene.windows === 'never') return never()
          const state = this.#views.get(view)
          if (!state) return err(appError('input.invalid'))
          return ok({ view, version: state.version, from, rows: this.#rows(state.query).slice(from, from + count) })
        },
        close: async (view) => {
          this.#views.delete(view)
          return ok()
        },
        position: async (view, mailbox, uid) => {
          const state = this.#views.get(view)
          const rows = state ? this.#rows(state.query) : []
          return ok(rows.findIndex((row) => row.mailbox === mailbox && row.uid === uid))
        },
        read: async (id) => {
          const placed = find(id)
          if (!placed) return ok(null)
          const { mail, mailbox, uid } = placed
          const { row } = mail
          return ok({
            row,
            placements: [{ mailbox, uid, message: id, date: row.date, flags: row.flags, keywords: [] }],
            body: row.octets === 'none' ? null : mail.body,
          })
        },
        want: async (id) => {
          this.calls.push(`want ${id}`)
          const problem = find(id)?.mail.row.problem ?? ''
          if (problem !== '') return err(appError('message.unavailable', { server: problem }))
          return scene.want === 'never' ? never() : err(scene.want)
        },
        dump: () => later(''),
        stats: () => later({ mailboxes: 0, messages: 0, bodies: 0, placements: 0, problems: 0 }),
        onSidebar: (listener) => subscribe(this.#sidebarListeners, listener),
        onView: (listener) => subscribe(this.#viewListeners, listener),
      },
      engine: {
        test: async (settings) => {
          this.calls.push(`test ${settings.imap.host}:${settings.imap.port} ${settings.imap.security}`)
          const error = this.#testError(settings.imap.host)
          if (error) return err(error)
          return ok({
            host: settings.imap.host,
            port: settings.imap.port,
            tls: {
              version: 'TLSv1.3',
              cipher: 'TLS_AES_256_GCM_SHA384',
              issuer: "Let's Encrypt E7",
              validTo: now() + 60 * 86_400_000,
            },
            capabilities: ['IMAP4rev1'],
            mailboxes: 12,
            took: 340,
          })
        },
        add: async (settings) => {
          this.calls.push(`add ${settings.email}`)
          const error = this.#testError(settings.imap.host)
          if (error) return err(error)
          const id = this.#accounts.length + 1
          this.#accounts = [...this.#accounts, { ...account(id, settings.email), settings }]
          this.#addFolders(id)
          this.#tellSidebar()
          return ok(id)
        },
        remove: async (id) => {
          this.calls.push(`remove ${id}`)
          this.#accounts = this.#accounts.filter((one) => one.id !== id)
          this.#mailboxes = this.#mailboxes.filter((mailbox) => mailbox.account !== id)
          this.#changed(null, [])
          return ok()
        },
        password: async (id) => {
          this.calls.push(`password ${id}`)
          this.#states[id - 1] = { is: 'connecting' }
          this.#tellSidebar()
          return ok()
        },
        retry: async (id) => {
          this.calls.push(`retry ${id}`)
          this.#states[id - 1] = { is: 'connecting' }
          this.#tellSidebar()
          return ok()
        },
      },
      shell: {
        info: () => later({ shell: 'browser', version: '0.1.0', platform: 'linux', secrets: scene.secrets }),
        openExternal: async (url) => {
          this.opened.push(url)
          return ok()
        },
      },
      octets: { url: (message, part) => `/octets/${message}/${part}` },
      takeOverStore: () => this.setDoors(OPEN),
      onDoors: (listener) => {
        const stop = subscribe(this.#doorListeners, listener)
        listener(this.#doors)
        return stop
      },
    }
  }

  /** A host named `fails-<code>.example` fails with that code. */
  #testError(host: string): AppError | null {
    const code = /^fails-(.+)\.example$/.exec(host)?.[1]
    if (code === undefined) return this.scene.test
    const server = code === 'auth.failed' ? 'Authentication failed.' : ''
    return appError(code as AppError['code'], { server, params: { host, port: 993, user: 'alice@crepes.example' } })
  }
}

function account(id: number, email: string): Account {
  const host = `imap.${email.split('@')[1] ?? ''}`
  return {
    id,
    position: id,
    settings: { email, name: 'Alice Martin', imap: { host, port: 993, security: 'tls', user: email } },
  }
}

function counts(rows: readonly ListRow[]): { total: number; unread: number } {
  return { total: rows.length, unread: rows.filter(({ flags }) => (flags & FLAG.seen) === 0).length }
}

function subscribe<Event>(listeners: Set<(event: Event) => void>, listener: (event: Event) => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
