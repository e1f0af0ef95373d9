import type { Security } from '../../../preload/contract/index.ts'

/** The server that most likely keeps the mail of an address: a first suggestion, always editable. '' without a domain. */
export function guessHost(email: string): string {
  const domain = /@([^\s@]+\.[^\s@.]+)$/.exec(email.trim())?.[1]?.toLowerCase()
  return domain === undefined ? '' : `imap.${domain}`
}

/** RFC 8314 §3.3: 993 for TLS from the first byte; RFC 3501: 143, where STARTTLS is spoken. */
export function usualPort(security: Security): number {
  return security === 'tls' ? 993 : 143
}
