/**
 * Runs a TypeScript entry of this project on Node 24, the Node of our Electron: `node build/run.mjs FILE …`.
 * Node 24 comes as a locked optional dependency (Linux, Windows); elsewhere the system's Node ≥ 22.13 is taken.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bundled = join(
  root,
  'node_modules',
  `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
)
const binary = [join(bundled, 'bin', 'node'), join(bundled, 'bin', 'node.exe')].find((path) => existsSync(path))
const [major, minor] = process.versions.node.split('.').map(Number)

if (!existsSync(join(root, 'node_modules', 'msgpackr'))) {
  console.error('Dependencies are missing. Run: npm ci')
  process.exit(1)
}
if (!binary && (major < 22 || (major === 22 && minor < 13))) {
  console.error(`Ketchup needs Node 22.13 or newer; this is ${process.versions.node}.`)
  process.exit(1)
}
const strip = binary || major > 22 || minor >= 18 ? [] : ['--experimental-strip-types']
const [entry, ...rest] = process.argv.slice(2)
const child = spawn(
  binary ?? process.execPath,
  ['--disable-warning=ExperimentalWarning', ...strip, join(root, entry), ...rest],
  { stdio: 'inherit' },
)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => {
  process.exitCode = signal ? 1 : (code ?? 1)
})
