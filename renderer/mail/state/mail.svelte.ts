import { createContext } from 'svelte'
import type {
  AccountId,
  Bridge,
  ListRow,
  MailboxRole,
  Unsubscribe,
  ViewQuery,
} from '../../../preload/contract/index.ts'
import { Appearance, ROW_HEIGHT } from './appearance.svelte.ts'
import { LiveList } from './list.svelte.ts'
import { OpenMessage } from './reader.svelte.ts'
import { Session } from './session.svelte.ts'

/** Panes in the order in which F6 visits them. */
export const PANE_ORDER = ['sidebar', 'list', 'reader'] as const
export type Pane = (typeof PANE_ORDER)[number]

/** Which dialog is open. */
export type Sheet =
  { readonly is: 'add' } | { readonly is: 'accounts'; readonly account: AccountId | null } | { readonly is: 'keys' }

/** The state of the mail window as a whole, and what its keys and buttons do. */
export class Mail {
  readonly session: Session
  readonly list: LiveList
  readonly message: OpenMessage
  readonly appearance = new Appearance()
  sheet = $state.raw<Sheet | null>(null)
  /** The pane in front where there is no room for all. */
  pane = $state<Pane>('list')
  /** Width of the window in px, kept by the frame. */
  width = $state(1280)
  /** ms, follows the clock by the minute so that dates shorten by themselves. */
  now = $state(Date.now())
  readonly rowHeight = $derived(ROW_HEIGHT[this.appearance.density])
  readonly layout = $derived<'three' | 'two' | 'one'>(this.width >= 900 ? 'three' : this.width >= 600 ? 'two' : 'one')

  constructor(bridge: Bridge) {
    this.session = new Session(bridge)
    this.list = new LiveList(bridge)
    this.message = new OpenMessage(bridge)
  }

  start(): Unsubscribe {
    const stops = [
      this.session.start(() => {
        if (this.list.query) void this.list.open(this.list.query)
      }),
      this.session.bridge.store.onView((change) => {
        this.list.change(change)
        this.message.change(change)
      }),
    ]
    const minute = setInterval(() => (this.now = Date.now()), 60_000)
    return () => {
      clearInterval(minute)
      for (const stop of stops) stop()
    }
  }

  /** Shows a folder or a unified view. */
  go(query: ViewQuery): void {
    this.pane = 'list'
    if (JSON.stringify(query) === JSON.stringify(this.list.query)) return
    this.message.close()
    void this.list.open(query)
  }

  /** Shows the folders of a role, if any account has one. */
  goRole(role: MailboxRole): boolean {
    if (!this.session.sidebar.mailboxes.some((mailbox) => mailbox.role === role)) return false
    this.go({ kind: 'role', role })
    return true
  }

  /** Puts the cursor on a row; opens it where the reader stands beside the list, or when told to. */
  select(index: number, open = this.layout === 'three'): void {
    const total = this.list.view?.total ?? 0
    if (total === 0) return
    const show = (row: ListRow) => {
      this.pane = 'reader'
      void this.message.open(row)
    }
    this.list.select(Math.max(0, Math.min(total - 1, index)), open ? show : undefined)
  }

  /** One message on (1, older) or back (-1, newer) from the cursor. */
  step(by: 1 | -1): void {
    const reading = this.layout === 'three' || (this.pane === 'reader' && this.message.row !== null)
    this.select(this.list.cursor < 0 ? 0 : this.list.cursor + by, reading)
  }

  /** Back from the message to the list. */
  back(): void {
    this.pane = 'list'
    if (this.layout !== 'three') this.message.close()
  }
}

export const [useMail, provideMail] = createContext<Mail>()
