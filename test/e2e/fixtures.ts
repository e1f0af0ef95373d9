import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test as base } from '@playwright/test'
import { findBrowser } from '../../build/find-browser.ts'
import { installLine, type Part } from '../../build/install-debian.ts'
import {
  addAccount,
  startApplication,
  whenReady,
  type Application,
  type ApplicationOptions,
} from '../app/application.ts'
import { settingsOf } from '../engine/rig.ts'
import { accountFile } from '../lab/account.ts'
import { startDovecot, type DovecotLab, type LabUser } from '../lab/dovecot.ts'
import { DOVECOT } from '../lab/process.ts'

/** What a single act in the window may take, in ms: less than a test, so that a failure names the act. */
const PATIENCE = 30_000

export interface LaunchOptions extends Partial<ApplicationOptions> {
  /** Errors in the console belong to what the test does: doors that are closed, servers that are killed. */
  readonly rough?: boolean
}

export interface Fixtures {
  /** A new data folder, removed after the test. */
  readonly profile: string
  /** Starts the application and waits until its store is open; ended after the test, which no complaint may outlast. */
  readonly launch: (options?: LaunchOptions) => Promise<Application>
}

export const test = base.extend<Fixtures>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the names of fixtures from the pattern
  profile: async ({}, use) => {
    const profile = mkdtempSync(join(tmpdir(), 'ketchup-e2e-'))
    await use(profile)
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  },
  launch: async ({ profile }, use, info) => {
    const running: { application: Application; rough: boolean }[] = []
    await use(async ({ rough = false, ...options } = {}) => {
      const application = await startApplication({ profile, ...options })
      application.context.setDefaultTimeout(PATIENCE)
      running.push({ application, rough })
      await whenReady(application.page)
      return application
    })
    const failed = info.status !== info.expectedStatus
    for (const { application } of running) {
      if (failed) await explain(application, info.attach.bind(info))
      await application.close()
    }
    const complaints = running.flatMap(({ application, rough }) => (rough ? [] : application.complaints))
    expect(complaints, 'nothing in the console, no violation of the CSP').toEqual([])
  },
})

/** Keeps what helps to understand a failure: the window as it was, and the log. */
async function explain(
  application: Application,
  attach: (name: string, content: { body: string | Buffer; contentType: string }) => Promise<void>,
): Promise<void> {
  const log = join(application.profile, 'ketchup.log')
  const text = `${application.output()}\n${existsSync(log) ? readFileSync(log, 'utf8') : ''}`
  await attach('ketchup.log', { body: text, contentType: 'text/plain' })
  const picture = await application.page.screenshot().catch(() => undefined) // the browser may be what was killed
  if (picture) await attach('window.png', { body: picture, contentType: 'image/png' })
}

/**
 * Skips the tests of a file where a part of the system is missing, with the line to run as the reason; under
 * LAB=required they fail instead. False: something is missing.
 */
export function needs(...parts: readonly ('chromium' | 'dovecot')[]): boolean {
  const present = { chromium: findBrowser() !== undefined, dovecot: existsSync(DOVECOT) }
  const missing: Part[] = parts.filter((part) => !present[part])
  if (missing.length === 0) return true
  const words = `${missing.join(', ')} missing, run: ${installLine(missing)}`
  if (process.env['LAB'] !== 'required') test.skip(true, `skipped: ${words}`)
  else
    test.beforeAll(() => {
      throw new Error(`LAB=required, but ${words}`)
    })
  return false
}

/** One lab for the tests of a file; call it once at its top. `fill` puts the mail there that they begin with. */
export function useLab(fill: (lab: DovecotLab) => Promise<void>): () => DovecotLab {
  let lab: DovecotLab | undefined
  if (needs('chromium', 'dovecot'))
    test.beforeAll(async () => {
      lab = await startDovecot()
      await fill(lab)
    })
  test.afterAll(async () => lab?.close())
  return () => {
    if (!lab) throw new Error('The lab is there within tests only.')
    return lab
  }
}

/** Adds a user of the lab as the form would. */
export async function addLabAccount({ page }: Application, lab: DovecotLab, user: LabUser): Promise<number> {
  return addAccount(page, settingsOf(accountFile(lab, user)), user.password)
}

export { expect }

/** Runs a task with an application on a profile of its own: for tests that need many. */
export async function startFresh<T>(task: (application: Application) => Promise<T>): Promise<T> {
  const profile = mkdtempSync(join(tmpdir(), 'ketchup-e2e-'))
  const application = await startApplication({ profile })
  try {
    await whenReady(application.page)
    return await task(application)
  } catch (error) {
    await explain(application, (name, content) => test.info().attach(name, content))
    throw error
  } finally {
    await application.close()
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}
