import type { AppError } from './errors.ts'
import type { EngineForUi, ShellForUi, StoreForUi } from './doors.ts'
import type { MessageId } from './message.ts'
import type { Result } from './result.ts'
import type { Sidebar, ViewChange } from './view.ts'

/** A door's methods as its caller sees them: asynchronous, failing by value. */
export type Remote<Api> = {
  readonly [K in keyof Api]: Api[K] extends (...args: infer Args) => infer Value
    ? (...args: Args) => Promise<Result<Awaited<Value>, AppError>>
    : never
}

/** Stops a subscription. */
export type Unsubscribe = () => void

/** All that the mail window sees of the world: `window.ketchup`. */
export interface Bridge {
  readonly store: Remote<StoreForUi> & {
    onSidebar(listener: (sidebar: Sidebar) => void): Unsubscribe
    onView(listener: (change: ViewChange) => void): Unsubscribe
  }
  readonly engine: Remote<EngineForUi>
  readonly shell: Remote<ShellForUi>
  readonly octets: {
    /** Local URL of a part (or of the whole message for ''), served as an attachment, sandboxed, nosniff. */
    url(message: MessageId, part: string): string
  }
  /** Makes this window the owner of the store after another one had it (`DoorStates.store` is 'elsewhere'). */
  takeOverStore(): void
  /** The doors' health: an engine that is restarting, a store that moved to another window. */
  onDoors(listener: (doors: DoorStates) => void): Unsubscribe
}

export interface DoorStates {
  readonly engine: 'open' | 'closed'
  readonly shell: 'open' | 'closed'
  /** 'elsewhere': another window owns the store. */
  readonly store: 'open' | 'closed' | 'elsewhere' | 'failed'
}
