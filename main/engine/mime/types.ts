/** The shapes that the MIME reader hands out. Pure data: they pass doors and go into the store as they are. */

/** One mailbox of an address list (RFC 5322 §3.4). Groups are flattened: only their members appear. */
export interface ParsedAddress {
  /** Display name, decoded; '' when absent. Free of control characters. */
  name: string
  /** addr-spec as it stands in the header: encoded words inside it are never decoded. '' when the sender wrote a name only. */
  email: string
}

export type TransferEncoding = '7bit' | '8bit' | 'binary' | 'base64' | 'quoted-printable' | 'uuencode'

/** One leaf of the MIME tree that is not one of the displayed body texts. */
export interface ParsedPart {
  /** IMAP part number, '1', '1.2' (RFC 3501 §6.4.5). */
  id: string
  /** File name as the sender wrote it, decoded; path characters stay, whoever saves the file makes it safe. '' when none. */
  name: string
  /** Media type in lower case, 'image/png'. */
  type: string
  disposition: 'attachment' | 'inline'
  /** Content-ID without its angle brackets, '' when none. */
  cid: string
  encoding: TransferEncoding
  /** Octet range [from, to) of the encoded body inside the message. */
  from: number
  to: number
  /**
   * Decoded octets. Exact for identity and quoted-printable; for base64 computed from the line length, exact when all lines are equally long;
   * for uuencode an estimate (72 % of the encoded octets).
   */
  size: number
  charset?: string
}

/** What indexing and reading need of one message. */
export interface ParsedMessage {
  subject: string
  from: ParsedAddress[]
  sender: ParsedAddress[]
  to: ParsedAddress[]
  cc: ParsedAddress[]
  bcc: ParsedAddress[]
  replyTo: ParsedAddress[]
  /** Date header in milliseconds since 1970, null when there is none that can be read. */
  date: number | null
  /** Without angle brackets, '' when none. */
  messageId: string
  /** First id of In-Reply-To without angle brackets, '' when none. */
  inReplyTo: string
  /** Ids of References without angle brackets, oldest first. */
  references: string[]
  /** Displayed text/plain leaves joined by '\n', with LF line ends. Not reflowed: see `flowed`. */
  text: string
  /** The first text leaf is format=flowed (RFC 3676); `delsp` is its DelSp parameter. */
  flowed: boolean
  delsp: boolean
  /** Displayed text/html leaves, one document each, with LF line ends. Empty when the message has no HTML. */
  html: string[]
  /** Attachments and inline resources in message order; an attached message/rfc822 is one leaf. */
  parts: ParsedPart[]
  /** At most 200 characters of the author's own words on one line, without quotes and signature. */
  preview: string
  /** List-Unsubscribe (RFC 2369), unfolded. */
  listUnsubscribe?: string
  /** Codes of what had to be repaired or left out, each once: 'mime.depth', 'charset.unknown:x-foo', 'base64.damaged', … */
  warnings: string[]
}

/** Takes a warning code; equal codes are reported once per message. */
export type Warn = (code: string) => void
