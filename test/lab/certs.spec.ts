import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { type CertificateVariant, certificate } from './certs.ts'

/** What a client that trusts the lab's CA says of a server at `host`: 'accepted', or the code of its refusal, or
 * its words where Node has no code for them. */
async function verdict(variant: CertificateVariant, host = 'localhost'): Promise<string> {
  const { cert, key, ca } = await certificate(variant)
  // The server shows weak certificates too; whether to take them is the client's to say.
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key), ciphers: 'DEFAULT@SECLEVEL=0' })
  server.on('tlsClientError', () => undefined) // the client's refusal, seen from the other end
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = connect({ port, host: '127.0.0.1', servername: host, ca: readFileSync(ca) })
  try {
    await once(client, 'secureConnect')
    return 'accepted'
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === undefined || code === 'UNSPECIFIED' ? message : code
  } finally {
    client.destroy()
    server.close()
  }
}

describe('lab: certificates', () => {
  it.each<[CertificateVariant, string, string]>([
    ['valid', 'localhost', 'accepted'],
    ['valid', 'mail.test', 'accepted'],
    ['valid', 'other.test', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['expired', 'localhost', 'CERT_HAS_EXPIRED'],
    ['notyet', 'localhost', 'CERT_NOT_YET_VALID'],
    ['wronghost', 'localhost', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    // Node takes no wildcard right below the top level.
    ['wildcard', 'mail.test', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['wildcard', 'localhost', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['rogue', 'localhost', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['selfsigned', 'localhost', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['sha1', 'localhost', 'CA signature digest algorithm too weak'],
    ['rsa1024', 'localhost', 'EE certificate key too weak'],
    // Node still takes a name that stands in the CN alone.
    ['cnonly', 'localhost', 'accepted'],
  ])('%s at %s: %s', async (variant, host, expected) => {
    expect(await verdict(variant, host)).toBe(expected)
  })

  it('are made once in a process', async () => {
    expect(await certificate('valid')).toBe(await certificate('valid'))
  })
})
