import type { MailboxId, MessageId } from '../../../preload/contract/index.ts'
import type { Vault } from '../../vault/vault.ts'

/**
 * Which message has which octets, over all folders of an account: the same mail in three folders is one message with
 * three placements. Read from the bindings when first needed.
 */
export class SharedOctets {
  readonly #vault: Vault
  readonly #mailboxes: () => readonly MailboxId[]
  #messages: Map<string, MessageId> | null = null

  constructor(vault: Vault, mailboxes: () => readonly MailboxId[]) {
    this.#vault = vault
    this.#mailboxes = mailboxes
  }

  /** The message with these octets, unless this very folder holds it already: a second copy there is a second message. */
  find(sha: string, mailbox: MailboxId): MessageId | undefined {
    const message = this.#load().get(sha.slice(0, 20))
    if (message === undefined) return undefined
    return this.#vault.bindings(mailbox).holds(message) ? undefined : message
  }

  keep(sha: string, message: MessageId): void {
    this.#load().set(sha.slice(0, 20), message)
  }

  #load(): Map<string, MessageId> {
    if (this.#messages) return this.#messages
    this.#messages = new Map()
    for (const mailbox of this.#mailboxes()) {
      const all = this.#vault.bindings(mailbox).all()
      if (!all.ok) continue // unreadable: its mails are messages of their own
      for (const { sha256, message } of all.value) if (sha256 !== '') this.#messages.set(sha256.slice(0, 20), message)
    }
    return this.#messages
  }
}
