import type { Page } from 'playwright-core'
import type { Bridge } from '../../preload/contract/index.ts'
import { bridge, whenIdle, whenReady, type Application, type Room } from '../app/application.ts'
import type { LabUser } from '../lab/dovecot.ts'
import { addLabAccount, expect, startFresh, test, useLab } from './fixtures.ts'

const FOLDERS = [
  ['INBOX', 1200],
  ['Archive', 500],
  ['Sent', 200],
  ['Projects/Übersicht', 100],
] as const
const TOTAL = FOLDERS.reduce((sum, [, count]) => sum + count, 0)
const KILLS = 20
const ROOMS: readonly Room[] = ['engine', 'shell', 'browser']
let user: LabUser

const lab = useLab(async (lab) => {
  user = lab.addUser('alice')
  for (const [name, count] of FOLDERS)
    await lab.fillGenerated(user, name, { count, seed: `crash ${name}`, bytes: count * 9000, sent: name === 'Sent' })
})

/** Tells how many messages the store has committed, every few milliseconds until the page ends. */
async function follow(page: Page, told: (held: number) => void): Promise<void> {
  await page.exposeFunction('held', told)
  await page.evaluate(() => {
    const { ketchup, held } = window as unknown as { ketchup: Bridge; held: (count: number) => void }
    const look = async () => {
      const now = await ketchup.store.sidebar()
      if (now.ok) held(now.value.mailboxes.reduce((sum, { total }) => sum + total, 0))
      setTimeout(() => void look(), 10)
    }
    void look()
  })
}

/** Begins a sync and kills a room as soon as so many messages are committed. Answers how many were, as far as is known. */
async function killAt(application: Application, room: Room, point: number): Promise<number> {
  const reached = Promise.withResolvers<void>()
  let last = 0
  await follow(application.page, (held) => {
    last = Math.max(last, held)
    if (held >= point) reached.resolve()
  })
  await addLabAccount(application, lab(), user)
  await reached.promise
  await application.kill(room)
  return last
}

const dump = ({ page }: Application) => bridge<string>(page, (ketchup) => ketchup.store.dump())

test('crash-replay: killed at any point of a sync, it comes to the same end', async () => {
  test.setTimeout(900_000)
  const undisturbed = await startFresh(async (application) => {
    await addLabAccount(application, lab(), user)
    await whenIdle(application.page)
    return dump(application)
  })
  expect(undisturbed.match(/^uid /gm)).toHaveLength(TOTAL)
  expect(undisturbed).not.toMatch(/body (none|lost)$/m)

  const kills: { room: Room; point: number; held: number }[] = []
  for (let kill = 0; kill < KILLS; kill++) {
    const room = ROOMS[kill % ROOMS.length] as Room
    const point = Math.round(((kill + 0.5) / KILLS) * TOTAL)
    await test.step(`${room} at ${point} of ${TOTAL}`, () =>
      startFresh(async (application) => {
        kills.push({ room, point, held: await killAt(application, room, point) })
        await application.revive()
        await whenReady(application.page)
        await whenIdle(application.page)
        const disturbed = await dump(application)
        // Not toBe: a difference of two texts of this length is nothing to print.
        if (disturbed !== undisturbed) throw new Error(firstDifference(undisturbed, disturbed))
      }))
  }
  const inside = kills.filter(({ held }) => held > 0 && held < TOTAL)
  test.info().annotations.push({ type: 'kills', description: JSON.stringify(kills) })
  expect(inside.length, 'kills while some but not all of it was acknowledged').toBeGreaterThanOrEqual(15)
})

function firstDifference(wanted: string, found: string): string {
  const [a, b] = [wanted.split('\n'), found.split('\n')]
  const at = a.findIndex((line, index) => line !== b[index])
  return `Line ${at + 1} of ${a.length} (found: ${b.length} lines)\nundisturbed: ${a[at]}\nfound:       ${b[at]}`
}
