import { createRequire } from 'node:module'
import { SHELL_FOR_UI, type ShellForUi } from '../../preload/contract/index.ts'
import { ok } from '../../preload/contract/index.ts'
import { openDoor, type Channel, type Handlers } from '../../preload/doors/rpc.ts'
import { openExternal } from './open-external.ts'

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }

const HANDLERS: Handlers<ShellForUi> = {
  info: () => ok({ shell: 'browser', version, platform: process.platform, secrets: 'file' }),
  openExternal,
}

/** Windows that are connected to the shell. */
export interface ShellDoors {
  readonly count: number
  /** A window has arrived. */
  add(channel: Channel): void
  /** Told after each arrival and departure. */
  onCount(listener: (count: number) => void): void
}

/** Keeps the shell's doors to its windows. */
export function shellDoors(log: (line: string) => void): ShellDoors {
  const listeners: ((count: number) => void)[] = []
  let count = 0
  const changed = (by: number) => {
    count += by
    for (const listener of listeners) listener(count)
  }
  return {
    get count() {
      return count
    },
    add(channel) {
      const door = openDoor<Record<never, never>, ShellForUi>(channel, HANDLERS, {
        checks: SHELL_FOR_UI,
        onBug: (error, method) => log(`shell: ${method}: ${error instanceof Error ? error.message : String(error)}\n`),
      })
      changed(1)
      void door.gone.then(() => changed(-1))
    },
    onCount: (listener) => void listeners.push(listener),
  }
}
