/**
 * `node build/complete-lockfile.mjs`, after an `npm install` whose registry lacks packages for other platforms: npm leaves
 * those optional dependencies out of the lockfile, and `npm ci` then refuses it. This writes an entry for each, with the
 * platform that its name says, so that it is skipped here and fetched where it belongs. Says what it added.
 */
import { readFileSync, writeFileSync } from 'node:fs'

const path = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(path, 'utf8'))
const OS = {
  darwin: 'darwin',
  linux: 'linux',
  win32: 'win32',
  win: 'win32',
  freebsd: 'freebsd',
  android: 'android',
  openharmony: 'openharmony',
}
const CPU = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 's390x', 'riscv64', 'wasm32']

/** Where node would find a dependency of the package at `from`. */
function find(from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    const key = `${folder ? `${folder}/` : ''}node_modules/${name}`
    if (lock.packages[key]) return key
    if (folder === '') return undefined
  }
}

const added = []
for (const [from, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (find(from, name)) continue
    const words = name.split(/[-/@]/)
    const os = words.map((word) => OS[word]).find(Boolean)
    const cpu = CPU.find((word) => words.includes(word))
    if (!os) throw new Error(`${name}: its name says no platform. Add it by hand.`)
    lock.packages[`node_modules/${name}`] = {
      version: version.replace(/^[\^~]/, ''),
      ...(cpu ? { cpu: [cpu] } : {}),
      ...(entry.dev ? { dev: true } : {}),
      optional: true,
      os: [os],
    }
    added.push(`${name}@${version}`)
  }
}
const [root, ...rest] = Object.entries(lock.packages)
lock.packages = Object.fromEntries([root, ...rest.sort(([a], [b]) => (a < b ? -1 : 1))])
writeFileSync(path, JSON.stringify(lock, null, 2) + '\n')
console.log(added.length > 0 ? `Added: ${added.join(', ')}` : 'Nothing was missing.')
