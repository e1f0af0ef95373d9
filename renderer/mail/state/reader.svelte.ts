import type { AppError, Bridge, ListRow, MessageDetail, ViewChange } from '../../../preload/contract/index.ts'

/** The message that is open: its row at once, its body when the store has given it. */
export class OpenMessage {
  readonly #bridge: Bridge
  row = $state.raw<ListRow | null>(null)
  detail = $state.raw<MessageDetail | null>(null)
  /** The store has no such message any more. */
  gone = $state(false)
  /** Reading failed, or fetching what is not here. */
  error = $state.raw<AppError | null>(null)
  /** Octets were asked for and have not come. */
  fetching = $state(false)
  #turn = 0

  constructor(bridge: Bridge) {
    this.#bridge = bridge
  }

  async open(row: ListRow): Promise<void> {
    const same = this.row?.id === row.id
    this.row = row
    if (same && this.detail) return
    this.detail = null
    this.gone = false
    this.error = null
    this.fetching = false
    await this.#read(true)
  }

  close(): void {
    this.#turn++
    this.row = null
    this.detail = null
    this.error = null
    this.gone = false
    this.fetching = false
  }

  /** Asks for the octets again after a failure. */
  async tryAgain(): Promise<void> {
    this.error = null
    await this.#read(true)
  }

  /** Reads the open message again when a change touched it. */
  change(change: ViewChange): void {
    if (!this.row) return
    const removed = change.moves === null || change.moves.some(({ by }) => by < 0)
    if (removed || this.fetching || change.updated.includes(this.row.id)) void this.#read(false)
  }

  async #read(want: boolean): Promise<void> {
    const turn = ++this.#turn
    const id = this.row?.id
    if (id === undefined) return
    const result = await this.#bridge.store.read(id)
    if (turn !== this.#turn) return
    if (!result.ok) {
      this.error = result.error
      return
    }
    if (result.value === null) {
      this.gone = true
      return
    }
    this.detail = result.value
    if (result.value.row.octets === 'whole') {
      this.fetching = false
      this.error = null
    } else if (want) await this.#fetch(id)
  }

  async #fetch(id: number): Promise<void> {
    this.fetching = true
    const asked = await this.#bridge.store.want(id)
    if (this.row?.id !== id) return
    if (asked.ok) {
      await this.#read(false)
      return
    }
    this.fetching = false
    this.error = asked.error
  }
}
