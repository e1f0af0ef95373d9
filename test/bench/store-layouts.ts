import type { Page } from 'playwright-core'

/** How rows, placements and bodies of 10,000 messages are laid out in raw IndexedDB, 100 messages a transaction. */
export interface Layout {
  readonly name: string
  /** Messages per value, of rows and of placements. */
  readonly rows: number
  readonly placements: number
  readonly indexes: boolean
  /** Octets of a body pack; 0: one value per body; -1: no bodies. */
  readonly pack: number
  /** Batches per transaction. */
  readonly together: number
}

const PAGES = { rows: 32, placements: 256, indexes: false, pack: 262_144, together: 1 }

/** Those that decided the schema (renderer/store/schema.ts). The first is the usual one. */
export const LAYOUTS: readonly Layout[] = [
  {
    name: 'a value per row, placement and body, two indexes',
    rows: 1,
    placements: 1,
    indexes: true,
    pack: 0,
    together: 1,
  },
  { name: 'a value per row and placement, two indexes, packs', ...PAGES, rows: 1, placements: 1, indexes: true },
  { name: 'a value per row and placement, packs', ...PAGES, rows: 1, placements: 1 },
  { name: 'pages of rows, a value per placement, packs', ...PAGES, placements: 1 },
  { name: 'pages', ...PAGES },
  { name: 'pages, packs of 48 KB', ...PAGES, pack: 49_152 },
  { name: 'pages, packs of 100 KB', ...PAGES, pack: 102_400 },
  { name: 'pages, packs of 1 MB', ...PAGES, pack: 1_048_576 },
  { name: 'pages, a value per body', ...PAGES, pack: 0 },
  { name: 'pages, four batches a transaction', ...PAGES, together: 4 },
  { name: 'pages, no bodies', ...PAGES, pack: -1 },
]

/** Milliseconds for 10,000 messages in one layout. */
export function runLayout(page: Page, layout: Layout): Promise<number> {
  return page.evaluate(async (layout) => {
    const name = crypto.randomUUID()
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name)
      request.onupgradeneeded = () => {
        request.result.createObjectStore('rows', { keyPath: 'id' })
        const placements = request.result.createObjectStore('placements', { keyPath: ['mailbox', 'uid'] })
        if (layout.indexes) {
          placements.createIndex('order', ['mailbox', 'date', 'uid'])
          placements.createIndex('message', 'message')
        }
        request.result.createObjectStore('bodies', { keyPath: 'id' })
      }
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error ?? new Error('not opened'))
    })
    const source = new Uint8Array(1 << 17)
    for (let i = 0; i < source.length; i++) source[i] = 32 + ((i * 7919 + (i >> 7)) % 90)
    const row = (id: number) => ({
      id,
      account: 1,
      thread: `t${id}`,
      date: 1.7e12 - id * 1000,
      from: { name: `Sender ${id % 500}`, email: `s${id % 500}@example.org` },
      to: 'Alice, Bob',
      subject: `Subject of message ${id}`,
      preview: 'x'.repeat(120),
      size: 24_000,
      octets: 'whole',
      attachments: 1,
      messageId: `m${id}@example.org`,
      problem: '',
    })
    const from = performance.now()
    for (let batch = 0; batch < 100; batch += layout.together) {
      const transaction = db.transaction(['rows', 'placements', 'bodies'], 'readwrite')
      const done = new Promise((resolve, reject) => {
        transaction.oncomplete = resolve
        transaction.onabort = () => reject(transaction.error ?? new Error('aborted'))
      })
      const [rows, placements, bodies] = ['rows', 'placements', 'bodies'].map((table) => transaction.objectStore(table))
      const ids = Array.from({ length: 100 * layout.together }, (_, i) => batch * 100 + i)
      for (let i = 0; i < ids.length; i += layout.rows) {
        const some = ids.slice(i, i + layout.rows).map(row)
        if (layout.rows === 1) rows!.put(some[0])
        else rows!.put({ id: ids[i], rows: new TextEncoder().encode(JSON.stringify(some)) })
      }
      for (let i = 0; i < ids.length; i += layout.placements) {
        const uid = 10_000 - ids[i]!
        const some = ids.slice(i, i + layout.placements)
        if (layout.placements === 1) {
          placements!.put({ mailbox: 1, uid, message: ids[i], date: 1.7e12 - ids[i]!, flags: 1, keywords: [] })
        } else
          placements!.put({ mailbox: 1, uid, uids: Uint32Array.from(some), rest: new Float64Array(some.length * 3) })
      }
      let first = 0
      let size = 0
      const flush = () => {
        if (size > 0) bodies!.put({ id: first, bytes: source.slice(first % 1000, (first % 1000) + size) })
        size = 0
      }
      for (const id of layout.pack < 0 ? [] : ids) {
        const length = 2000 + ((id * 7919) % 9000)
        if (size + length > layout.pack) flush()
        if (size === 0) first = id
        size += length
      }
      flush()
      await done
    }
    const took = performance.now() - from
    db.close()
    await new Promise((resolve) => (indexedDB.deleteDatabase(name).onsuccess = resolve))
    return took
  }, layout)
}
