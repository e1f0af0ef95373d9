import { afterAll, beforeAll, expect, it } from 'vitest'
import { accountFile } from '../lab/account.ts'
import { startCutter } from '../lab/cutter.ts'
import { startDovecot, type DovecotLab, type LabUser } from '../lab/dovecot.ts'
import { describeLab } from '../lab/vitest.ts'
import { MemoryStore } from './memory-store.ts'
import { settingsOf, startRig } from './rig.ts'

describeLab('the engine after crashes and cuts', () => {
  let lab: DovecotLab
  let user: LabUser
  let undisturbed: string
  /** Batches of the undisturbed sync. */
  let applied = 0

  beforeAll(async () => {
    lab = await startDovecot()
    user = lab.addUser('alice')
    await lab.fillGenerated(user, 'INBOX', { count: 150, seed: 'crash' })
    await lab.fillGenerated(user, 'Archive', { count: 30, seed: 'crash too' })
    const rig = startRig()
    const store = new MemoryStore()
    store.beforeApply = () => {
      applied++
      return Promise.resolve(null)
    }
    await rig.attach(store)
    await rig.engine.add(settingsOf(accountFile(lab, user)), user.password)
    await store.idle()
    undisturbed = store.dump()
    await rig.close()
  })
  afterAll(() => lab.close())

  it('crash-replay: a store that goes after any batch is brought to the same end', async () => {
    expect(applied).toBeGreaterThan(5)
    for (let batches = 0; batches < applied; batches++) {
      const rig = startRig()
      const store = new MemoryStore()
      let left = batches
      // The store applies so many batches and then is gone, acknowledged or not.
      const gone = new Promise<void>((resolve) => {
        store.beforeApply = () => {
          if (left-- > 0) return Promise.resolve(null)
          resolve()
          return new Promise(() => {})
        }
      })
      const door = await rig.attach(store)
      await rig.engine.add(settingsOf(accountFile(lab, user)), user.password)
      await gone
      door.close()
      store.beforeApply = () => Promise.resolve(null)
      store.statuses.length = 0
      await rig.attach(store)
      await store.idle()
      expect(store.dump(), `after ${batches} batches`).toBe(undisturbed)
      await rig.close()
    }
  })

  it('truncation: a stream that is cut anywhere never makes a whole body of a part', async () => {
    const cutter = await startCutter(lab.ports.imaps)
    const file = accountFile(lab, user)
    file.imap.port = cutter.port
    for (const at of [9_000, 30_000, 120_000, 400_000, 900_000, 1_700_000]) {
      const rig = startRig()
      const store = new MemoryStore()
      cutter.cutAfterBytes(at)
      await rig.attach(store)
      await rig.engine.add(settingsOf(file), user.password)
      await store.until(({ statuses }) => statuses.some(({ state }) => state.is === 'waiting'), `the cut after ${at}`)
      for (const { row, body } of [...store.mails('INBOX'), ...store.mails('Archive')]) {
        expect(row.octets).toBe('whole')
        expect(body).toBeDefined()
      }
      cutter.resume()
      rig.engine.retry(1)
      await store.idle()
      expect(store.dump(), `cut after ${at}`).toBe(undisturbed)
      await rig.close()
    }
    await cutter.close()
  })
})
