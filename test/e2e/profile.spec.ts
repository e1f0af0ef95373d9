import { execFile } from 'node:child_process'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bridge, startShellProcess, whenIdle, type Application } from '../app/application.ts'
import type { LabUser } from '../lab/dovecot.ts'
import { generate } from '../lab/generator.ts'
import { freePort } from '../lab/ports.ts'
import { addLabAccount, expect, startFresh, test, useLab } from './fixtures.ts'
import { MailWindow } from './pages/mail-window.ts'

const run = promisify(execFile)
/** More than the small disk holds beside what must stay free, most of it in attachments. */
const OPTIONS = { count: 1500, seed: 'full disk', bytes: 120e6 }
const SMALL = '160m'
const LARGE = '900m'
let user: LabUser

const lab = useLab(async (lab) => {
  user = lab.addUser('alice')
  await lab.fillGenerated(user, 'INBOX', OPTIONS)
})

/** What a start that must fail says, and its exit code. */
async function refused(profile: string, ...args: string[]): Promise<{ code: number; words: string }> {
  const error = await startShellProcess({ profile, args }).then(
    ({ shell }) => {
      shell.kill()
      return new Error('It started.')
    },
    (reason: Error) => reason,
  )
  const [, code, words] = /^The shell ended \((\d+)\): (.*)$/s.exec(error.message) ?? []
  return { code: Number(code), words: (words ?? error.message).trim() }
}

test('a second instance on a profile in use is told so and leaves', async ({ launch, profile }) => {
  const { page } = await launch()
  const { code, words } = await refused(profile)
  expect(code).toBe(3)
  expect(words).toMatch(/^Ketchup is already running on the profile .*; use its window, or start a second one .*\.$/)
  await expect(page.getByRole('heading', { name: 'Catch up with your mail' })).toBeVisible()
})

test('a port that another program has is one sentence', async ({ profile }) => {
  const port = await freePort()
  const other = createServer().listen(port, '127.0.0.1')
  await once(other, 'listening')
  try {
    const fresh = await refused(profile, '--port', String(port))
    expect(fresh).toEqual({ code: 4, words: expect.stringMatching(/^Port \d+ is taken by another program\. [^\n]+$/) })
  } finally {
    other.close()
    await once(other, 'close')
  }
})

test('a port that a profile has kept and another program has taken is one sentence', async ({ launch, profile }) => {
  const application = await launch()
  await application.close()
  const { port } = JSON.parse(readFileSync(join(profile, 'shell.json'), 'utf8')) as { port: number }
  const other = createServer().listen(port, '127.0.0.1')
  await once(other, 'listening')
  try {
    const { code, words } = await refused(profile)
    expect(code).toBe(4)
    expect(words).toMatch(/^Port \d+ of this profile is taken by another program\. [^\n]+$/)
  } finally {
    other.close()
    await once(other, 'close')
  }
})

/** A disk of a size, as a folder; undefined where none can be mounted. */
async function smallDisk(): Promise<
  { folder: string; resize(size: string): Promise<void>; remove(): Promise<void> } | string
> {
  const folder = mkdtempSync(join(tmpdir(), 'ketchup-e2e-disk-'))
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${SMALL}`, 'ketchup-e2e', folder])
  } catch (error) {
    rmSync(folder, { recursive: true })
    return (error as { stderr?: string }).stderr?.trim() || String(error)
  }
  return {
    folder,
    resize: async (size) => void (await run('mount', ['-o', `remount,size=${size}`, folder])),
    async remove() {
      await run('umount', ['-l', folder])
      rmSync(folder, { recursive: true })
    },
  }
}

const dump = ({ page }: Application) => bridge<string>(page, (ketchup) => ketchup.store.dump())

test('on a full disk it says so and stays readable, and goes on when there is room', async ({ launch }) => {
  test.setTimeout(300_000)
  const disk = await smallDisk()
  if (typeof disk === 'string') return test.skip(true, `skipped: no small disk can be mounted (${disk}), run as root`)
  try {
    const application = await launch({ profile: join(disk.folder, 'profile'), rough: true })
    const { page } = application
    const window = new MailWindow(page)
    await addLabAccount(application, lab(), user)
    await test.step('the disk fills', async () => {
      await expect(window.status).toContainText('Trying again at', { timeout: 90_000 })
      await window.status.getByRole('button', { name: /Trying again at/ }).click()
      const note = page.getByRole('dialog').getByRole('alert')
      await expect(note).toHaveAttribute('data-code', 'disk.full')
      await expect(note).toContainText("This computer's disk is full")
      await expect(note).toContainText('Free some space. Ketchup then goes on where it stopped.')
      await page.keyboard.press('Escape')
    })
    await test.step('what is there is readable', async () => {
      const mails = [...generate(OPTIONS)].reverse()
      for (const index of [0, 3, 7]) {
        await window.open(index)
        await expect(window.subject).toHaveText(mails[index]?.subject ?? '')
        await expect(window.reader.locator('article .body')).not.toBeEmpty()
      }
    })
    await test.step('with room it goes on, to the same end', async () => {
      await disk.resize(LARGE)
      await page.getByRole('button', { name: 'Try now' }).click()
      await whenIdle(page)
      const undisturbed = await startFresh(async (fresh) => {
        await addLabAccount(fresh, lab(), user)
        await whenIdle(fresh.page)
        return dump(fresh)
      })
      expect((await dump(application)) === undisturbed, 'the same as without a full disk').toBe(true)
    })
    await application.close()
  } finally {
    await disk.remove()
  }
})
