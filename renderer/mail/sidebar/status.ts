import type { AccountState, AppError } from '../../../preload/contract/index.ts'
import { m } from '../../i18n/paraglide/messages.js'
import { clock } from '../ui/dates.ts'
import { count } from '../ui/numbers.ts'

/** One line for the state of an account's sync, and how it is to be drawn. */
export interface StatusLine {
  readonly text: string
  readonly tone: 'good' | 'busy' | 'waiting' | 'blocked'
  /** 0-1 while something with a known end goes on. */
  readonly progress: number | null
}

export function statusLine(state: AccountState): StatusLine {
  switch (state.is) {
    case 'paused':
      return { text: m.state_paused(), tone: 'waiting', progress: null }
    case 'connecting':
      return { text: m.state_connecting(), tone: 'busy', progress: null }
    case 'syncing':
      return {
        text: m.state_syncing({ mailbox: state.mailbox, done: count(state.done), total: count(state.total) }),
        tone: 'busy',
        progress: state.total > 0 ? Math.min(1, state.done / state.total) : null,
      }
    case 'idle':
      return { text: m.state_idle({ time: clock(state.at) }), tone: 'good', progress: null }
    case 'waiting':
      return { text: waitingText(state.error, clock(state.until)), tone: 'waiting', progress: null }
    case 'blocked':
      return { text: blockedText(state.error), tone: 'blocked', progress: null }
  }
}

/** Offline is the word only where the network is the reason. */
function waitingText(error: AppError, time: string): string {
  if (error.code.startsWith('net.')) return m.state_waiting({ time })
  if (error.code === 'server.busy' || error.code === 'auth.rate-limited') return m.state_busy({ time })
  return m.state_failing({ time })
}

function blockedText(error: AppError): string {
  if (error.code.startsWith('auth.')) return m.state_blocked_auth()
  if (error.code.startsWith('cert.') || error.code.startsWith('tls.')) return m.state_blocked_cert()
  if (error.code === 'quota.exceeded') return m.state_blocked_quota()
  return m.state_blocked()
}
