import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, watch } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { describeLab } from './vitest.ts'

const CHILD = `
import { startDovecot } from ${JSON.stringify(join(import.meta.dirname, 'dovecot.ts'))}
const lab = await startDovecot()
console.log(lab.folder)`

/** Resolves when a path is gone; the test's own deadline ends the wait. */
function gone(path: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(dirname(path), look)
    function look() {
      if (existsSync(path)) return
      watcher.close()
      resolve()
    }
    look()
  })
}

describeLab('lab: orphans', () => {
  it('ends with the process that started it, however that ends', async () => {
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', CHILD], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const exited = once(child, 'exit')
    let folder: string
    try {
      const [line] = (await once(child.stdout, 'data')) as [Buffer]
      folder = line.toString().trim()
      expect(existsSync(join(folder, 'dovecot.conf'))).toBe(true)
    } finally {
      child.kill('SIGKILL')
    }
    await exited
    await gone(folder)
    expect(existsSync(folder)).toBe(false)
  })
})
