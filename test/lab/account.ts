import type { DovecotLab, LabUser } from './dovecot.ts'

/** What `npm run headless -- --account FILE` reads; `ca` is the path of a PEM file to trust beside the system's. */
export interface AccountFile {
  email: string
  imap: ServerFile
  pop3?: ServerFile
  smtp?: ServerFile
  ca?: string
}

export interface ServerFile {
  host: string
  port: number
  security: 'tls' | 'starttls'
  user: string
  password: string
}

/** The account of a user of the lab, with IMAP; POP3 stays out until somebody asks for it. */
export function accountFile(
  lab: Pick<DovecotLab, 'ports' | 'ca'>,
  { email, user, password }: LabUser,
  { security = 'tls' }: { security?: 'tls' | 'starttls' } = {},
): AccountFile {
  const port = security === 'tls' ? lab.ports.imaps : lab.ports.imap
  return { email, imap: { host: 'localhost', port, security, user, password }, ca: lab.ca }
}
