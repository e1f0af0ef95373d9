/** A value or an error, as data: what every door carries, since thrown errors lose their code on the way. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E }

/** Wraps a good outcome. */
export function ok(): Result<void, never>
export function ok<T>(value: T): Result<T, never>
export function ok(value?: unknown): Result<unknown, never> {
  return { ok: true, value }
}

/** Wraps a failure. */
export function err<E>(error: E): Result<never, E> {
  return { ok: false, error }
}
