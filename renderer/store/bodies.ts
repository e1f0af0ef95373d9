import type { BodyBlock, MessageId } from '../../preload/contract/index.ts'
import type { BodyPack } from './schema.ts'

/**
 * Chromium keeps values over 64 KB in a file each, out of the way of its log and its compactions: three times as fast as
 * packs of 48 KB, and a message is still read in a few ms (test/bench/store.ts).
 */
export const PACK_LIMIT = 256 * 1024

/**
 * Copies the wanted bodies of a block into packs of at most `limit` octets (a larger body has one to itself), numbered
 * from `first`. Copies, never views: a stored view takes its whole buffer with it (DESIGN §4.11).
 */
export function packBodies(
  block: BodyBlock,
  wanted: ReadonlySet<MessageId>,
  first: number,
  limit = PACK_LIMIT,
): BodyPack[] {
  const packs: BodyPack[] = []
  let messages: MessageId[] = []
  let parts: Uint8Array[] = []
  let size = 0
  const flush = () => {
    if (messages.length > 0) packs.push(makePack(first + packs.length, messages, parts))
    messages = []
    parts = []
    size = 0
  }
  for (const [i, message] of block.messages.entries()) {
    if (!wanted.has(message)) continue
    const part = block.bytes.subarray(block.offsets[i] ?? 0, block.offsets[i + 1] ?? 0)
    if (size + part.length > limit) flush()
    messages.push(message)
    parts.push(part)
    size += part.length
  }
  flush()
  return packs
}

/** The pack without some messages; null when none is left. */
export function packWithout(pack: BodyPack, gone: ReadonlySet<MessageId>): BodyPack | null {
  const kept = pack.messages.filter((message) => !gone.has(message))
  if (kept.length === 0) return null
  return makePack(
    pack.id,
    kept,
    kept.map((message) => bodyIn(pack, message) ?? new Uint8Array()),
  )
}

/** The bytes of a message's body, a view into the pack; undefined when it is not in it. */
export function bodyIn(pack: BodyPack, message: MessageId): Uint8Array | undefined {
  const index = pack.messages.indexOf(message)
  return index < 0 ? undefined : pack.bytes.subarray(pack.offsets[index], pack.offsets[index + 1])
}

function makePack(id: number, messages: readonly MessageId[], parts: readonly Uint8Array[]): BodyPack {
  const offsets = [0]
  for (const part of parts) offsets.push((offsets.at(-1) ?? 0) + part.length)
  const bytes = new Uint8Array(offsets.at(-1) ?? 0)
  for (const [i, part] of parts.entries()) bytes.set(part, offsets[i])
  return { id, messages, offsets, bytes }
}
