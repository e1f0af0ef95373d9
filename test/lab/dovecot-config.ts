/** The configuration of the lab's Dovecot 2.3: everything inside one folder, nothing of the system's own. */
import { execFileSync } from 'node:child_process'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { Certificate } from './certs.ts'

/** Ports on 127.0.0.1. `imap` and `pop3` refuse a password before STARTTLS/STLS; `lmtp` is plain and for deliveries. */
export interface DovecotPorts {
  imap: number
  imaps: number
  pop3: number
  pop3s: number
  lmtp: number
}

/** The ports that Dovecot itself takes: a relay stands before those for STARTTLS (outside.ts). */
export interface InnerPorts extends DovecotPorts {
  imapInside: number
  pop3Inside: number
}

/** Owner of mail files: our own ids, or `nobody` as root, under whose id Dovecot would serve no mail. */
export interface MailOwner {
  uid: number
  gid: number
}

const NOBODY = 65_534

export function mailOwner(): MailOwner {
  const { uid, gid } = userInfo()
  return uid === 0 ? { uid: NOBODY, gid: NOBODY } : { uid, gid }
}

/** Dovecot wants the name of our group, which Node does not know. */
function groupName(): string {
  return execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim()
}

/**
 * Text of dovecot.conf. Maildir, because its files can be written beforehand by the thousand and are one file per
 * message as on most servers of this kind; CRLF on disk, so that Dovecot need not rewrite what the generator made.
 */
export function dovecotConfig(folder: string, ports: InnerPorts, certificate: Certificate): string {
  const { username } = userInfo()
  const { uid, gid } = mailOwner()
  const root = userInfo().uid === 0
  // Dovecot's own unprivileged users exist where its package is installed; a plain user can only be himself.
  const users = root
    ? 'default_internal_user = dovecot\ndefault_login_user = dovenull'
    : `default_internal_user = ${username}\ndefault_internal_group = ${groupName()}\ndefault_login_user = ${username}`
  return `
base_dir = ${join(folder, 'run')}
state_dir = ${join(folder, 'state')}
log_path = ${join(folder, 'dovecot.log')}
auth_failure_delay = 0
${users}
first_valid_uid = ${uid}
last_valid_uid = ${uid}
first_valid_gid = ${gid}
protocols = imap pop3 lmtp
listen = 127.0.0.1

ssl = required
# The ports for STARTTLS are behind a relay (outside.ts), which says who the client is.
haproxy_trusted_networks = 127.0.0.0/8
disable_plaintext_auth = yes
ssl_cert = <${certificate.cert}
ssl_key = <${certificate.key}
# The weak certificates of the tests must be presentable; refusing them is the client's part.
ssl_cipher_list = DEFAULT@SECLEVEL=0
auth_mechanisms = plain login

# A file for each user: Dovecot looks for changes of one it knows once a second only, but finds a new one at once.
passdb {
  driver = passwd-file
  args = ${join(folder, 'users')}/%u
}
userdb {
  driver = passwd-file
  args = ${join(folder, 'users')}/%u
}

mail_home = ${join(folder, 'mail')}/%n
mail_location = maildir:~/Maildir
mail_save_crlf = yes
mail_fsync = never
mail_max_userip_connections = 100
rawlog_dir = ${join(folder, 'rawlog')}/%n
auth_cache_size = 0
imap_idle_notify_interval = 2 mins

namespace inbox {
  inbox = yes
  separator = /
${['Drafts', 'Sent', 'Junk', 'Trash', 'Archive'].map(specialUse).join('\n')}
}

service imap-login {
  inet_listener imap {
    port = ${ports.imapInside}
    haproxy = yes
  }
  inet_listener imaps {
    port = ${ports.imaps}
    ssl = yes
  }
  ${LOGIN}
}
service pop3-login {
  inet_listener pop3 {
    port = ${ports.pop3Inside}
    haproxy = yes
  }
  inet_listener pop3s {
    port = ${ports.pop3s}
    ssl = yes
  }
  ${LOGIN}
}
service anvil {
  ${NO_CHROOT}
  # No penalty: all clients share one address, and one wrong password would slow down every other test.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service lmtp {
  inet_listener lmtp {
    port = ${ports.lmtp}
  }
  ${NO_CHROOT}
}
${['stats', 'ipc', 'director', 'submission-login'].map(unchrooted).join('\n')}
`
}

// A chroot needs root, and guards nothing on loopback.
const NO_CHROOT = 'chroot ='
const LOGIN = `${NO_CHROOT}\n  service_count = 0\n  client_limit = 1000\n  process_limit = 4`
const unchrooted = (service: string) => `service ${service} {\n  ${NO_CHROOT}\n}`

function specialUse(name: string): string {
  return `  mailbox ${name} {\n    auto = subscribe\n    special_use = \\${name}\n  }`
}
