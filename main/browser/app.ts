import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { systemClock } from './clock.ts'
import { hostEngine, type EngineHost } from './engine-host.ts'
import { diskFailure } from './failure.ts'
import { openLog } from './log.ts'
import { listenKept } from './port.ts'
import { openProfile } from './profile.ts'
import { fileSecrets } from './secrets.ts'
import { shellServer } from './server.ts'
import { createSession } from './session.ts'
import { shellDoors, type ShellDoors } from './shell-door.ts'
import { keepStartFile } from './start-file.ts'

/** The application's own folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface ShellOptions {
  /** The data folder. */
  readonly profile: string
  /** For a profile that has no port yet. */
  readonly port?: number | undefined
  /** Gives the folder of the built renderer; called once the profile is ours. */
  readonly renderer: () => Promise<string>
  /** The engine's entry; ours when it is not given. Its one argument is the profile. */
  readonly engine?: string
  readonly verbose?: boolean
  /** Sentences for the person who started it. */
  readonly say: (sentence: string) => void
}

/** A running application without a window. */
export interface RunningShell {
  readonly profile: string
  /** `http://127.0.0.1:<port>` */
  readonly origin: string
  /** file:// URL that lets a browser in. Its code is good once; after use the file holds another. */
  readonly startUrl: string
  readonly engine: EngineHost
  readonly windows: ShellDoors
  stop(): Promise<void>
}

/**
 * Takes the profile, starts the engine and serves.
 * @throws StartFailure with the sentence to print and the exit code.
 */
export async function startShell(options: ShellOptions): Promise<RunningShell> {
  const { say } = options
  const profile = openProfile(options.profile)
  const undo: (() => unknown)[] = [() => profile.release()]
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    const { server, begin } = shellServer()
    const port = await listenKept(server, profile.dir, options.port, say)
    undo.push(() => {
      server.close()
      server.closeAllConnections()
    })
    const renderer = await options.renderer()
    const origin = `http://127.0.0.1:${port}`
    const write = openLog(profile.dir, say)
    const log = (chunk: Uint8Array | string) => {
      write(chunk)
      if (options.verbose) process.stderr.write(chunk)
    }
    const session = createSession(port, systemClock)
    const startFile = startFileOf(profile.dir, origin, session, say)
    undo.push(() => startFile.close())
    const engine = hostEngine({
      entry: options.engine ?? join(ROOT, 'main', 'engine', 'main.ts'),
      args: [profile.dir],
      secrets: fileSecrets(profile.dir, say),
      clock: systemClock,
      log,
      say,
    })
    undo.push(() => engine.stop())
    const windows = shellDoors(log)
    undo.push(() => windows.closeAll())
    begin({ port, session, codeUsed: () => startFile.renew(), engine, doors: windows, renderer })
    await engine.started
    return { profile: profile.dir, origin, startUrl: startFile.url, engine, windows, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function startFileOf(...args: [string, string, ReturnType<typeof createSession>, (sentence: string) => void]) {
  const [profile, origin, session, say] = args
  try {
    return keepStartFile(profile, origin, session, systemClock, say)
  } catch (error) {
    throw diskFailure(profile, error)
  }
}
