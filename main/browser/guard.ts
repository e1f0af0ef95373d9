import type { IncomingMessage } from 'node:http'
import type { Session } from './session.ts'

/** A reason to refuse a request. */
export interface Refusal {
  readonly status: number
  readonly sentence: string
}

const NO_COOKIE =
  'This is Ketchup, which answers its own window only. Open the file start.html in its profile folder, or start it again.'

/**
 * Says why a request is refused, undefined when it may go on. A page of another site can make a browser send us
 * anything but these: the exact Host (else it is DNS rebinding), our Origin, and a cookie that is SameSite=Strict. The
 * same host at another port is the same *site*, so the cookie alone would not do: Fetch Metadata tells the origin.
 */
export function refusal(request: IncomingMessage, port: number, session: Session): Refusal | undefined {
  const hosts = request.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host')
  if (hosts.length !== 1 || request.headers.host !== `127.0.0.1:${port}`)
    return { status: 403, sentence: 'The Host of this request is not mine.' }

  const { origin } = request.headers
  const own = `http://127.0.0.1:${port}`
  const path = request.url?.split('?', 1)[0]
  if (path === '/start') {
    if (request.method !== 'POST') return { status: 405, sentence: 'Only the start file comes here.' }
    // Chromium sends `null` for a form of a file; the code in it is what opens the door.
    if (origin !== 'null' && origin !== own) return { status: 403, sentence: 'The Origin of this request is not mine.' }
    return undefined
  }

  const upgrade = request.headers.upgrade !== undefined
  const reads = request.method === 'GET' || request.method === 'HEAD'
  if ((upgrade || !reads || origin !== undefined) && origin !== own)
    return { status: 403, sentence: 'The Origin of this request is not mine.' }
  const from = request.headers['sec-fetch-site']
  if (from !== undefined && from !== 'same-origin' && from !== 'none')
    return { status: 403, sentence: 'This request comes from another origin.' }
  if (!session.holds(request.headers.cookie)) return { status: 403, sentence: NO_COOKIE }
  if (!reads) return { status: 405, sentence: 'There is nothing to write here.' }
  return undefined
}
