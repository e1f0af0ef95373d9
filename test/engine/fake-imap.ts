import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import type { AccountFile } from '../lab/account.ts'
import { certificate } from '../lab/certs.ts'

/** A server over TLS that holds a few mails and can be told to misbehave. Speaks what the engine says, no more. */
export interface FakeImap {
  readonly account: AccountFile
  /** By UID. */
  readonly mails: Map<number, { octets: Buffer; flags: string[] }>
  uidValidity: number
  /** EXISTS, when it is to differ from the truth. */
  exists: number | null
  /** What SEARCH answers, when it is to differ from the truth. */
  search: number[] | null
  /** Answers in place of a message's FETCH line; null: the truth. 'cut' ends the connection in the middle of it. */
  onFetch: (uid: number) => Buffer | 'cut' | null
  /** Tagged answer in place of OK to a command that matches. */
  refuse: { pattern: RegExp; answer: string } | null
  /** Lines of clients, without their tags. */
  readonly commands: string[]
  close(): Promise<void>
}

export async function startFakeImap(count: number): Promise<FakeImap> {
  const pair = await certificate('valid')
  const sockets = new Set<TLSSocket>()
  const fake: FakeImap = {
    account: {
      email: 'fake@mail.test',
      imap: { host: 'localhost', port: 0, security: 'tls', user: 'fake@mail.test', password: 'secret' },
      ca: pair.ca,
    },
    mails: new Map(),
    uidValidity: 1,
    exists: null,
    search: null,
    onFetch: () => null,
    refuse: null,
    commands: [],
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
  for (let uid = 1; uid <= count; uid++) {
    const octets = Buffer.from(`Message-ID: <${uid}@fake>\r\nSubject: Mail ${uid}\r\n\r\nText ${uid}\r\n`)
    fake.mails.set(uid, { octets, flags: [] })
  }
  const server = createServer({ key: readFileSync(pair.key), cert: readFileSync(pair.cert) }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.write('* OK ready\r\n')
    let rest = ''
    socket.on('data', (data: Buffer) => {
      rest += data.toString('latin1')
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end)
        rest = rest.slice(end + 2)
        answer(fake, socket, line)
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  fake.account.imap.port = (server.address() as AddressInfo).port
  return fake
}

let idleTag = ''

function answer(fake: FakeImap, socket: TLSSocket, line: string): void {
  const [tag = '', ...words] = line.split(' ')
  const command = words.join(' ')
  if (line === 'DONE') return void socket.write(`${idleTag} OK done\r\n`)
  fake.commands.push(command)
  const say = (text: string | Buffer) => void socket.write(text)
  if (fake.refuse?.pattern.test(command)) return say(`${tag} ${fake.refuse.answer}\r\n`)
  const exists = fake.exists ?? fake.mails.size
  const next = Math.max(0, ...fake.mails.keys()) + 1
  if (/^CAPABILITY/i.test(command)) say('* CAPABILITY IMAP4rev1 IDLE\r\n')
  else if (/^LIST/i.test(command)) say('* LIST () "/" INBOX\r\n')
  else if (/^STATUS/i.test(command))
    say(`* STATUS INBOX (MESSAGES ${exists} UIDNEXT ${next} UIDVALIDITY ${fake.uidValidity} UNSEEN 0)\r\n`)
  else if (/^(SELECT|EXAMINE)/i.test(command))
    say(`* ${exists} EXISTS\r\n* OK [UIDVALIDITY ${fake.uidValidity}] ok\r\n* OK [UIDNEXT ${next}] ok\r\n`)
  else if (/^UID SEARCH/i.test(command)) {
    const found = /LARGER/i.test(command)
      ? []
      : (fake.search ?? [...fake.mails.keys()].filter((uid) => inSet(/UID (\S+)$/i.exec(command)?.[1] ?? '1:*', uid)))
    say(`* SEARCH ${found.join(' ')}\r\n`)
  } else if (/^UID FETCH/i.test(command)) {
    for (const [index, uid] of [...fake.mails.keys()].entries()) {
      if (!inSet(words[2] ?? '', uid)) continue
      const special = /BODY/i.test(command) ? fake.onFetch(uid) : null
      const truth = fetched(fake, index + 1, uid, command)
      if (special === 'cut') {
        say(truth.subarray(0, truth.length - 12))
        socket.destroy()
        return
      }
      say(special ?? truth)
    }
  } else if (/^IDLE/i.test(command)) {
    idleTag = tag
    return say('+ idling\r\n')
  } else if (/^LOGOUT/i.test(command)) say('* BYE bye\r\n')
  say(`${tag} OK done\r\n`)
}

function fetched(fake: FakeImap, seq: number, uid: number, command: string): Buffer {
  const mail = fake.mails.get(uid)
  const octets = mail?.octets ?? Buffer.alloc(0)
  const start = `* ${seq} FETCH (UID ${uid} FLAGS (${mail?.flags.join(' ') ?? ''}) INTERNALDATE "01-Jan-2026 10:00:00 +0000" RFC822.SIZE ${octets.length}`
  if (!/BODY/i.test(command)) return Buffer.from(`${start})\r\n`)
  const header = /HEADER/i.test(command)
  const body = header ? octets.subarray(0, octets.indexOf('\r\n\r\n') + 4) : octets
  const section = /HEADER\.FIELDS \(([^)]*)\)/i.exec(command)
  const name = section ? `BODY[HEADER.FIELDS (${section[1]})]` : header ? 'BODY[HEADER]' : 'BODY[]'
  return Buffer.concat([Buffer.from(`${start} ${name} {${body.length}}\r\n`), body, Buffer.from(')\r\n')])
}

function inSet(set: string, uid: number): boolean {
  return set.split(',').some((part) => {
    const [from = '', to = from] = part.split(':')
    return uid >= Number(from) && (to === '*' || uid <= Number(to))
  })
}
