import { existsSync } from 'node:fs'
import { describe, it } from 'vitest'
import { installLine } from '../../build/install-debian.ts'
import { DOVECOT } from './process.ts'

/**
 * A `describe` of tests that need a real Dovecot. Without it they are skipped, and the title says what to run;
 * under LAB=required they fail instead.
 */
export function describeLab(name: string, tests: () => void): void {
  if (existsSync(DOVECOT)) {
    describe(name, tests)
    return
  }
  const title = `${name}: skipped: dovecot missing, run: ${installLine(['dovecot'])}`
  if (process.env['LAB'] === 'required') {
    it(title, () => {
      throw new Error(`LAB=required, but Dovecot is missing. Run: ${installLine(['dovecot'])}`)
    })
    return
  }
  describe.skip(title, tests)
}
