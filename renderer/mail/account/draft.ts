import type { AccountSettings, Security } from '../../../preload/contract/index.ts'

/** What stands in the fields of the account form. */
export interface Draft {
  email: string
  name: string
  password: string
  host: string
  port: string
  security: Security
  user: string
  /** PEM text, '' for none. */
  ca: string
}

export type Fault = 'required' | 'email' | 'host' | 'port'
export type Faults = Readonly<Partial<Record<keyof Draft, Fault>>>

/** What is missing or cannot be right, by field. The door checks again. */
export function check(draft: Draft): Faults {
  const faults: Partial<Record<keyof Draft, Fault>> = {}
  for (const field of ['email', 'password', 'host', 'port', 'user'] as const) {
    if (draft[field].trim() === '') faults[field] = 'required'
  }
  if (!faults.email && !/^[^\s@]+@[^\s@]+$/.test(draft.email.trim())) faults.email = 'email'
  if (!faults.host && !/^[^\s/@]{1,253}$/.test(draft.host.trim())) faults.host = 'host'
  const port = Number(draft.port.trim())
  if (!faults.port && !(Number.isInteger(port) && port >= 1 && port <= 65535)) faults.port = 'port'
  return faults
}

/** The settings that a draft without faults stands for. The password goes beside them. */
export function settingsOf(draft: Draft): AccountSettings {
  return {
    email: draft.email.trim(),
    name: draft.name.trim(),
    imap: {
      host: draft.host.trim(),
      port: Number(draft.port.trim()),
      security: draft.security,
      user: draft.user.trim(),
    },
    ...(draft.ca === '' ? {} : { ca: draft.ca }),
  }
}

/** Largest file of certificates that the door lets through. */
export const CA_LIMIT = 262_144

/** The certificates of a PEM file and nothing else of it (no key may travel with them); '' when there is none. */
export function certificatesOf(text: string): string {
  const found = text.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? []
  const pem = found.join('\n')
  return pem.length > CA_LIMIT ? '' : pem
}
