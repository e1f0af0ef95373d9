import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Which of the two shells runs, and why, for the first line of the output. */
export interface ShellChoice {
  readonly shell: 'browser'
  readonly why: string
}

/** Electron's npm package brings its binary only if its own script could fetch it; `path.txt` names it then. */
function electronBinary(root: string): string | undefined {
  const folder = join(root, 'node_modules', 'electron')
  try {
    const binary = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8').trim())
    return existsSync(binary) ? binary : undefined
  } catch {
    return undefined // not installed
  }
}

/** Chooses the shell for the application in `root`. */
export function chooseShell(root: string): ShellChoice {
  return {
    shell: 'browser',
    why: electronBinary(root)
      ? 'the Electron shell is not part of this version yet'
      : "Electron's binary is not installed here",
  }
}
