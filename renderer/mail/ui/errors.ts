import type { AppError, ErrorCode } from '../../../preload/contract/index.ts'
import { m } from '../../i18n/paraglide/messages.js'

/** Catalogue key of a code: `auth.rate-limited` → `auth_rate_limited`. */
export function catalogueKey(code: ErrorCode): string {
  return code.replace(/[.-]/g, '_')
}

type Message = (params: Readonly<Record<string, string | number>>) => string

function message(key: string): Message {
  // the key is put together from a code, so its type is known only to the completeness test
  const found = (m as unknown as Readonly<Record<string, Message | undefined>>)[key]
  return found ?? (() => key)
}

/** Words for what an error does not say: a sentence must read well without them. */
function params(error: AppError): Record<string, string | number> {
  return {
    host: m.param_host(),
    port: m.param_port(),
    user: m.param_user(),
    mailbox: m.param_mailbox(),
    path: m.param_path(),
    ...error.params,
  }
}

/** Who said the words beside a code: a mail server, or this computer. */
function speaker(code: ErrorCode): 'server' | 'system' {
  return /^(auth|server|mailbox|message|quota)\./.test(code) ? 'server' : 'system'
}

/** What happened, as one sentence, with the server's own words when there are any. */
export function errorSentence(error: AppError): string {
  const raw = message(`error_${catalogueKey(error.code)}`)(params(error))
  // a server's name stays as it is, a word of ours in its place begins the sentence
  const ours = [m.param_host(), m.param_user()].some((word) => raw.startsWith(word))
  const sentence = ours ? raw.charAt(0).toLocaleUpperCase() + raw.slice(1) : raw
  if (error.server === '') return m.words_none({ sentence })
  const words = error.server.replace(/[.\s]+$/, '')
  return speaker(error.code) === 'server'
    ? m.words_of_server({ sentence, words })
    : m.words_of_system({ sentence, words })
}

/** What the person can do about it. */
export function errorRemedy(error: AppError): string {
  return message(`remedy_${catalogueKey(error.code)}`)(params(error))
}
