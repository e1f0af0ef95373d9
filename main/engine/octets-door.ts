import { open, type FileHandle } from 'node:fs/promises'
import {
  appError,
  err,
  ok,
  type AppError,
  type MessageId,
  type OctetsInfo,
  type Result,
} from '../../preload/contract/index.ts'
import type { Handlers } from '../../preload/doors/rpc.ts'
import type { EngineForShell } from '../../preload/contract/index.ts'
import { diskError } from '../vault/files.ts'
import type { Vault } from '../vault/vault.ts'
import { decodePartChunks, parseMessage } from './mime/index.ts'

const PIECE = 256 * 1024
/** Readers that a window left open are closed when there are more than this many. */
const READERS = 64

interface Reader {
  readonly pieces: AsyncGenerator<Buffer>
}

/** Serves the octets of messages and their parts out of the vault, a piece a call, so that a slow window slows nothing. */
export function octetsDoor(vault: Vault): Pick<Handlers<EngineForShell>, 'openOctets' | 'readOctets' | 'closeOctets'> {
  const readers = new Map<number, Reader>()
  let next = 1

  const close = async (handle: number) => {
    const reader = readers.get(handle)
    readers.delete(handle)
    await reader?.pieces.return(undefined)
  }
  const register = async (pieces: AsyncGenerator<Buffer>, info: Omit<OctetsInfo, 'handle'>) => {
    const handle = next++
    readers.set(handle, { pieces })
    const [oldest] = readers.keys()
    if (readers.size > READERS && oldest !== undefined) await close(oldest)
    return ok({ handle, ...info })
  }

  return {
    async openOctets(message, part): Promise<Result<OctetsInfo, AppError>> {
      const sha = findOctets(vault, message)
      if (!sha.ok) return sha
      const path = vault.octets.path(sha.value)
      const octets = vault.octets.get(sha.value)
      if (!octets.ok) return octets
      if (part === '') {
        const info = { name: `message-${message}.eml`, type: 'message/rfc822', size: octets.value.length }
        return register(filePieces(path, 0, octets.value.length), info)
      }
      const found = parseMessage(octets.value).parts.find(({ id }) => id === part)
      if (!found) return err(appError('message.gone'))
      const encoded = filePieces(path, found.from, found.to)
      const exact = /^(7bit|8bit|binary)$/.test(found.encoding)
      return register(decodePartChunks(encoded, found.encoding), {
        name: found.name,
        type: found.type,
        size: exact ? found.to - found.from : null,
      })
    },
    async readOctets(handle) {
      const reader = readers.get(handle)
      if (!reader) return err(appError('octets.missing'))
      try {
        const piece = await reader.pieces.next()
        if (piece.done) await close(handle)
        return ok(piece.done ? new Uint8Array(0) : piece.value)
      } catch (error) {
        await close(handle)
        return err(diskError(error, 'vault'))
      }
    },
    async closeOctets(handle) {
      await close(handle)
      return ok()
    },
  }
}

function findOctets(vault: Vault, message: MessageId): Result<string, AppError> {
  for (const account of vault.accounts.list()) {
    for (const { id } of vault.mailboxes.of(account.id)) {
      const bindings = vault.bindings(id)
      const all = bindings.all()
      if (!all.ok) return all
      if (!bindings.holds(message)) continue
      for (const binding of all.value)
        if (binding.message === message && binding.sha256 !== '') return ok(binding.sha256)
    }
  }
  return err(appError('octets.missing'))
}

async function* filePieces(path: string, from: number, to: number): AsyncGenerator<Buffer> {
  let file: FileHandle | undefined
  try {
    file = await open(path)
    for (let at = from; at < to;) {
      const { bytesRead, buffer } = await file.read(
        Buffer.allocUnsafe(Math.min(PIECE, to - at)),
        0,
        Math.min(PIECE, to - at),
        at,
      )
      if (bytesRead === 0) return
      at += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file?.close()
  }
}
