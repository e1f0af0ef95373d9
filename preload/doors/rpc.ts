import * as v from 'valibot'
import { appError, err, ok, type AppError, type Remote, type Result } from '../contract/index.ts'
import { decode, encode } from './codec.ts'

/** A way for bytes, in order, both ways: a MessagePort, a WebSocket, a fork's IPC. */
export interface Channel {
  send(bytes: Uint8Array<ArrayBuffer>): void
  /** Set once by the door. */
  onMessage: ((bytes: Uint8Array) => void) | null
  /** Called once, when nothing will come any more. */
  onClose: (() => void) | null
  close(): void
}

/** What a room offers at a door: the same methods, answering by value or by Result, now or later. */
export type Handlers<Api> = {
  readonly [K in keyof Api]: Api[K] extends (...args: infer Args) => infer Value
    ? (...args: Args) => Promise<Result<Value, AppError>> | Result<Value, AppError>
    : never
}

/** Per method the check of its arguments; given where the caller is trusted less than we are. */
export type Checks<Api> = { readonly [K in keyof Api]: v.GenericSchema<unknown, unknown> }

/** One end of a door. */
export interface Door<Api> {
  readonly remote: Remote<Api>
  readonly closed: boolean
  /** Settles when the door is closed, by whichever side. */
  readonly gone: Promise<void>
  close(): void
}

const CALL = 0
const ANSWER = 1

interface Waiting {
  readonly settle: (result: Result<never, AppError>) => void
}

/**
 * Opens one end of a door over a channel: offers `local`, calls `remote`. A call that the other side cannot answer any
 * more settles at once with `door.closed`; a handler that throws answers `internal`, and `onBug` is told.
 */
export function openDoor<RemoteApi, LocalApi>(
  channel: Channel,
  local: Handlers<LocalApi>,
  options: { checks?: Checks<LocalApi>; onBug?: (error: unknown, method: string) => void } = {},
): Door<RemoteApi> {
  const waiting = new Map<number, Waiting>()
  const handlers = new Map<string, (...args: unknown[]) => unknown>(Object.entries(local))
  const checks = new Map<string, v.GenericSchema<unknown, unknown>>(Object.entries(options.checks ?? {}))
  let next = 1
  let closed = false
  const gone = Promise.withResolvers<void>()

  const shut = () => {
    if (closed) return
    closed = true
    for (const { settle } of waiting.values()) settle(err(appError('door.closed')))
    waiting.clear()
    gone.resolve()
  }

  const call = (method: string, args: unknown[]) =>
    new Promise<Result<never, AppError>>((settle) => {
      if (closed) return settle(err(appError('door.closed')))
      const id = next++
      waiting.set(id, { settle })
      channel.send(encode([CALL, id, method, args]))
    })

  const run = async (method: string, args: unknown[]): Promise<Result<unknown, AppError>> => {
    const handler = handlers.get(method)
    if (!handler) return err(appError('door.unknown-method', { params: { method } }))
    const check = checks.get(method)
    if (options.checks) {
      const checked = check ? v.safeParse(check, args) : undefined
      if (!checked?.success) {
        // Paths of the issues only: the values may hold a password.
        const where = checked?.issues.map((issue) => v.getDotPath(issue) ?? '').join(', ') ?? ''
        return err(appError('door.bad-argument', { params: { method, where } }))
      }
      args = checked.output as unknown[]
    }
    try {
      return (await handler(...args)) as Result<unknown, AppError>
    } catch (error) {
      options.onBug?.(error, method)
      return err(
        appError('internal', {
          params: { method },
          detail: error instanceof Error ? (error.stack ?? '') : String(error),
        }),
      )
    }
  }

  channel.onMessage = (bytes) => {
    let message: unknown
    try {
      message = decode(bytes)
    } catch (error) {
      options.onBug?.(error, 'decode')
      channel.close()
      return shut()
    }
    if (!Array.isArray(message)) return
    const [kind, id, third, fourth] = message as [number, number, unknown, unknown]
    if (kind === ANSWER) {
      waiting.get(id)?.settle(third as Result<never, AppError>)
      waiting.delete(id)
    } else if (kind === CALL) {
      void run(String(third), Array.isArray(fourth) ? fourth : []).then((result) => {
        if (!closed) channel.send(encode([ANSWER, id, result]))
      })
    }
  }
  channel.onClose = shut

  const remote = new Proxy({} as Remote<RemoteApi>, {
    get: (_target, method) =>
      // A door must not look like a promise: `await door.remote` would call a method named "then".
      typeof method === 'string' && method !== 'then' ? (...args: unknown[]) => call(method, args) : undefined,
  })
  return {
    remote,
    get closed() {
      return closed
    },
    gone: gone.promise,
    close() {
      channel.close()
      shut()
    },
  }
}

/** Answers `ok` for a handler with nothing to say. */
export const done: Result<void, never> = ok()
