import { globSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bridge, whenIdle, type Application } from '../app/application.ts'
import type { LabUser } from '../lab/dovecot.ts'
import { generate } from '../lab/generator.ts'
import { addLabAccount, expect, test, useLab } from './fixtures.ts'
import { MailWindow } from './pages/mail-window.ts'

const INBOX = { count: 400, seed: 'rebuild' }
const ARCHIVE = { count: 80, seed: 'rebuild too' }
let user: LabUser
let octets = 0

const lab = useLab(async (lab) => {
  user = lab.addUser('alice')
  for (const [name, options] of [
    ['INBOX', INBOX],
    ['Archive', ARCHIVE],
  ] as const)
    octets += (await lab.fillGenerated(user, name, options)).bytes
  lab.startRawlog(user)
})

/** What the sessions so far asked for, command by command, that brings octets of messages. */
function bodyFetches(): string[] {
  return lab()
    .rawlog(user)
    .client.split('\n')
    .filter((line) => /FETCH .*BODY(\.PEEK)?\[/i.test(line))
}

const dump = ({ page }: Application) => bridge<string>(page, (ketchup) => ketchup.store.dump())

test('IndexedDB deleted by hand is rebuilt without fetching a body twice', async ({ launch, profile }) => {
  const first = await launch()
  await addLabAccount(first, lab(), user)
  await whenIdle(first.page)
  const before = await dump(first)
  expect(before.match(/^uid /gm)).toHaveLength(INBOX.count + ARCHIVE.count)
  await first.close()
  const fetched = bodyFetches()
  expect(fetched).not.toEqual([])
  const sent = lab().rawlog(user).server.length
  expect(sent).toBeGreaterThan(octets)

  const databases = globSync('browser/**/IndexedDB', { cwd: profile })
  expect(databases).not.toEqual([])
  for (const folder of databases) rmSync(join(profile, folder), { recursive: true })

  const second = await launch()
  await whenIdle(second.page)
  expect(await dump(second)).toBe(before)
  const window = new MailWindow(second.page)
  const newest = generate(INBOX).at(INBOX.count - 1)
  await expect(window.row(0)).toContainText(newest.subject)
  await second.close()
  expect(bodyFetches()).toEqual(fetched)
  expect(lab().rawlog(user).server.length - sent).toBeLessThan(octets / 4)
})
