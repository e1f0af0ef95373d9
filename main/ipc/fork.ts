import { fork } from 'node:child_process'
import type { Socket } from 'node:net'
import type { Channel } from '../../preload/doors/rpc.ts'
import { fedChannel, type PortRole, type ToEngine, type ToShell, type UpgradeRequest } from './wire.ts'

/** How an engine ended, in words for a log: `code 1`, `signal SIGKILL`, or why it could not be started. */
export interface EngineExit {
  readonly how: string
}

/** The shell's side of a running engine process. */
export interface EngineFork {
  readonly pid: number | undefined
  readonly channel: Channel
  /** Gives a socket away whose WebSocket handshake is still to be answered; the shell has no part in it any more. */
  handSocket(role: PortRole, socket: Socket, head: Uint8Array, request: UpgradeRequest): void
  /** Ends it at once. */
  kill(): void
}

export interface ForkOptions {
  /** The engine's entry: a file that calls connectParent(). */
  readonly entry: string
  readonly args: readonly string[]
  /** The engine listens for windows and stores. */
  readonly onReady?: () => void
  /** Called once; nothing comes after it. */
  readonly onExit: (exit: EngineExit) => void
  /** What it writes to stdout and stderr. */
  readonly onOutput?: (chunk: Buffer) => void
}

// What an engine needs of its surroundings and no more: a secret in the shell's environment stays there.
const ENVIRONMENT =
  /^(PATH|HOME|USER|LANG|LC_.*|TZ|TMPDIR|TEMP|TMP|SYSTEMROOT|USERPROFILE|APPDATA|LOCALAPPDATA|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|NODE_USE_SYSTEM_CA)$/i
const FLAGS = /^--(disable-warning=|experimental-strip-types$)/

/** Starts an engine process. Its channel closes when it ends, for whatever reason. */
export function forkEngine(options: ForkOptions): EngineFork {
  const child = fork(options.entry, [...options.args], {
    serialization: 'advanced',
    execPath: process.execPath,
    execArgv: process.execArgv.filter((flag) => FLAGS.test(flag)),
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => ENVIRONMENT.test(name))),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const send = (message: ToEngine, socket?: Socket) => {
    // An error here means that the process is going: its end follows, and every waiting call settles by that.
    const sent = (error: Error | null) => void (error && socket?.destroy())
    if (child.connected) child.send(message, socket, {}, sent)
    else socket?.destroy()
  }
  const channel = fedChannel(
    (bytes) => send({ type: 'door', bytes }),
    () => {
      if (child.connected) child.disconnect()
    },
  )

  let ended = false
  const end = (how: string) => {
    if (ended) return
    ended = true
    channel.ended()
    options.onExit({ how })
  }
  child.on('message', (message: ToShell) => {
    if (message.type === 'door') channel.receive(message.bytes)
    else options.onReady?.()
  })
  child.on('error', (error) => {
    if (child.pid === undefined) end(error.message)
  })
  // `close` comes after the last of its output, so that its last words stand in the log before its end.
  child.on('close', (code, signal) => end(signal ? `signal ${signal}` : `code ${code ?? 1}`))
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => options.onOutput?.(chunk))

  return {
    pid: child.pid,
    channel,
    handSocket(role, socket, head, request) {
      stopReading(socket)
      send({ type: 'socket', role, head, request }, socket)
    },
    kill: () => void child.kill('SIGKILL'),
  }
}

/**
 * Node closes our copy of a socket only when the other process has said that it has it; until then it would read from
 * it, and throw away what a window says first. `pause()` stops the stream, but not its handle.
 */
function stopReading(socket: Socket): void {
  const { _handle: handle } = socket as { _handle?: { readStop(): void } | null }
  handle?.readStop()
}
