/** An engine without mail, for tests of the shell: octets that are made up, and a door that tells about the process. */
import { appError, err, ok, type EngineForShell, type ShellForEngine } from '../../../preload/contract/index.ts'
import { done, openDoor, type Handlers } from '../../../preload/doors/rpc.ts'
import { connectParent } from '../../ipc/parent.ts'
import type { Probe } from './probe.ts'

const PIECE = 256 * 1024
const closed: number[] = []
const firstClosed = Promise.withResolvers<void>()
const text = (words: string) => new TextEncoder().encode(words)

/** Message 1: five octets with a hostile name. 2: HTML. 3: without an end. 4: breaks in the middle. 5: says too little. */
const PARTS: Record<number, { name: string; type: string; size: number | null; pieces: Uint8Array[] | 'endless' }> = {
  1: { name: '../ein "Bild"\r\nX: 1 ü‮.png', type: 'image/PNG', size: 5, pieces: [text('hello')] },
  2: { name: '', type: 'text/html', size: null, pieces: [text('<script>'), text('</script>')] },
  3: { name: 'endless.bin', type: 'application/zip', size: null, pieces: 'endless' },
  4: { name: 'half.bin', type: 'application/zip', size: 10, pieces: [text('half')] },
  5: { name: 'more.bin', type: 'application/zip', size: 2, pieces: [text('more')] },
}
const open = new Map<number, { pieces: Uint8Array[] | 'endless'; at: number }>()
let lastHandle = 0

const parent = connectParent()
const handlers: Handlers<EngineForShell> = {
  openOctets(message, part) {
    const made = PARTS[message]
    if (!made || part === '99') return err(appError('message.gone'))
    open.set(++lastHandle, { pieces: made.pieces, at: 0 })
    return ok({ handle: lastHandle, name: made.name, type: made.type, size: made.size })
  },
  readOctets(handle) {
    const reading = open.get(handle)
    if (!reading) return err(appError('octets.missing'))
    if (reading.pieces === 'endless') return ok(new Uint8Array(PIECE))
    return ok(reading.pieces[reading.at++] ?? new Uint8Array())
  },
  closeOctets(handle) {
    open.delete(handle)
    closed.push(handle)
    firstClosed.resolve()
    return done
  },
  shutdown() {
    process.disconnect()
    return done
  },
}
const { remote: shell } = openDoor<ShellForEngine, EngineForShell>(parent.shell, handlers)

parent.onPort((role, channel) => {
  const probe: Handlers<Probe> = {
    pid: () => ok(process.pid),
    role: () => ok(role),
    surroundings: () => ok({ env: { ...process.env }, argv: process.argv }),
    closed: async () => {
      await firstClosed.promise
      return ok(closed)
    },
    keep: async (ref, value) => {
      const kept = await shell.setSecret(ref, value)
      return kept.ok ? shell.secret(ref) : kept
    },
    crash: () => process.exit(7),
  }
  openDoor<Record<never, never>, Probe>(channel, probe)
})
parent.onGone(() => process.exit(0))
