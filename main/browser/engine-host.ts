import { forkEngine, type EngineExit, type EngineFork } from '../ipc/fork.ts'
import type { EngineForShell, Remote, ShellForEngine } from '../../preload/contract/index.ts'
import { openDoor, type Handlers } from '../../preload/doors/rpc.ts'
import type { Clock } from './clock.ts'
import { EXIT, StartFailure } from './failure.ts'
import { supervise } from './supervisor.ts'

/** Ends in a row, before it ever listened, after which there is no use in trying on. */
const TRIES = 5
/** How long an engine may take until it listens, in ms. */
const START = 30_000
/** How long an engine may take to write what is open, in ms. */
const SHUTDOWN = 5000

/** The engine process, kept running. */
export interface EngineHost {
  /** Undefined while it is being restarted. */
  readonly remote: Remote<EngineForShell> | undefined
  readonly fork: EngineFork | undefined
  /** Settles when the engine first listens. @throws StartFailure when it never does. */
  readonly started: Promise<void>
  /** Asks it to end in order; kills it when it does not in time. */
  stop(): Promise<void>
}

interface Running {
  readonly fork: EngineFork
  readonly remote: Remote<EngineForShell>
}

/** What an engine that died said of it: the last error of its log, or the line of an exception; '' when neither is there. */
function reasonIn(output: string): string {
  for (const line of output.split('\n').reverse()) {
    if (/^\w*Error\b/.test(line)) return line
    if (!line.startsWith('{"at"')) continue
    try {
      const { level, message, server } = JSON.parse(line) as Record<string, unknown>
      if (level === 'error') return [message, server].filter((words) => typeof words === 'string' && words).join(': ')
    } catch {
      // cut off by the bound of what is kept: an earlier line may tell
    }
  }
  return ''
}

/** Starts the engine and keeps it running. */
export function hostEngine(options: {
  readonly entry: string
  readonly args: readonly string[]
  readonly secrets: Handlers<ShellForEngine>
  readonly clock: Clock
  readonly log: (chunk: Uint8Array | string) => void
  readonly say: (sentence: string) => void
}): EngineHost {
  const { log, say, clock } = options
  const started = Promise.withResolvers<void>()
  let ready = false
  let lastWords = ''
  let allEnded = Promise.resolve()

  const supervised = supervise<Running, EngineExit>({
    clock,
    start(ended) {
      const gone = Promise.withResolvers<void>()
      const callOff = clock.after(START, () => fork.kill())
      allEnded = gone.promise
      const fork = forkEngine({
        entry: options.entry,
        args: options.args,
        onReady() {
          callOff()
          ready = true
          started.resolve()
        },
        onExit(exit) {
          callOff()
          gone.resolve()
          ended(exit)
        },
        onOutput(chunk) {
          lastWords = (lastWords + chunk.toString('utf8')).slice(-4000)
          log(chunk)
        },
      })
      const { remote } = openDoor<EngineForShell, ShellForEngine>(fork.channel, options.secrets, {
        onBug: (error, method) => log(`shell: ${method}: ${error instanceof Error ? error.message : String(error)}\n`),
      })
      return { fork, remote }
    },
    onEnd(exit, wait, inARow) {
      const sentence = `The engine ended (${exit.how}) and is started again in ${wait / 1000} s; what it said is in ketchup.log of the profile.`
      log(`shell: ${sentence}\n`)
      if (ready) return say(sentence)
      if (inARow < TRIES) return
      supervised.stop()
      const reason = reasonIn(lastWords)
      started.reject(
        new StartFailure(
          EXIT.engineNeverStarts,
          `The engine does not start (${exit.how}${reason ? `; ${reason}` : ''}); all it said is in ketchup.log of the profile.`,
        ),
      )
    },
  })
  // Whoever awaits it gets the failure; a shell that stops before has nobody who waits.
  started.promise.catch(() => undefined)

  return {
    get remote() {
      return supervised.current?.remote
    },
    get fork() {
      return supervised.current?.fork
    },
    started: started.promise,
    async stop() {
      const running = supervised.current
      supervised.stop()
      if (!running) return
      const callOff = clock.after(SHUTDOWN, () => running.fork.kill())
      // An engine that is not listening yet has nothing open.
      if (ready) void running.remote.shutdown()
      else running.fork.kill()
      await allEnded
      callOff()
    },
  }
}
