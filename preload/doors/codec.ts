import { Packr } from 'msgpackr/index-no-eval'

/*
 * One codec for every door: MessagePort, WebSocket and fork IPC carry the same bytes, so that dates, bytes, undefined
 * and error codes survive each of them alike. `index-no-eval` because the renderer's CSP forbids eval; `copyBuffers`
 * because a view into a message would keep (and, in IndexedDB, clone) the whole message (DESIGN §4.11).
 */
const packr = new Packr({ useRecords: false, copyBuffers: true, moreTypes: true, encodeUndefinedAsNil: false })

/** Encodes one value; the bytes are the caller's own. */
export function encode(value: unknown): Uint8Array<ArrayBuffer> {
  return packr.pack(value) as Uint8Array<ArrayBuffer>
}

/** Decodes what encode() made. @throws RangeError or Error on bytes that are no such message. */
export function decode(bytes: Uint8Array): unknown {
  return packr.unpack(bytes)
}
