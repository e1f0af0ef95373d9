import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccountSettings } from '../../preload/contract/index.ts'
import { accountFile } from '../lab/account.ts'
import { startDovecot, type DovecotLab, type LabUser } from '../lab/dovecot.ts'
import { freePort } from '../lab/ports.ts'
import { describeLab } from '../lab/vitest.ts'
import { startPlainServer } from './plain-server.ts'
import { settingsOf, startRig, type Rig } from './rig.ts'

const PASSWORD = 'geheim-2718'
const clear = (port: number): AccountSettings => ({
  email: 'alice@mail.test',
  name: '',
  imap: { host: '127.0.0.1', port, security: 'starttls', user: 'alice@mail.test' },
})

describe('no-plaintext: a server in clear', () => {
  let rig: Rig
  beforeAll(() => {
    rig = startRig()
  })
  afterAll(() => rig.close())

  const capability = (caps: string) => (line: string, tag: string) =>
    /CAPABILITY/i.test(line) ? `* CAPABILITY IMAP4rev1 ${caps}\r\n${tag} OK done\r\n` : `${tag} OK done\r\n`
  const cases: [string, string, Parameters<typeof startPlainServer>[1], string][] = [
    ['that does not offer STARTTLS', '* OK hello\r\n', capability('AUTH=PLAIN'), 'tls.required'],
    [
      'that says so in its greeting',
      '* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hello\r\n',
      capability('AUTH=PLAIN'),
      'tls.required',
    ],
    [
      'that refuses STARTTLS',
      '* OK hello\r\n',
      (line, tag) => (/STARTTLS/.test(line) ? `${tag} NO not today\r\n` : capability('STARTTLS AUTH=PLAIN')(line, tag)),
      'tls.required',
    ],
    [
      'that answers BAD to STARTTLS',
      '* OK hello\r\n',
      (line, tag) => (/STARTTLS/.test(line) ? `${tag} BAD what\r\n` : capability('STARTTLS AUTH=PLAIN')(line, tag)),
      'tls.required',
    ],
    [
      'that injects answers behind the STARTTLS OK',
      '* OK hello\r\n',
      (line, tag) =>
        /STARTTLS/.test(line)
          ? `${tag} OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n2 OK done\r\n`
          : capability('STARTTLS AUTH=PLAIN')(line, tag),
      'tls.injected',
    ],
    ['that greets with PREAUTH', '* PREAUTH welcome\r\n', capability('STARTTLS'), 'tls.injected'],
    [
      'that refers to another server at login',
      '* OK [REFERRAL imap://evil.test/] hello\r\n',
      (line, tag) =>
        /LOGIN|AUTH/.test(line) ? `${tag} NO [REFERRAL imap://evil.test/] go\r\n` : capability('AUTH=PLAIN')(line, tag),
      'tls.required',
    ],
  ]
  it.each(cases)('%s gets no credential', async (_name, greeting, answer, code) => {
    const server = await startPlainServer(greeting, answer)
    const result = await rig.engine.test(clear(server.port), PASSWORD)
    expect(result).toMatchObject({ ok: false, error: { code } })
    await server.whenLeft()
    const sent = server.received()
    expect(sent).not.toMatch(/LOGIN|AUTHENTICATE|SELECT|APPEND|LIST/i)
    expect(sent).not.toContain(Buffer.from(PASSWORD).toString('base64'))
    expect(sent).not.toContain(PASSWORD)
    await server.close()
  })

  it('that speaks no TLS on a TLS port gets none either', async () => {
    const server = await startPlainServer('* OK hello\r\n', () => null)
    const settings = clear(server.port)
    const result = await rig.engine.test({ ...settings, imap: { ...settings.imap, security: 'tls' } }, PASSWORD)
    expect(result).toMatchObject({ ok: false, error: { code: 'tls.handshake' } })
    expect(server.received()).not.toContain(PASSWORD)
    await server.close()
  })

  it('that is no mail server is told apart', async () => {
    const server = await startPlainServer('SSH-2.0-OpenSSH_9.2\r\n', () => null)
    const result = await rig.engine.test(clear(server.port), PASSWORD)
    expect(result).toMatchObject({ ok: false, error: { code: expect.stringMatching(/^net\./) as string } })
    await server.close()
  })

  it('that nobody runs is told as such', async () => {
    expect(await rig.engine.test(clear(await freePort()), PASSWORD)).toMatchObject({ error: { code: 'net.refused' } })
    const settings = clear(993)
    const nowhere = { ...settings, imap: { ...settings.imap, host: 'no-such-host.invalid' } }
    expect(await rig.engine.test(nowhere, PASSWORD)).toMatchObject({ error: { code: 'net.dns' } })
  })
})

describeLab('cert-truth: a certificate', () => {
  let lab: DovecotLab
  let user: LabUser
  let rig: Rig
  beforeAll(async () => {
    lab = await startDovecot()
    user = lab.addUser('alice', PASSWORD)
    rig = startRig()
  })
  afterAll(async () => {
    await rig.close()
    await lab.close()
  })

  it.each([
    ['expired', 'cert.expired'],
    ['notyet', 'cert.not-yet-valid'],
    ['wronghost', 'cert.wrong-host'],
    ['cnonly', 'cert.wrong-host'],
    ['wildcard', 'cert.wrong-host'],
    ['rogue', 'cert.untrusted'],
    ['selfsigned', 'cert.untrusted'],
    ['sha1', 'cert.weak'],
    ['rsa1024', 'cert.weak'],
  ] as const)('that is %s is refused before any credential, over TLS and STARTTLS', async (certificate, code) => {
    await lab.stop()
    await lab.start({ certificate })
    const from = lab.log().length
    for (const security of ['tls', 'starttls'] as const) {
      const settings = settingsOf(accountFile(lab, user, { security }))
      const result = await rig.engine.test(settings, PASSWORD)
      expect(result, security).toMatchObject({ ok: false, error: { code } })
    }
    expect(lab.log().slice(from).join('\n')).not.toMatch(/Login:|auth failed/)
  })

  it('that is valid lets in, over TLS and STARTTLS, and says what it is', async () => {
    await lab.stop()
    await lab.start({ certificate: 'valid' })
    for (const security of ['tls', 'starttls'] as const) {
      const result = await rig.engine.test(settingsOf(accountFile(lab, user, { security })), PASSWORD)
      expect(result).toMatchObject({ ok: true, value: { tls: { version: 'TLSv1.3' }, mailboxes: 6 } })
    }
  })

  it('without trust in its issuer is refused', async () => {
    const settings = settingsOf({ ...accountFile(lab, user), ca: '' })
    expect(await rig.engine.test(settings, PASSWORD)).toMatchObject({ error: { code: 'cert.untrusted' } })
  })

  it('of an authority that is no certificate at all is told as such', async () => {
    const settings = { ...settingsOf(accountFile(lab, user)), ca: 'not a certificate' }
    expect(await rig.engine.test(settings, PASSWORD)).toMatchObject({ ok: false, error: { code: 'input.invalid' } })
  })

  it('does not help a wrong password, whose refusal comes in the words of the server', async () => {
    const result = await rig.engine.test(settingsOf(accountFile(lab, user)), 'wrong')
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'auth.failed', server: expect.stringContaining('Authentication failed') as string },
    })
    expect(JSON.stringify(result)).not.toContain('wrong"')
  })
})
