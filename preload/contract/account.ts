import * as v from 'valibot'
import type { AppError } from './errors.ts'

/** Given by the engine, never reused. */
export type AccountId = number

const line = (max: number) =>
  v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(max), v.regex(/^[^\u0000-\u001f\u007f]*$/))

/** How a connection is made safe: TLS from the first byte, or STARTTLS which must succeed (RFC 8314 §3). Never in clear. */
export const Security = v.picklist(['tls', 'starttls'])
export type Security = v.InferOutput<typeof Security>

/** One server of an account, without its secret. */
export const ServerSettings = v.object({
  host: v.pipe(line(253), v.regex(/^[^\s/@]+$/)),
  port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535)),
  security: Security,
  user: line(320),
})
export type ServerSettings = v.InferOutput<typeof ServerSettings>

/** What a person enters to add an account; the password goes beside it, never in it. */
export const AccountSettings = v.object({
  email: v.pipe(line(320), v.regex(/^[^\s@]+@[^\s@]+$/)),
  /** The sender's name for outgoing mail; may be empty. */
  name: v.pipe(v.string(), v.maxLength(200), v.regex(/^[^\u0000-\u001f\u007f]*$/)),
  imap: ServerSettings,
  smtp: v.optional(ServerSettings),
  /** Extra certificate authorities this account trusts, as PEM; empty for the system's own. */
  ca: v.optional(v.pipe(v.string(), v.maxLength(262_144))),
})
export type AccountSettings = v.InferOutput<typeof AccountSettings>

export const Password = v.pipe(v.string(), v.minLength(1), v.maxLength(4096))

/** An account as the store and the window know it: no secret is in it. */
export interface Account {
  readonly id: AccountId
  readonly settings: AccountSettings
  /** Order in the sidebar. */
  readonly position: number
}

/** What "Test connection" found. */
export interface ConnectionReport {
  readonly host: string
  readonly port: number
  readonly tls: { readonly version: string; readonly cipher: string; readonly issuer: string; readonly validTo: number }
  readonly capabilities: readonly string[]
  /** Folders the account has. */
  readonly mailboxes: number
  /** Milliseconds from the first byte to signed in. */
  readonly took: number
}

/** Where the sync of one account stands. */
export type AccountState =
  | { readonly is: 'paused' } // no store is connected, or the account was just added
  | { readonly is: 'connecting' }
  | { readonly is: 'syncing'; readonly mailbox: string; readonly done: number; readonly total: number }
  | { readonly is: 'idle'; readonly at: number } // up to date since (ms)
  | { readonly is: 'waiting'; readonly until: number; readonly error: AppError } // offline or failing: tries again at (ms)
  | { readonly is: 'blocked'; readonly error: AppError } // needs the user: sign-in, certificate, quota

export interface AccountStatus {
  readonly account: AccountId
  readonly state: AccountState
  /** Messages that a server could not give, still being tried. */
  readonly failing: number
}
