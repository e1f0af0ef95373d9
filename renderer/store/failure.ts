import { appError, type AppError } from '../../preload/contract/index.ts'

/** What went wrong in the database, as a value: a full disk is waited for, anything else means damage. */
export function storeError(error: unknown): AppError {
  const names: string[] = []
  for (let at: unknown = error; at instanceof Object && names.length < 8;) {
    const { name, inner, cause } = at as { name?: unknown; inner?: unknown; cause?: unknown }
    if (typeof name === 'string') names.push(name)
    at = inner ?? cause
  }
  const full = names.includes('QuotaExceededError')
  const detail = error instanceof Error ? `${names.join(' < ')}: ${error.message}` : String(error)
  return appError(full ? 'disk.full' : 'store.damaged', { detail })
}
