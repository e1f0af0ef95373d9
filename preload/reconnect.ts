import { appError, err, type Remote } from './contract/index.ts'
import type { Door } from './doors/rpc.ts'

/** Waits before a closed door is opened again, in ms: doubling from the first to the last. */
export const RETRY = { first: 250, last: 5000 } as const

/** A door that is opened again whenever it closes. */
export interface KeptDoor<Api> {
  /** Calls the door that is open now; without one they answer `door.closed` at once. */
  readonly remote: Remote<Api>
  readonly state: 'open' | 'closed'
  /** Settles when the first attempt has opened or failed. */
  readonly first: Promise<void>
  /** Try now instead of at the end of a wait. */
  now(): void
  /** For good. */
  close(): void
}

/** Keeps a door open. `open` makes one attempt; `changed` is told when the state has changed. */
export function keepOpen<Api>(
  open: () => { readonly door: Door<Api>; readonly opened: Promise<void> },
  changed: () => void,
): KeptDoor<Api> {
  const first = Promise.withResolvers<void>()
  let door: Door<Api> | undefined
  let state: 'open' | 'closed' = 'closed'
  let wait: number = RETRY.first
  let timer: ReturnType<typeof setTimeout> | undefined
  let over = false

  const set = (next: 'open' | 'closed') => {
    if (state === next) return
    state = next
    changed()
  }
  const attempt = () => {
    timer = undefined
    const { door: tried, opened } = open()
    door = tried
    void opened.then(() => {
      if (tried.closed) return
      wait = RETRY.first
      set('open')
      first.resolve()
    })
    void tried.gone.then(() => {
      door = undefined
      set('closed')
      first.resolve()
      if (over) return
      timer = setTimeout(attempt, wait)
      wait = Math.min(wait * 2, RETRY.last)
    })
  }
  attempt()

  return {
    remote: new Proxy({} as Remote<Api>, {
      get: (_target, method) => {
        if (typeof method !== 'string' || method === 'then') return undefined
        return (...args: unknown[]) => {
          const call = door?.remote[method as keyof Api] as ((...values: unknown[]) => unknown) | undefined
          return call ? call(...args) : Promise.resolve(err(appError('door.closed')))
        }
      },
    }),
    get state() {
      return state
    },
    first: first.promise,
    now() {
      if (timer === undefined) return
      clearTimeout(timer)
      attempt()
    },
    close() {
      over = true
      clearTimeout(timer)
      timer = undefined
      door?.close()
    },
  }
}
