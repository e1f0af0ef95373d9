/**
 * `npm run headless -- --account account.json [--profile DIR] [--until idle] [--json] [--dump FILE]`: the whole application
 * without a window: adds the account, syncs, prints a summary.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import * as v from 'valibot'
import { errorText } from './error-text.ts'
import {
  AccountSettings,
  Password,
  ServerSettings,
  type AccountStatus,
  type Sidebar,
  type StoreStats,
} from '../../preload/contract/index.ts'
import { addAccount, bridge, startApplication, whenIdle, whenReady, type Application } from '../app/application.ts'
import { Peak } from '../app/peak.ts'

const HELP = `npm run headless -- [--account FILE] [--profile DIR] [--until idle|ready] [--json] [--dump FILE]

  --account FILE  {"email","imap":{"host","port","security":"tls|starttls","user","password"},"ca":"file.pem"};
                  added unless the profile has it already
  --profile DIR   the data folder; a temporary one that is removed afterwards when it is left out
  --until idle    wait until everything is synced (the default); ready: only until the store is open
  --dump FILE     write a canonical dump of all that the store holds
  --json          print the summary as JSON`

const Server = v.object({ ...ServerSettings.entries, password: Password })
const AccountFile = v.object({
  email: AccountSettings.entries.email,
  imap: Server,
  pop3: v.optional(Server),
  smtp: v.optional(Server),
  ca: v.optional(v.string()),
})

interface Summary {
  readonly accounts: readonly { email: string; state: string; error?: string }[]
  readonly folders: number
  readonly messages: number
  readonly bodies: number
  readonly problems: number
  readonly seconds: number
  /** Octets of mail in the vault. */
  readonly bytes: number
  /** Peak PSS in octets per room. */
  readonly peak: Readonly<Record<'shell' | 'engine' | 'browser', number>>
}

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

/** Reads and checks the account's file. */
function readAccount(path: string): { settings: AccountSettings; password: string } {
  let parsed: v.InferOutput<typeof AccountFile>
  try {
    parsed = v.parse(AccountFile, JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    const words = v.isValiError<typeof AccountFile>(error)
      ? error.issues.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`).join('; ')
      : String((error as Error).message)
    return fail(`${path} is no account: ${words}`)
  }
  const { password, ...imap } = parsed.imap
  const ca = parsed.ca === undefined ? undefined : resolve(dirname(path), parsed.ca)
  if (ca !== undefined && !existsSync(ca)) return fail(`${ca}: no such file`)
  return {
    settings: { email: parsed.email, name: '', imap, ...(ca === undefined ? {} : { ca: readFileSync(ca, 'utf8') }) },
    password,
  }
}

/** The sum of the sizes of all files below a folder. */
function octetsBelow(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files.reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0)
}

async function summarize(application: Application, sidebar: Sidebar, seconds: number, peak: Peak): Promise<Summary> {
  const stats = await bridge<StoreStats>(application.page, (ketchup) => ketchup.store.stats())
  const state = (id: number) => sidebar.statuses.find((status: AccountStatus) => status.account === id)?.state
  return {
    accounts: sidebar.accounts.map(({ id, settings }) => {
      const now = state(id)
      return {
        email: settings.email,
        state: now?.is ?? 'paused',
        ...(now && 'error' in now ? { error: errorText(now.error) } : {}),
      }
    }),
    folders: stats.mailboxes,
    messages: stats.messages,
    bodies: stats.bodies,
    problems: stats.problems,
    seconds,
    bytes: octetsBelow(join(application.profile, 'vault', 'mail')),
    peak: peak.octets,
  }
}

const { values } = parseArgs({
  options: {
    account: { type: 'string' },
    profile: { type: 'string' },
    until: { type: 'string', default: 'idle' },
    dump: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  process.stdout.write(`${HELP}\n`)
  process.exit(0)
}
if (values.until !== 'idle' && values.until !== 'ready') fail(`--until knows idle and ready, not "${values.until}".`)
const account = values.account === undefined ? undefined : readAccount(values.account)
const profile = values.profile ?? mkdtempSync(join(tmpdir(), 'ketchup-headless-'))
const application = await startApplication({ profile }).catch((error: unknown) =>
  fail(error instanceof Error ? error.message : String(error)),
)
const peak = new Peak(application)
let exitCode = 0
try {
  const start = performance.now()
  await whenReady(application.page)
  let sidebar = await bridge<Sidebar>(application.page, (ketchup) => ketchup.store.sidebar())
  if (
    account &&
    !sidebar.accounts.some(
      ({ settings }) =>
        settings.imap.user === account.settings.imap.user &&
        settings.imap.host === account.settings.imap.host &&
        settings.imap.port === account.settings.imap.port,
    )
  )
    await addAccount(application.page, account.settings, account.password)
  if (values.until === 'idle') sidebar = await whenIdle(application.page)
  const seconds = Math.round(performance.now() - start) / 1000
  if (values.dump !== undefined)
    writeFileSync(values.dump, await bridge<string>(application.page, (ketchup) => ketchup.store.dump()))
  const summary = await summarize(application, sidebar, seconds, peak)
  if (values.json) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`)
  else {
    for (const { email, state, error } of summary.accounts)
      process.stdout.write(`${email}: ${state}${error ? `: ${error}` : ''}\n`)
    const mb = (octets: number) => `${Math.round(octets / 1e6)} MB`
    process.stdout.write(
      `${summary.folders} folders, ${summary.messages} messages, ${summary.bodies} bodies, ${summary.problems} with problems, ${mb(summary.bytes)} of mail in ${summary.seconds} s\n` +
        `peak PSS: shell ${mb(summary.peak.shell)}, engine ${mb(summary.peak.engine)}, browser ${mb(summary.peak.browser)}\n`,
    )
  }
  if (summary.accounts.some(({ state }) => state === 'blocked')) exitCode = 1
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  exitCode = 1
} finally {
  peak.stop()
  await application.close()
  if (values.profile === undefined) rmSync(profile, { recursive: true, force: true })
}
process.exit(exitCode)
