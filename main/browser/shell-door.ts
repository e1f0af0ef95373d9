import { createRequire } from 'node:module'
import { ok, SHELL_FOR_UI, type ShellForUi } from '../../preload/contract/index.ts'
import { openDoor, type Channel, type Door, type Handlers } from '../../preload/doors/rpc.ts'
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
  closeAll(): void
}

/** Keeps the shell's doors to its windows. */
export function shellDoors(log: (line: string) => void): ShellDoors {
  const listeners: ((count: number) => void)[] = []
  const doors = new Set<Door<unknown>>()
  const changed = () => {
    for (const listener of listeners) listener(doors.size)
  }
  return {
    get count() {
      return doors.size
    },
    add(channel) {
      const door = openDoor<Record<never, never>, ShellForUi>(channel, HANDLERS, {
        checks: SHELL_FOR_UI,
        onBug: (error, method) => log(`shell: ${method}: ${error instanceof Error ? error.message : String(error)}\n`),
      })
      doors.add(door)
      changed()
      void door.gone.then(() => {
        doors.delete(door)
        changed()
      })
    },
    onCount: (listener) => void listeners.push(listener),
    closeAll() {
      for (const door of [...doors]) door.close()
    },
  }
}
