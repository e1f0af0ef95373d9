/** `npm run lab`: a mail server with a few people's mail, for use by hand until Ctrl-C. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensure } from '../../build/install-debian.ts'
import { accountFile } from './account.ts'
import { type DovecotLab, type LabUser, startDovecot } from './dovecot.ts'
import { type MailboxOptions, generate, sizes } from './generator.ts'

const NAMES = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi', 'ivan', 'judy']

const USAGE = `npm run lab -- [options]
  --users N      how many people have an account (3; at most ${NAMES.length})
  --messages N   messages in each INBOX (300)
  --big          alice's INBOX is the one of the benches: 10,000 messages, 240 MB
  --no-install   do not install a missing Dovecot, only say how to`

interface Options {
  users: number
  messages: number
  big: boolean
  install: boolean
}

function readOptions(): Options | string {
  try {
    const { values } = parseArgs({
      options: {
        users: { type: 'string', default: '3' },
        messages: { type: 'string', default: String(sizes.small.count) },
        big: { type: 'boolean', default: false },
        install: { type: 'boolean', default: true },
        help: { type: 'boolean', default: false },
      },
      allowNegative: true,
    })
    const [users, messages] = [Number(values.users), Number(values.messages)]
    if (values.help) return USAGE
    if (!Number.isInteger(users) || users < 1 || users > NAMES.length) {
      return `--users takes a number from 1 to ${NAMES.length}.\n${USAGE}`
    }
    if (!Number.isInteger(messages) || messages < 0) return `--messages takes a number from 0 up.\n${USAGE}`
    return { users, messages, big: values.big, install: values.install }
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n${USAGE}`
  }
}

async function fillMailboxes(
  lab: DovecotLab,
  user: LabUser,
  inbox: { count: number; bytes?: number },
  messages: number,
): Promise<number> {
  const owner = {
    name: `${user.email[0]?.toUpperCase()}${user.email.slice(1, user.email.indexOf('@'))} Lab`,
    address: user.email,
  }
  const share = (part: number) => ({ count: Math.ceil(messages * part) })
  const folders: [string, Omit<MailboxOptions, 'seed'>][] = [
    ['INBOX', inbox],
    ['Archive', share(0.2)],
    ['Sent', { ...share(0.1), sent: true }],
    ['Projects/Ketchup', share(0.08)],
    ['Projects/Übersicht', share(0.05)],
  ]
  let count = 0
  for (const [name, size] of folders) {
    const mailbox = { ...size, owner, seed: `${user.email} ${name}` }
    // Only the big one is worth 240 MB of cache.
    const isBig = inbox === sizes.big && name === 'INBOX'
    const filled = isBig ? await lab.fillGenerated(user, name, mailbox) : await lab.fill(user, name, generate(mailbox))
    count += filled.count
  }
  return count
}

function describe(lab: DovecotLab, accounts: { user: LabUser; count: number; file: string }[]): string {
  const { imap, imaps, pop3, pop3s, lmtp } = lab.ports
  const people = accounts.map(
    ({ user, count, file }) => `  ${user.email}   password: ${user.password}   ${count} messages\n    ${file}`,
  )
  return `Dovecot runs on 127.0.0.1 ("localhost" in the certificate).
  IMAP  ${imaps} (TLS)  ${imap} (STARTTLS)
  POP3  ${pop3s} (TLS)  ${pop3} (STLS)
  LMTP  ${lmtp} (deliveries, no password)
  CA certificate to trust: ${lab.ca}
Accounts (log in with the whole address), each with its file for \`npm run headless -- --account FILE\`:
${people.join('\n')}
Ctrl-C ends it and removes all of it.`
}

async function main(): Promise<number> {
  const options = readOptions()
  if (typeof options === 'string') {
    console.error(options)
    return process.argv.includes('--help') ? 0 : 2
  }
  const { missing } = await ensure(['dovecot'], { install: options.install })
  if (missing[0]) {
    console.error(`The lab needs Dovecot, which is not installed here. Run: ${missing[0].line}`)
    return 1
  }
  // Heard from the very start, so that a Ctrl-C while mail is written ends cleanly too; and every time, for a terminal
  // and build/run.mjs both pass one on.
  const ended = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
  })
  const lab = await startDovecot()
  try {
    const accounts = []
    for (const [index, name] of NAMES.slice(0, options.users).entries()) {
      const user = lab.addUser(name)
      const inbox = options.big && index === 0 ? sizes.big : { count: options.messages }
      const count = await fillMailboxes(lab, user, inbox, options.messages)
      const file = join(lab.folder, `account-${name}.json`)
      writeFileSync(file, `${JSON.stringify(accountFile(lab, user), null, 2)}\n`, { mode: 0o600 })
      accounts.push({ user, count, file })
    }
    console.log(describe(lab, accounts))
    await ended
  } finally {
    await lab.close()
  }
  return 0
}

process.exitCode = await main()
