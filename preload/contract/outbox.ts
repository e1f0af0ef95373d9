import type { AccountId } from './account.ts'
import type { AppError } from './errors.ts'
import type { Address } from './message.ts'

/** DESIGN §2 "Send": `unknown` is a connection lost after the final dot; it is never blindly repeated. */
export type OutboxState = 'queued' | 'sending' | 'sent' | 'failed' | 'unknown'

/** A mail on its way out: bytes and Message-ID are fixed before the first attempt. */
export interface OutboxEntry {
  readonly id: string
  readonly account: AccountId
  readonly state: OutboxState
  readonly messageId: string
  readonly from: Address
  readonly recipients: readonly string[]
  readonly subject: string
  readonly size: number
  readonly queuedAt: number
  readonly attempts: number
  /** ms; null when no further attempt is planned. */
  readonly nextAttempt: number | null
  readonly error: AppError | null
}
