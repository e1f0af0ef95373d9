import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { EngineForShell, OctetsInfo, Remote } from '../../preload/contract/index.ts'
import { answer, HEADERS } from './headers.ts'

/** Images that cannot hold a script; SVG can. */
const SAFE_TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp', 'image/avif']

/** Message and part of `/octets/<message>/<part?>`; undefined for any other path. */
export function parseOctetsPath(path: string): { message: number; part: string } | undefined {
  const match = /^\/octets\/([1-9]\d{0,15})(?:\/(\d+(?:\.\d+)*)?)?$/.exec(path)
  return match ? { message: Number(match[1]), part: match[2] ?? '' } : undefined
}

/** RFC 6266 with RFC 8187 only: a name in the plain form would have to be guessed at by the reader. */
export function contentDisposition(name: string): string {
  // no path, no control or direction-changing characters, no leading dots: what is shown is what is saved
  const clean = name
    .toWellFormed()
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/[/\\:*?"<>|]/g, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '')
    .slice(0, 200)
    .toWellFormed()
  const encoded = encodeURIComponent(clean || 'attachment').replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename*=UTF-8''${encoded}`
}

function octetsHeaders(info: OctetsInfo) {
  const type = info.type.toLowerCase()
  return {
    ...HEADERS,
    // An HTML attachment that a browser were to open would run as us.
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Content-Type': SAFE_TYPES.includes(type) ? type : 'application/octet-stream',
    'Content-Disposition': contentDisposition(info.name),
    ...(info.size === null ? {} : { 'Content-Length': info.size }),
  }
}

/** Streams octets from the engine to a client at the client's pace; one that leaves ends the reading. */
export async function serveOctets(
  response: ServerResponse,
  engine: Remote<EngineForShell> | undefined,
  wanted: { message: number; part: string },
  head: boolean,
): Promise<void> {
  if (!engine) return answer(response, 503, 'The engine is restarting; try again in a moment.')
  const opened = await engine.openOctets(wanted.message, wanted.part)
  if (!opened.ok) {
    if (opened.error.code === 'door.closed')
      return answer(response, 503, 'The engine is restarting; try again in a moment.')
    return answer(response, 404, `These octets cannot be had (${opened.error.code}).`)
  }
  const { handle, size } = opened.value
  let sent = 0
  try {
    response.writeHead(200, octetsHeaders(opened.value))
    if (head) return void response.end()
    for (;;) {
      if (response.destroyed) return
      const read = await engine.readOctets(handle)
      // Half a file must not look like a whole one, nor too much of one be read as another answer: it breaks off.
      if (!read.ok) return void response.destroy()
      const over = read.value.length === 0
      sent += read.value.length
      if (size !== null && (over ? sent !== size : sent > size)) return void response.destroy()
      if (over) return void response.end()
      if (!response.destroyed && !response.write(read.value)) await drained(response)
    }
  } finally {
    // An engine that has gone has closed everything itself.
    await engine.closeOctets(handle)
  }
}

async function drained(response: ServerResponse): Promise<void> {
  const abort = new AbortController()
  const { signal } = abort
  // `once` rejects only by 'error', which a response that breaks off may send before 'close'.
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]).catch(() => undefined)
  abort.abort()
}
