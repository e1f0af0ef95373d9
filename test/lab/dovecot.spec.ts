import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:tls'
import { ImapFlow } from 'imapflow'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { accountFile } from './account.ts'
import { type DovecotLab, type LabUser, imapClient, startDovecot } from './dovecot.ts'
import { describeLab } from './vitest.ts'

const mail = (subject: string, text = 'Hello.') => Buffer.from(`Subject: ${subject}\r\n\r\n${text}\r\n`)

async function withClient<T>(lab: DovecotLab, user: LabUser, use: (client: ImapFlow) => Promise<T>): Promise<T> {
  const client = imapClient(lab, user)
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.logout()
  }
}

function subjects(lab: DovecotLab, user: LabUser, mailbox = 'INBOX'): Promise<string[]> {
  return withClient(lab, user, async (client) => {
    const { exists } = await client.mailboxOpen(mailbox)
    if (exists === 0) return []
    const messages = await client.fetchAll('1:*', { envelope: true })
    return messages.map(({ envelope }) => envelope?.subject ?? '')
  })
}

describeLab('lab: Dovecot', () => {
  let lab: DovecotLab
  beforeAll(async () => {
    lab = await startDovecot()
  })
  afterAll(() => lab.close())

  it('lets a user in over TLS with the capabilities and special folders of a good server', async () => {
    const user = lab.addUser('tina')
    await withClient(lab, user, async (client) => {
      for (const name of ['IDLE', 'CONDSTORE', 'QRESYNC', 'UIDPLUS', 'MOVE', 'SPECIAL-USE']) {
        expect(client.capabilities.has(name), name).toBe(true)
      }
      const roles = (await client.list()).map(({ specialUse }) => specialUse)
      expect(roles).toEqual(expect.arrayContaining(['\\Drafts', '\\Sent', '\\Junk', '\\Trash', '\\Archive']))
    })
  })

  it('refuses a password before STARTTLS, and takes it after', async () => {
    const { user, password } = lab.addUser('stan')
    const { port, host } = accountFile(lab, lab.addUser('stan'), { security: 'starttls' }).imap
    const plain = { host, port, secure: false, auth: { user, pass: password }, logger: false } as const
    await expect(new ImapFlow({ ...plain, doSTARTTLS: false }).connect()).rejects.toThrow()
    expect(await subjects(lab, lab.addUser('stan'))).toEqual([])
    const client = imapClient(lab, lab.addUser('stan'), 'starttls')
    await client.connect()
    expect(client.secureConnection).toBe(true)
    await client.logout()
  })

  it('keeps two users apart', async () => {
    const [ann, ben] = [lab.addUser('ann', 'pass:word'), lab.addUser('ben')]
    await lab.deliver(ann, mail('for ann'))
    await lab.append(ben, mail('for ben'), { flags: ['\\Seen'] })
    expect(await subjects(lab, ann)).toEqual(['for ann'])
    expect(await subjects(lab, ben)).toEqual(['for ben'])
    await expect(withClient(lab, { ...ann, password: 'wrong' }, async () => undefined)).rejects.toThrow()
  })

  it('delivers lines that begin with dots unchanged', async () => {
    const user = lab.addUser('dot')
    await lab.deliver(user, mail('dots', '.\r\n..two\r\n.three'))
    const source = await withClient(lab, user, async (client) => {
      await client.mailboxOpen('INBOX')
      const message = await client.fetchOne('1', { source: true })
      return message ? message.source?.toString() : undefined
    })
    expect(source).toContain('\r\n\r\n.\r\n..two\r\n.three\r\n')
  })

  it('serves the same mail by POP3 over TLS', async () => {
    const user = lab.addUser('pop')
    await lab.append(user, mail('by POP3'))
    const socket = connect({
      port: lab.ports.pop3s,
      host: '127.0.0.1',
      servername: 'localhost',
      ca: readFileSync(lab.ca),
    })
    const chunks: Buffer[] = []
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    await once(socket, 'data')
    socket.write(`USER ${user.user}\r\nPASS ${user.password}\r\nRETR 1\r\nQUIT\r\n`)
    await once(socket, 'close')
    expect(Buffer.concat(chunks).toString()).toContain('Subject: by POP3\r\n')
  })

  it('records what a client says inside TLS', async () => {
    const user = lab.addUser('rolf')
    lab.startRawlog(user)
    await lab.append(user, mail('recorded'))
    await subjects(lab, user)
    const { client, server } = lab.rawlog(user)
    expect(client).toContain('APPEND INBOX')
    expect(client).toMatch(/FETCH 1:\* \(.*ENVELOPE/)
    expect(server).toContain('"recorded"')
  })

  it('keeps mail and ports over stop, kill and start', async () => {
    const user = lab.addUser('sue')
    await lab.append(user, mail('first'))
    await lab.stop()
    await expect(subjects(lab, user)).rejects.toThrow()
    await lab.start()
    await lab.append(user, mail('second'))
    await lab.kill()
    await expect(subjects(lab, user)).rejects.toThrow()
    await lab.start()
    expect(await subjects(lab, user)).toEqual(['first', 'second'])
    expect(lab.log().filter((line) => line.includes('starting up'))).toHaveLength(3)
  })

  it('shows the certificate that was asked for', async () => {
    const user = lab.addUser('carl')
    await lab.kill()
    await lab.start({ certificate: 'expired' })
    await expect(subjects(lab, user)).rejects.toMatchObject({ code: 'CERT_HAS_EXPIRED' })
    await lab.kill()
    await lab.start({ certificate: 'valid' })
    expect(await subjects(lab, user)).toEqual([])
  })

  it('leaves nothing behind when it is closed', async () => {
    const other = await startDovecot()
    expect(existsSync(other.folder)).toBe(true)
    await other.close()
    expect(existsSync(other.folder)).toBe(false)
  })
})
