/**
 * A certificate authority of the lab's own and the server certificates that a mail client meets in the wild.
 * Every key is thrown away with its folder; nothing here is ever trusted outside a test.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { makeTemporary } from './temporary.ts'

const run = promisify(execFile)

/** A certificate and its private key, as paths of PEM files; `ca` is what a client must trust to accept a good one. */
export interface Certificate {
  cert: string
  key: string
  ca: string
}

interface Recipe {
  commonName: string
  /** subjectAltName (RFC 5280 §4.2.1.6); none gives a certificate with a name in its CN only. */
  names?: string
  from?: string
  to?: string
  /** Signed by a second authority of the same name, or by nobody else. */
  signer?: 'rogue' | 'self'
  digest?: 'sha1'
  key?: string[]
}

const LOOPBACK = 'DNS:localhost,DNS:mail.test,IP:127.0.0.1'
const DAY = 86_400_000
const VALID: Recipe = { commonName: 'localhost', names: LOOPBACK }

const RECIPES = {
  valid: VALID,
  expired: { ...VALID, from: '20200101000000Z', to: '20210101000000Z' },
  notyet: { ...VALID, from: asn1Time(300), to: asn1Time(600) },
  wronghost: { commonName: 'other.test', names: 'DNS:other.test' },
  cnonly: { commonName: 'localhost' },
  wildcard: { commonName: '*.test', names: 'DNS:*.test' },
  rogue: { ...VALID, signer: 'rogue' },
  sha1: { ...VALID, digest: 'sha1', key: ['rsa:2048'] },
  rsa1024: { ...VALID, key: ['rsa:1024'] },
  selfsigned: { ...VALID, signer: 'self' },
} satisfies Record<string, Recipe>

/** What is right or wrong with a server's certificate; only `valid` may be accepted with the lab's CA. */
export type CertificateVariant = keyof typeof RECIPES

const EC_KEY = ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
const CA_CONFIG = `[ca]
default_ca=lab
[lab]
database=db/index.txt
serial=db/serial
new_certs_dir=db
policy=names
default_md=sha256
copy_extensions=copy
unique_subject=no
[names]
commonName=supplied
`

let folder: string | undefined
const made = new Map<string, Promise<Certificate>>()
let queue: Promise<unknown> = Promise.resolve()

/**
 * The certificate of a variant, made at the first call in this process by the `openssl` command and kept until it ends.
 * @throws Error with openssl's own words when it is missing or refuses
 */
export function certificate(variant: CertificateVariant): Promise<Certificate> {
  const known = made.get(variant)
  if (known) return known
  // One at a time: `openssl ca` keeps its ledger in one file.
  const making = queue.then(() => make(variant, RECIPES[variant]))
  queue = making.catch(() => undefined)
  made.set(variant, making)
  return making
}

async function make(name: string, recipe: Recipe): Promise<Certificate> {
  const dir = await authority()
  const { commonName, names, signer, digest, key = EC_KEY } = recipe
  const file = (suffix: string) => join(dir, `${name}.${suffix}`)
  const request = ['req', '-newkey', ...key, '-nodes', '-keyout', file('key'), '-subj', `/CN=${commonName}`]
  if (names) request.push('-addext', `subjectAltName=${names}`)
  if (signer === 'self') {
    await run('openssl', [...request, '-x509', '-days', '300', '-out', file('pem')], { cwd: dir })
  } else {
    const issuer = signer === 'rogue' ? 'rogueca' : 'ca'
    if (issuer === 'rogueca') await makeAuthority(dir, issuer)
    await run('openssl', [...request, '-out', file('csr')], { cwd: dir })
    const { from = asn1Time(-1), to = asn1Time(300) } = recipe
    const sign = ['ca', '-batch', '-notext', '-config', 'ca.cnf', '-cert', `${issuer}.pem`, '-keyfile', `${issuer}.key`]
    sign.push('-md', digest ?? 'sha256', '-startdate', from, '-enddate', to, '-in', file('csr'), '-out', file('pem'))
    await run('openssl', sign, { cwd: dir })
  }
  return { cert: file('pem'), key: file('key'), ca: join(dir, 'ca.pem') }
}

async function authority(): Promise<string> {
  if (folder) return folder
  const dir = makeTemporary('ca')
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }))
  mkdirSync(join(dir, 'db'))
  writeFileSync(join(dir, 'db', 'index.txt'), '')
  writeFileSync(join(dir, 'db', 'serial'), '1000\n')
  writeFileSync(join(dir, 'ca.cnf'), CA_CONFIG)
  await makeAuthority(dir, 'ca')
  folder = dir
  return dir
}

async function makeAuthority(cwd: string, name: string): Promise<void> {
  const request = ['req', '-x509', '-newkey', ...EC_KEY, '-nodes', '-keyout', `${name}.key`, '-out', `${name}.pem`]
  // Both authorities carry one name, so that only the signature tells the rogue from the true one.
  request.push('-days', '3650', '-subj', '/CN=Ketchup Lab CA')
  request.push('-addext', 'keyUsage=critical,keyCertSign,cRLSign')
  await run('openssl', request, { cwd })
}

function asn1Time(daysFromNow: number): string {
  const iso = new Date(Date.now() + daysFromNow * DAY).toISOString()
  return `${iso.slice(0, 19).replace(/[-T:]/g, '')}Z`
}
