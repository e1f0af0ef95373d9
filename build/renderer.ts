/** Builds the window into out/renderer: `npm run build [-- --force]`, and by `npm start` when a source has changed. */
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const OUT = join(ROOT, 'out', 'renderer')
const STAMP = join(ROOT, 'out', 'renderer.stamp')
const SOURCES = ['renderer/**/*', 'preload/**/*', 'vite.config.ts', 'package-lock.json']
const NOT_BUILT = /^renderer\/i18n\/(paraglide\/|project\.inlang\/(cache|\.))|\.spec\.ts$/

/** One hash over all that the window is built from. */
function sourceHash(): string {
  const hash = createHash('sha256')
  for (const entry of globSync(SOURCES, { cwd: ROOT, withFileTypes: true }).sort(byPath)) {
    const path = join(entry.parentPath, entry.name)
    const name = path.slice(ROOT.length).replaceAll('\\', '/')
    if (entry.isFile() && !NOT_BUILT.test(name)) hash.update(`${name}\0`).update(readFileSync(path)).update('\0')
  }
  return hash.digest('hex')
}

function byPath(a: { parentPath: string; name: string }, b: { parentPath: string; name: string }): number {
  return join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1
}

/**
 * Builds the window unless its sources are those of the last build. The new folder takes the old one's place when it
 * is whole, so that a failed build, or two at once, leave a window that works. Says so when it builds.
 * @throws what vite says is wrong with a source.
 */
export async function buildRenderer(
  options: { force?: boolean; say?: (sentence: string) => void } = {},
): Promise<{ built: boolean }> {
  const hash = sourceHash()
  const fresh = existsSync(join(OUT, 'index.html')) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash
  if (fresh && !options.force) return { built: false }
  options.say?.('Building the window …')
  // The catalogue's compiler chats on stdout, which may be somebody's JSON; its warnings (level 1) go to stderr.
  process.env['CONSOLA_LEVEL'] ??= '1'
  const { build } = await import('vite')
  const outDir = `${OUT}.${process.pid}`
  const former = `${outDir}.former`
  mkdirSync(join(ROOT, 'out'), { recursive: true })
  try {
    await build({ configFile: join(ROOT, 'vite.config.ts'), logLevel: 'error', build: { outDir } })
    if (existsSync(OUT)) renameSync(OUT, former)
    renameSync(outDir, OUT)
    writeFileSync(STAMP, hash)
  } finally {
    for (const folder of [outDir, former]) rmSync(folder, { recursive: true, force: true })
  }
  return { built: true }
}

if (import.meta.main) {
  const { built } = await buildRenderer({ force: process.argv.includes('--force'), say: console.error })
  console.error(built ? `The window is in ${OUT}.` : 'The window is up to date.')
}
