import { chmodSync, existsSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { appError, err, ok, type AppError, type Result, type ShellForEngine } from '../../preload/contract/index.ts'
import { done, type Handlers } from '../../preload/doors/rpc.ts'
import { errno } from './failure.ts'
import { writePrivately } from './files.ts'

/** What the start says about it. */
export const SECRETS_WORD =
  'Passwords are kept in secrets.json of the profile: a plain file that only your user can read, not a keychain.'

const SecretsFile = v.pipe(
  // valibot takes an array for a record of its indices
  v.custom<object>((value) => !Array.isArray(value)),
  v.record(v.string(), v.string()),
)

/**
 * The Secrets door of the browser shell, over `secrets.json` (0600). It is written whole and atomically. A file that
 * is not ours to understand is set aside, never overwritten; until it is gone nothing was lost, and accounts ask for
 * their password.
 */
export function fileSecrets(profile: string, say: (sentence: string) => void): Handlers<ShellForEngine> {
  const path = join(profile, 'secrets.json')

  const unavailable = (error: unknown) =>
    err(
      appError('secrets.unavailable', {
        server: error instanceof Error ? error.message : String(error),
        params: { path },
      }),
    )

  const setAside = () => {
    let aside = `${path}.damaged`
    for (let n = 2; existsSync(aside); n++) aside = `${path}.damaged-${n}`
    renameSync(path, aside)
    say(`${path} is damaged and was set aside as ${aside}; accounts will ask for their passwords.`)
  }

  const read = (): Result<Map<string, string>, AppError> => {
    let text: string
    try {
      text = readFileSync(path, 'utf8')
      chmodSync(path, 0o600) // a copy from a backup may be open to others
    } catch (error) {
      return errno(error) === 'ENOENT' ? ok(new Map<string, string>()) : unavailable(error)
    }
    try {
      return ok(new Map(Object.entries(v.parse(SecretsFile, JSON.parse(text)))))
    } catch (damage) {
      try {
        setAside()
      } catch (error) {
        return unavailable(error)
      }
      // What the damage was may quote what is in the file: only its kind leaves.
      return unavailable(damage instanceof SyntaxError ? 'not JSON' : 'not a list of secrets')
    }
  }

  const change = (edit: (secrets: Map<string, string>) => void): Result<void, AppError> => {
    const secrets = read()
    if (!secrets.ok) return secrets
    edit(secrets.value)
    try {
      writePrivately(path, `${JSON.stringify(Object.fromEntries(secrets.value), null, 1)}\n`)
      return done
    } catch (error) {
      return unavailable(error)
    }
  }

  return {
    secret(ref) {
      const secrets = read()
      return secrets.ok ? ok(secrets.value.get(ref) ?? null) : secrets
    },
    setSecret: (ref, value) => change((secrets) => secrets.set(ref, value)),
    dropSecret: (ref) => change((secrets) => secrets.delete(ref)),
  }
}
