import { appError, type AppError, type ErrorCode } from '../../../preload/contract/index.ts'

/** Node's, OpenSSL's and imapflow's codes, by what they mean to a person. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOTFOUND: 'net.dns',
  EAI_AGAIN: 'net.dns',
  EAI_FAIL: 'net.dns',
  ECONNREFUSED: 'net.refused',
  EHOSTUNREACH: 'net.unreachable',
  ENETUNREACH: 'net.unreachable',
  ENETDOWN: 'net.unreachable',
  EADDRNOTAVAIL: 'net.unreachable',
  ETIMEDOUT: 'net.timeout',
  ETIMEOUT: 'net.timeout',
  CONNECT_TIMEOUT: 'net.timeout',
  GREETING_TIMEOUT: 'net.timeout',
  UPGRADE_TIMEOUT: 'net.timeout',
  ECONNRESET: 'net.closed',
  EPIPE: 'net.closed',
  NoConnection: 'net.closed',
  EConnectionClosed: 'net.closed',
  ClosedAfterConnectText: 'net.closed',
  ClosedAfterConnectTLS: 'net.closed',
  StateLogout: 'net.closed',
  STARTTLS_INJECTION: 'tls.injected',
  CERT_HAS_EXPIRED: 'cert.expired',
  CERT_NOT_YET_VALID: 'cert.not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'cert.wrong-host',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'cert.untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'cert.untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'cert.untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'cert.untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'cert.untrusted',
  CERT_SIGNATURE_FAILURE: 'cert.untrusted',
  CERT_UNTRUSTED: 'cert.untrusted',
  CERT_REJECTED: 'cert.untrusted',
  INVALID_CA: 'cert.untrusted',
  INVALID_PURPOSE: 'cert.untrusted',
  CERT_CHAIN_TOO_LONG: 'cert.untrusted',
  CERT_REVOKED: 'cert.revoked',
  CA_MD_TOO_WEAK: 'cert.weak',
  EE_KEY_TOO_SMALL: 'cert.weak',
  CA_KEY_TOO_SMALL: 'cert.weak',
  EPROTO: 'tls.handshake',
  MissingTag: 'net.protocol',
  InvalidResponse: 'net.protocol',
  UnexpectedTag: 'net.protocol',
  ResponseProcessingFailed: 'net.protocol',
  LineTooLarge: 'net.protocol',
  LiteralTooLarge: 'net.protocol',
  ResponseTooLarge: 'net.protocol',
  TooManyTokens: 'net.protocol',
  TooManyResponses: 'net.protocol',
  MAX_IMAP_NESTING_REACHED: 'net.protocol',
}

/** RFC 5530 response codes, and what providers answer instead of them. */
const RESPONSE_CODES: Readonly<Record<string, ErrorCode>> = {
  AUTHENTICATIONFAILED: 'auth.failed',
  AUTHORIZATIONFAILED: 'auth.failed',
  EXPIRED: 'auth.failed',
  PRIVACYREQUIRED: 'tls.required',
  UNAVAILABLE: 'server.busy',
  INUSE: 'server.busy',
  LIMIT: 'server.busy',
  OVERQUOTA: 'quota.exceeded',
  NONEXISTENT: 'mailbox.missing',
}

/** What imapflow adds to the errors it throws. */
interface ImapFlowFailure extends Error {
  code?: string
  responseStatus?: string
  responseText?: string
  serverResponseCode?: string
  authenticationFailed?: boolean
  tlsFailed?: boolean
  byeReason?: string
  reason?: string
}

/** Turns what a connection threw into a value with the server's own words. */
export function imapError(thrown: unknown, params: AppError['params']): AppError {
  if (!(thrown instanceof Error)) return appError('internal', { params, detail: String(thrown) })
  const error = thrown as ImapFlowFailure
  const server = error.responseText ?? error.byeReason ?? error.reason ?? ''
  const make = (code: ErrorCode, words = server) =>
    appError(code, { params, server: words, detail: `${error.code ?? ''} ${error.message}` })

  const answered = RESPONSE_CODES[(error.serverResponseCode ?? '').toUpperCase()]
  if (error.authenticationFailed)
    return make(answered === 'server.busy' ? 'auth.rate-limited' : (answered ?? 'auth.failed'))
  const code = error.code ?? ''
  const known = CODES[code]
  if (known?.startsWith('cert.')) return make(known, error.message)
  // OpenSSL's own policy (security level 2) has no code of its own in Node.
  if (code === 'UNSPECIFIED')
    return make(/too (weak|small)/.test(error.message) ? 'cert.weak' : 'cert.untrusted', error.message)
  if (known === 'tls.injected') return make(known)
  // The person's own certificate file, not the server.
  if (/^ERR_OSSL_(PEM|ASN1)/.test(code)) return make('input.invalid', error.message)
  if (error.tlsFailed) return make(known ?? (/PREAUTH/.test(error.message) ? 'tls.injected' : tlsCode(error)))
  if (answered) return make(answered)
  if (error.responseStatus === 'NO') return make('server.no')
  if (error.responseStatus === 'BAD') return make('server.bad')
  if (known === 'net.closed' && error.byeReason) return make('server.bye')
  if (known) return make(known, server || systemWords(error))
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) return make('tls.handshake', error.message)
  if (code.startsWith('ParserError')) return make('net.protocol', error.message)
  if (/unsupported authentication|no supported auth/i.test(error.message))
    return make('auth.unsupported', error.message)
  return make('internal', error.message)
}

function tlsCode(error: ImapFlowFailure): ErrorCode {
  return error.code?.startsWith('ERR_SSL') || error.code?.startsWith('ERR_TLS') ? 'tls.handshake' : 'tls.required'
}

/** The system's words are worth showing where no server spoke; imapflow's own are not. */
function systemWords(error: ImapFlowFailure): string {
  return /^(E[A-Z_]+|[A-Z_]+)$/.test(error.code ?? '') && 'syscall' in error ? error.message : ''
}
