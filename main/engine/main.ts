import { join } from 'node:path'
import {
  ENGINE_FOR_UI,
  ok,
  type EngineForShell,
  type EngineForStore,
  type EngineForUi,
  type ShellForEngine,
  type StoreForEngine,
} from '../../preload/contract/index.ts'
import { openDoor, type Channel, type Door } from '../../preload/doors/rpc.ts'
import { takeLock } from '../ipc/lock.ts'
import { connectParent } from '../ipc/parent.ts'
import { Vault } from '../vault/vault.ts'
import { Engine } from './engine.ts'
import { stderrLog } from './log.ts'
import { octetsDoor } from './octets-door.ts'

/*
 * The engine's process: `main.ts PROFILE`, forked by a shell. It dies on what it does not understand (the supervisor
 * starts it again, and nothing is lost that was acknowledged) and when its shell is gone.
 */
const log = stderrLog()
const die = (what: string) => (error: unknown) => {
  log.error(what, { error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  process.exit(70)
}
process.on('uncaughtException', die('uncaught exception'))
process.on('unhandledRejection', die('unhandled rejection'))

const profile = process.argv[2]
if (!profile) throw new Error('The engine needs the folder of a profile.')
const parent = connectParent()
parent.onGone(() => process.exit(0))

// The engine of a shell that was killed may still be ending: the supervisor starts us again.
const lock = takeLock(join(profile, 'engine.lock'))
if (!lock) {
  log.warn('another engine still has the vault')
  process.exit(75)
}
const opened = Vault.open(profile)
if (!opened.ok) {
  log.error('the vault cannot be opened', {
    code: opened.error.code,
    server: opened.error.server,
    ...opened.error.params,
  })
  process.exit(opened.error.code === 'profile.newer' ? 78 : 74)
}
const vault = opened.value
const onBug = (error: unknown, method: string) =>
  log.error('bug', { method, error: error instanceof Error ? (error.stack ?? '') : String(error) })

const shell = openDoor<ShellForEngine, EngineForShell>(
  parent.shell,
  {
    ...octetsDoor(vault),
    shutdown: async () => {
      await engine.shutdown()
      lock.release()
      setImmediate(() => process.exit(0))
      return ok()
    },
  },
  { onBug },
)
const engine = new Engine(vault, shell.remote, log)
parent.onPort((role, channel) => (role === 'store' ? storeDoor(channel) : uiDoor(channel)))
// Ten minutes after the start and then daily: never beside the first sync.
setTimeout(() => engine.sweep(), 600_000).unref()
setInterval(() => engine.sweep(), 86_400_000).unref()
log.info('engine started', { pid: process.pid })

function storeDoor(channel: Channel): void {
  const door: Door<StoreForEngine> = openDoor<StoreForEngine, EngineForStore>(
    channel,
    {
      hello: async (hello) => ok(await engine.attach(door.remote, hello)),
      opened: (mailboxes) => {
        engine.opened(mailboxes)
        return ok()
      },
      want: (message, mailbox, uid) => engine.want(message, mailbox, uid),
    },
    { onBug },
  )
  void door.gone.then(() => engine.detach(door.remote))
}

function uiDoor(channel: Channel): void {
  openDoor<Record<never, never>, EngineForUi>(
    channel,
    {
      test: (settings, password) => engine.test(settings, password),
      add: (settings, password) => engine.add(settings, password),
      remove: (account) => engine.remove(account),
      password: (account, password) => engine.password(account, password),
      retry: (account) => engine.retry(account),
    },
    { checks: ENGINE_FOR_UI, onBug },
  )
}
