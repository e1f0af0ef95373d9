import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { whenIdle, type Application } from '../app/application.ts'
import { accountFile, type AccountFile } from '../lab/account.ts'
import type { CertificateVariant } from '../lab/certs.ts'
import { generate } from '../lab/generator.ts'
import type { LabUser } from '../lab/dovecot.ts'
import { freePort } from '../lab/ports.ts'
import { expect, test, useLab } from './fixtures.ts'
import { AccountForm } from './pages/account-form.ts'
import { MailWindow } from './pages/mail-window.ts'

const PASSWORD = 'Tr0ub4dor&3 with ümlaut'
const WRONG = 'not-the-Passw0rd-9e1f'
let user: LabUser

const lab = useLab(async (lab) => {
  user = lab.addUser('alice', PASSWORD)
  await lab.fill(user, 'INBOX', generate({ count: 5, seed: 'wrong input' }))
})

/** The lab's account with some of it changed. */
function account(change: Partial<AccountFile['imap']> = {}): AccountFile {
  const file = accountFile(lab(), user)
  return { ...file, imap: { ...file.imap, ...change } }
}

/** Every file below a folder that can be read. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** A text in the encodings in which Chromium and we write strings to a disk. */
function forms(text: string): Buffer[] {
  return [Buffer.from(text), Buffer.from(text, 'utf16le'), Buffer.from(Buffer.from(text).toString('base64'))]
}

/** Where a secret is found that must be nowhere: files of the profile, command lines, environments, IndexedDB. */
async function leaks(application: Application, secret: string): Promise<string[]> {
  const { profile, page } = application
  const found: string[] = []
  const holds = (octets: Buffer) => forms(secret).some((form) => octets.includes(form))
  for (const file of filesBelow(profile)) {
    // The one place where it may be: 0600, and the form says so.
    if (file === join(profile, 'secrets.json')) continue
    try {
      if (holds(readFileSync(file))) found.push(file.slice(profile.length))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error // Chromium moves its files while we look
    }
  }
  for (const { pid, command } of Object.values(application.processes()).flat())
    for (const kind of ['cmdline', 'environ']) {
      try {
        if (holds(readFileSync(`/proc/${pid}/${kind}`))) found.push(`${kind} of ${command.slice(0, 80)}`)
      } catch {
        // it ended while we looked
      }
    }
  const stored = await page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
      })
    const all: unknown[] = [{ ...localStorage }, { ...sessionStorage }, document.cookie]
    for (const { name } of await indexedDB.databases()) {
      const database = await settled(indexedDB.open(name ?? ''))
      for (const store of database.objectStoreNames)
        all.push(await settled(database.transaction(store).objectStore(store).getAll()))
      database.close()
    }
    // Bodies lie there as bytes: each as the character of its code, as latin1.
    return JSON.stringify(all, (_key, value: unknown) => {
      const bytes =
        value instanceof ArrayBuffer
          ? new Uint8Array(value)
          : ArrayBuffer.isView(value)
            ? new Uint8Array(value.buffer)
            : null
      return bytes === null ? value : new TextDecoder('latin1').decode(bytes)
    })
  })
  if (stored.length < 10) found.push('nothing of IndexedDB was read')
  if (forms(secret).some((form) => stored.includes(form.toString('latin1')) || stored.includes(form.toString('utf8'))))
    found.push('IndexedDB')
  return found
}

const WRONGS: readonly {
  readonly what: string
  readonly change: () => Promise<Partial<AccountFile['imap']>>
  readonly code: string
  readonly words: RegExp
  readonly remedy: RegExp
}[] = [
  {
    what: 'host',
    change: async () => ({ host: 'imap.nowhere.invalid' }),
    code: 'net.dns',
    words: /^There is no server called imap\.nowhere\.invalid/,
    remedy: /Check the spelling of the server name/,
  },
  {
    what: 'port',
    change: async () => ({ port: await freePort() }),
    code: 'net.refused',
    words: /^Nothing answers at localhost, port \d+: the system says '.*ECONNREFUSED.*'/,
    remedy: /check the port: TLS usually uses 993/,
  },
  {
    what: 'kind of security',
    change: async () => ({ port: lab().ports.imap, security: 'tls' as const }),
    code: 'tls.handshake',
    words: /^No safe connection could be agreed with localhost, port \d+/,
    remedy: /\w+/,
  },
  {
    what: 'user',
    change: async () => ({ user: 'nobody@mail.test' }),
    code: 'auth.failed',
    words: /^Couldn't sign in to localhost: the server says '.*Authentication failed.*'\.$/,
    remedy: /Check the user name and the password/,
  },
  {
    what: 'password',
    change: async () => ({ password: WRONG }),
    code: 'auth.failed',
    words: /^Couldn't sign in to localhost: the server says '.*Authentication failed.*'\.$/,
    remedy: /Check the user name and the password/,
  },
]

test('a wrong host, port or password gets one sentence with the words of the server, and stores nothing', async ({
  launch,
}) => {
  const application = await launch()
  const { page } = application
  const form = new AccountForm(page)
  await form.fill(account())
  for (const { what, change, code, words, remedy } of WRONGS) {
    await test.step(`a wrong ${what}`, async () => {
      await form.fill(account(await change()))
      await form.test()
      await expect(form.error).toHaveAttribute('data-code', code)
      await expect(form.error.locator('p').first()).toHaveText(words)
      await expect(form.error.locator('p').nth(1)).toHaveText(remedy)
      await expect(form.works).toHaveCount(0)
    })
  }
  await test.step('nothing was stored', async () => {
    for (const secret of [WRONG, PASSWORD]) expect(await leaks(application, secret)).toEqual([])
    const own = filesBelow(application.profile).filter((file) => !file.startsWith(join(application.profile, 'browser')))
    expect(own.filter((file) => readFileSync(file).includes('alice@mail.test'))).toEqual([])
    await page.reload()
    await expect(page.getByRole('heading', { name: 'Catch up with your mail' })).toBeVisible()
  })
})

test('an account that was added with a wrong password asks for another, and goes on', async ({ launch }) => {
  const { page } = await launch()
  const form = new AccountForm(page)
  const { status } = new MailWindow(page)
  await form.fill(account({ password: WRONG }))
  await form.add()
  await status.getByRole('button', { name: 'Sign-in needed' }).click()
  const panel = page.getByRole('dialog', { name: 'Accounts' })
  await expect(panel.getByRole('alert')).toHaveText(/Couldn't sign in to localhost: the server says '.+'\./)
  await panel.getByRole('button', { name: 'Enter password' }).click()
  await panel.getByLabel('New password').fill(PASSWORD)
  await panel.getByRole('button', { name: 'Save and try again' }).click()
  await expect(panel).toContainText('Up to date')
})

const CERTIFICATES: readonly (readonly [CertificateVariant, code: string, words: RegExp, remedy: RegExp])[] = [
  ['expired', 'cert.expired', /^The certificate of localhost has expired/, /Check this computer's clock/],
  ['wronghost', 'cert.wrong-host', /^The certificate that localhost shows belongs to another server/, /server name/],
  ['selfsigned', 'cert.untrusted', /^The certificate of localhost comes from an issuer/, /add its file under Advanced/],
]

test('a certificate that cannot be trusted is refused with its reason, before a password is sent', async ({
  launch,
}) => {
  const { page } = await launch()
  const form = new AccountForm(page)
  await form.fill(account())
  for (const [variant, code, words, remedy] of CERTIFICATES) {
    await test.step(`a certificate that is ${variant}`, async () => {
      await lab().stop()
      await lab().start({ certificate: variant })
      const lines = lab().log().length
      await form.test()
      await expect(form.error).toHaveAttribute('data-code', code)
      await expect(form.error.locator('p').first()).toHaveText(words)
      await expect(form.error.locator('p').first()).toHaveText(/: the (server|system) says '.+'\.$/)
      await expect(form.error.locator('p').nth(1)).toHaveText(remedy)
      expect(
        lab()
          .log()
          .slice(lines)
          .filter((line) => /Login: user=|auth failed/.test(line)),
      ).toEqual([])
    })
  }
  await lab().stop()
  await lab().start({ certificate: 'valid' })
})

test('a password that works is in no log, no database, no command line and no environment', async ({ launch }) => {
  const application = await launch()
  const form = new AccountForm(application.page)
  await form.fill(account())
  await form.add()
  await expect(new MailWindow(application.page).status).toContainText('Up to date')
  await whenIdle(application.page)
  expect(await leaks(application, PASSWORD)).toEqual([])
  // The search finds what is there: the address is in the database, the password where it belongs.
  expect(await leaks(application, 'alice@mail.test')).toContain('IndexedDB')
  expect(readFileSync(join(application.profile, 'secrets.json'), 'utf8')).toContain(
    JSON.stringify(PASSWORD).slice(1, -1),
  )
})
