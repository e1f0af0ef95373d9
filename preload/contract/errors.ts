/**
 * Every way in which something can fail, by code. The sentence and the remedy for each stand in the message
 * catalogue (`renderer/i18n/messages`, keys `error_<code with _>` and `remedy_<code with _>`); the server's own
 * words travel beside the code, untranslated.
 */
export const ERROR_CODES = [
  // doors
  'door.closed', // the other side has gone; every waiting call settles with this
  'door.bad-argument', // a value did not pass the check at the door
  'door.unknown-method',
  'internal', // a bug of ours: detail says which
  // network
  'net.dns', // no such host
  'net.refused', // nothing listens at that port
  'net.unreachable', // no route, or the machine is offline
  'net.timeout', // no answer within the deadline
  'net.closed', // the server hung up
  'net.protocol', // the answer is not IMAP (wrong port, or not a mail server)
  // TLS
  'tls.required', // STARTTLS is not offered, or refused: we never go on in clear
  'tls.injected', // bytes or a PREAUTH came before TLS: tampering
  'tls.handshake', // no TLS at this port, or no common version
  'cert.expired',
  'cert.not-yet-valid',
  'cert.wrong-host',
  'cert.untrusted', // self-signed, or an issuer we do not know
  'cert.weak',
  'cert.revoked',
  // sign-in
  'auth.failed',
  'auth.unsupported', // no mechanism in common
  'auth.missing', // no password is stored
  'auth.rate-limited',
  // server
  'server.no', // the server refused a command
  'server.bad', // the server did not understand a command
  'server.bye',
  'server.busy', // throttled, or too many connections: try later
  'mailbox.missing',
  'message.truncated', // fewer octets than announced
  'message.unavailable', // the server cannot give this message
  'message.gone', // it no longer exists
  'quota.exceeded',
  // local
  'disk.full',
  'disk.error',
  'profile.in-use',
  'profile.newer', // written by a later version of Ketchup
  'port.taken',
  'store.damaged',
  'octets.missing', // not downloaded yet, and the account is offline
  'secrets.unavailable',
  'account.exists',
  'account.unknown',
  'input.invalid',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

/** A failure as a value. */
export interface AppError {
  readonly code: ErrorCode
  /** The server's (or the system's) own words, as they came, at most 500 characters; '' when it said nothing. */
  readonly server: string
  /** What the sentence needs: host, port, user, path, mailbox … never a secret. */
  readonly params: Readonly<Record<string, string | number>>
  /** For developers: where it came from. Never shown as the main text, never a secret. */
  readonly detail?: string
}

/** Builds an AppError; bounds and cleans the server's words. */
export function appError(
  code: ErrorCode,
  fields: { server?: string; params?: AppError['params']; detail?: string } = {},
): AppError {
  // a server must not draw on our screen with control characters
  const server = (fields.server ?? '')
    .replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .trim()
    .slice(0, 500)
  return {
    code,
    server,
    params: fields.params ?? {},
    ...(fields.detail === undefined ? {} : { detail: fields.detail.slice(0, 2000) }),
  }
}
