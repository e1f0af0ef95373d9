import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ok,
  type AccountSettings,
  type EngineForStore,
  type ShellForEngine,
  type StoreForEngine,
} from '../../preload/contract/index.ts'
import { channelPair } from '../../preload/doors/channels.ts'
import { openDoor, type Door } from '../../preload/doors/rpc.ts'
import { Engine } from '../../main/engine/engine.ts'
import type { Log } from '../../main/engine/log.ts'
import { Vault } from '../../main/vault/vault.ts'
import type { AccountFile } from '../lab/account.ts'
import type { MemoryStore } from './memory-store.ts'

/** The engine with a vault of its own, a store in memory and a shell that keeps secrets in a map. */
export interface Rig {
  readonly engine: Engine
  readonly vault: Vault
  readonly profile: string
  readonly secrets: Map<string, string>
  /** Lines the engine logged. */
  readonly logged: string[]
  /** Connects a store; an earlier one is closed. */
  attach(store: MemoryStore): Promise<Door<EngineForStore>>
  /** Ends it as a crash would, keeping the profile for a later one. */
  stop(): Promise<void>
  close(): Promise<void>
}

/** Starts one; `profile` and `secrets` of an earlier one make a restart of it. */
export function startRig(earlier?: Pick<Rig, 'profile' | 'secrets'>): Rig {
  const profile = earlier?.profile ?? mkdtempSync(join(tmpdir(), 'ketchup-engine-'))
  const secrets = earlier?.secrets ?? new Map<string, string>()
  const opened = Vault.open(profile)
  if (!opened.ok) throw new Error(opened.error.code)
  const logged: string[] = []
  const line = (message: string, fields?: object) => void logged.push(`${message} ${JSON.stringify(fields ?? {})}`)
  const log: Log = { info: line, warn: line, error: line }
  const [a, b] = channelPair()
  openDoor<Record<never, never>, ShellForEngine>(a, {
    secret: (ref) => ok(secrets.get(ref) ?? null),
    setSecret: (ref, value) => {
      secrets.set(ref, value)
      return ok()
    },
    dropSecret: (ref) => {
      secrets.delete(ref)
      return ok()
    },
  })
  const engine = new Engine(opened.value, openDoor<ShellForEngine, Record<never, never>>(b, {}).remote, log)
  let current: Door<EngineForStore> | undefined
  const stop = async () => {
    current?.close()
    await engine.shutdown()
  }
  return {
    engine,
    vault: opened.value,
    profile,
    secrets,
    logged,
    async attach(store) {
      current?.close()
      const [near, far] = channelPair()
      const door: Door<StoreForEngine> = openDoor<StoreForEngine, EngineForStore>(far, {
        hello: async (hello) => ok(await engine.attach(door.remote, hello)),
        opened: (mailboxes) => {
          engine.opened(mailboxes)
          return ok()
        },
        want: (message, mailbox, uid) => engine.want(message, mailbox, uid),
      })
      void door.gone.then(() => engine.detach(door.remote))
      current = openDoor<EngineForStore, StoreForEngine>(near, store.handlers, {
        onBug: (error) =>
          store.statuses.push({ account: 0, failing: 0, state: { is: 'paused' }, bug: String(error) } as never),
      })
      const hello = await current.remote.hello(store.hello())
      if (hello.ok) store.accounts = hello.value.accounts
      return current
    },
    stop,
    async close() {
      await stop()
      rmSync(profile, { recursive: true, force: true })
    },
  }
}

/** What a person would have entered for this account of the lab. */
export function settingsOf(file: AccountFile): AccountSettings {
  const { host, port, security, user } = file.imap
  return {
    email: file.email,
    name: '',
    imap: { host, port, security, user },
    ...(file.ca ? { ca: readFileSync(file.ca, 'utf8') } : {}),
  }
}
