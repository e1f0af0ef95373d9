/** One run of the Dovecot master process under a small guard that outlives us just long enough to clean up. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, watch } from 'node:fs'
import { basename, dirname } from 'node:path'

export const DOVECOT = '/usr/sbin/dovecot'

// The guard reads a pipe of ours: "stop" ends Dovecot; its mere end means that we died, and takes the folder along.
const GUARD = `
exec 3<&0
"$1" -F -c "$2/dovecot.conf" </dev/null 3<&- &
master=$!
(
  read -r word <&3
  [ "$word" = stop ] || : >"$2/orphaned"
  kill -TERM $master
) 2>/dev/null &
reader=$!
wait $master
code=$?
if [ -e "$2/orphaned" ]; then rm -rf "$2"; else kill $reader 2>/dev/null; fi
exit $code`

const START_DEADLINE = 20_000

export interface DovecotProcess {
  /** Ends it as an administrator would; resolves when the process is gone. */
  stop(): Promise<void>
  /** Ends it and all its children by SIGKILL: connections drop without a word. */
  kill(): Promise<void>
}

/**
 * Starts `dovecot -F` with the folder's dovecot.conf and resolves when it takes connections.
 * @throws Error with Dovecot's own words when it does not start
 */
export async function runDovecot(folder: string, logFile: string): Promise<DovecotProcess> {
  const before = readLog(logFile).length
  const guard = spawn('/bin/sh', ['-c', GUARD, 'guard', DOVECOT, folder], {
    stdio: ['pipe', 'ignore', 'pipe'],
    // A process group of its own: kill() reaches every child, and a Ctrl-C in the terminal reaches only us.
    detached: true,
  })
  let complaint = ''
  guard.stderr?.setEncoding('utf8').on('data', (text: string) => (complaint += text))
  guard.stdin?.on('error', () => undefined) // the guard may be gone already; its exit tells
  const exited = once(guard, 'exit')
  const up = waitForLine(logFile, /starting up/, { from: before, timeout: START_DEADLINE })
  const early = exited.then(() => {
    throw new Error(`Dovecot did not start: ${complaint.trim()}\n${readLog(logFile).slice(before).join('\n')}`)
  })
  try {
    await Promise.race([up.found, early])
  } catch (error) {
    guard.stdin?.end('stop\n')
    throw error
  } finally {
    up.cancel()
    early.catch(() => undefined)
  }
  return {
    stop: () => end(guard, exited, () => guard.stdin?.end('stop\n')),
    kill: () => end(guard, exited, () => guard.pid && process.kill(-guard.pid, 'SIGKILL')),
  }
}

async function end(guard: ChildProcess, exited: Promise<unknown>, how: () => unknown): Promise<void> {
  if (guard.exitCode === null && guard.signalCode === null) how()
  await exited
  guard.stdin?.destroy()
  guard.stderr?.destroy()
}

export function readLog(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []
}

export interface LineWait {
  found: Promise<string>
  cancel(): void
}

/** Waits for a line of a log file, from line number `from` on, which may be there already or be written later. */
export function waitForLine(file: string, pattern: RegExp, { from = 0, timeout = 10_000 } = {}): LineWait {
  let cancel = () => undefined as void
  const found = new Promise<string>((resolve, reject) => {
    const look = () => {
      const line = readLog(file)
        .slice(from)
        .find((text) => pattern.test(text))
      if (line === undefined) return
      cancel()
      resolve(line)
    }
    const watcher = watch(dirname(file), (_event, name) => {
      if (name === basename(file)) look()
    })
    const timer = setTimeout(() => {
      cancel()
      reject(new Error(`No line ${pattern} in Dovecot's log within ${timeout} ms.`))
    }, timeout)
    cancel = () => {
      clearTimeout(timer)
      watcher.close()
    }
    look()
  })
  return { found, cancel: () => cancel() }
}
