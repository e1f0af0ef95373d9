import { type Socket, connect } from 'node:net'
import { createInterface } from 'node:readline'

/**
 * Hands one message to an LMTP server (RFC 2033) for one recipient.
 * @throws Error with the server's own reply when it refuses
 */
export async function deliverByLmtp(port: number, recipient: string, octets: Uint8Array): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1' })
  const failed = new Promise<never>((_resolve, reject) => {
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('The LMTP server closed the connection.')))
  })
  failed.catch(() => undefined)
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
  try {
    await Promise.race([converse(socket, lines, recipient, octets), failed])
  } finally {
    socket.destroy()
  }
}

async function converse(socket: Socket, lines: AsyncIterator<string>, recipient: string, octets: Uint8Array) {
  const expect = async (code: string) => {
    for (;;) {
      const line = (await lines.next()).value as string | undefined
      if (line === undefined) throw new Error('The LMTP server closed the connection.')
      if (!line.startsWith(code)) throw new Error(`The LMTP server refused a delivery: ${line}`)
      if (line[3] !== '-') return
    }
  }
  const say = async (command: string, code: string) => {
    socket.write(`${command}\r\n`)
    await expect(code)
  }
  await expect('220')
  await say('LHLO lab', '250')
  await say('MAIL FROM:<lab@mail.test>', '250')
  await say(`RCPT TO:<${recipient}>`, '250')
  await say('DATA', '354')
  const body = dotStuffed(octets)
  socket.write(body)
  if (body.at(-1) !== 10) socket.write('\r\n')
  await say('.', '250')
}

/** A line that begins with a dot gets a second one (RFC 5321 §4.5.2); everything else stays octet for octet. */
function dotStuffed(octets: Uint8Array): Buffer {
  const text = Buffer.from(octets).toString('latin1')
  return Buffer.from(text.replace(/^\./, '..').replaceAll('\n.', '\n..'), 'latin1')
}
