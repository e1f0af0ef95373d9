import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Clock } from './clock.ts'
import { writePrivately } from './files.ts'
import { CODE_RENEWAL, type Session } from './session.ts'

const SCRIPT = 'document.forms[0].submit()'
const SCRIPT_HASH = createHash('sha256').update(SCRIPT).digest('base64')

/** The file that a browser opens to get in. */
export interface StartFile {
  readonly url: string
  /** Writes it with a fresh code: after each use, and by the clock. */
  renew(): void
  close(): void
}

/** The page that carries a one-time code to the shell by POST, so that it stands in no address, history or argv. */
export function startPage(origin: string, code: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; script-src 'sha256-${SCRIPT_HASH}'; form-action ${origin}">
<meta name="referrer" content="no-referrer">
<title>Ketchup</title>
<link rel="icon" href="data:,">
<form method="post" action="${origin}/start"><input type="hidden" name="code" value="${code}"><noscript><button>Open Ketchup</button></noscript></form>
<script>${SCRIPT}</script>
</html>
`
}

/**
 * Keeps `start.html` (0600) in the profile with a code that is good now: who can read it is this user. It goes with the
 * shell. A disk that cannot be written later on leaves the former file, and `say` tells.
 * @throws the system's error when it cannot be written at first.
 */
export function keepStartFile(
  profile: string,
  origin: string,
  session: Session,
  clock: Clock,
  say: (sentence: string) => void,
): StartFile {
  const path = join(profile, 'start.html')
  const write = () => writePrivately(path, startPage(origin, session.newCode()))
  let callOff = () => {}
  const renew = () => {
    callOff()
    try {
      write()
    } catch (error) {
      say(`${path} cannot be written (${error instanceof Error ? error.message : String(error)}).`)
    }
    callOff = clock.after(CODE_RENEWAL, renew)
  }
  write()
  callOff = clock.after(CODE_RENEWAL, renew)
  return {
    url: pathToFileURL(path).href,
    renew,
    close() {
      callOff()
      rmSync(path, { force: true })
    },
  }
}
