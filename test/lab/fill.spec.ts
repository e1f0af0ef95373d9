import { afterAll, beforeAll, expect, it } from 'vitest'
import { type DovecotLab, imapClient, startDovecot } from './dovecot.ts'
import { type GeneratedMail, generate } from './generator.ts'
import { describeLab } from './vitest.ts'

describeLab('lab: filled mailboxes', () => {
  let lab: DovecotLab
  beforeAll(async () => {
    lab = await startDovecot()
  })
  afterAll(() => lab.close())

  async function expectServed(name: string, mailbox: string, mails: GeneratedMail[]): Promise<void> {
    const client = imapClient(lab, lab.addUser(name))
    await client.connect()
    try {
      const { exists, uidNext } = await client.mailboxOpen(mailbox, { readOnly: true })
      expect({ exists, uidNext }).toEqual({ exists: mails.length, uidNext: mails.length + 1 })
      const query = { uid: true, flags: true, internalDate: true, envelope: true, source: true }
      const served = await client.fetchAll('1:*', query)
      for (const [index, mail] of mails.entries()) {
        const message = served[index]
        expect(message?.uid).toBe(index + 1)
        expect(message?.internalDate).toEqual(mail.date)
        expect([...(message?.flags ?? [])].filter((flag) => flag !== '\\Recent').sort()).toEqual(mail.flags.toSorted())
        expect(message?.envelope?.messageId).toBe(mail.messageId)
        expect(message?.source?.equals(mail.octets), `octets of ${index}`).toBe(true)
      }
    } finally {
      await client.logout()
    }
  }

  it('serves what was written: counts, order, dates, flags, octets', async () => {
    const mails = [...generate({ count: 120, seed: 'fill' })]
    const user = lab.addUser('fay')
    const bytes = mails.reduce((sum, { octets }) => sum + octets.length, 0)
    expect(await lab.fill(user, 'INBOX', mails)).toEqual({ count: 120, bytes })
    await expectServed('fay', 'INBOX', mails)
  })

  it('creates nested and non-ASCII mailboxes on the way', async () => {
    const mails = [...generate({ count: 5, seed: 'nested' })]
    const user = lab.addUser('nell')
    await lab.fill(user, 'Projekte/Übersicht', mails)
    await expectServed('nell', 'Projekte/Übersicht', mails)
  })

  it('serves the same from the cache', async () => {
    const options = { count: 40, seed: 'cache' }
    const mails = [...generate(options)]
    for (const name of ['one', 'two']) {
      await lab.fillGenerated(lab.addUser(name), 'INBOX', options)
      await expectServed(name, 'INBOX', mails)
    }
  })
})
