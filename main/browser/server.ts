import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { SOCKET_OPTIONS, wsChannel } from '../ipc/socket.ts'
import type { EngineHost } from './engine-host.ts'
import { refusal } from './guard.ts'
import { answer, HEADERS, rawAnswer } from './headers.ts'
import { parseOctetsPath, serveOctets } from './octets.ts'
import type { Session } from './session.ts'
import type { ShellDoors } from './shell-door.ts'
import { serveStatic } from './static.ts'

/** What the server needs of the running shell. */
export interface ServerParts {
  readonly port: number
  readonly session: Session
  /** A code was used: there has to be another. */
  readonly codeUsed: () => void
  readonly engine: EngineHost
  readonly doors: ShellDoors
  readonly renderer: string
}

const MAX_CODE = 1024
const ENTERED = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Ketchup</title><link rel="icon" href="data:,"><meta http-equiv="refresh" content="0;url=/"></html>
`

/** A server that knows nothing but a sentence until it is given what it serves: its port comes first. */
export interface ShellServer {
  readonly server: Server
  readonly begin: (parts: ServerParts) => void
}

/** Makes the server. */
export function shellServer(): ShellServer {
  let parts: ServerParts | undefined
  const sockets = new WebSocketServer(SOCKET_OPTIONS)
  // The missing or doubled Host is refused by our own words, with our headers.
  const server = createServer({ requireHostHeader: false, headersTimeout: 10_000, requestTimeout: 30_000 })

  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    const ready = parts
    if (!ready) return answer(response, 503, 'Ketchup is starting.')
    handle(request, response, ready).catch((error: unknown) => {
      if (!response.headersSent) answer(response, 500, error instanceof Error ? error.message : 'Something broke.')
      else response.destroy()
    })
  }
  server.on('request', onRequest)
  server.on('checkContinue', onRequest)
  server.on('checkExpectation', onRequest)
  server.on('connect', (_request, socket) => socket.end(rawAnswer(405, 'This is no proxy.')))
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end(rawAnswer(400, 'This is not a request that I understand.'))
    else socket.destroy()
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const ready = parts
    const refused = ready
      ? refusal(request, ready.port, ready.session)
      : { status: 503, sentence: 'Ketchup is starting.' }
    if (!ready || refused) return void socket.end(rawAnswer(refused?.status ?? 503, refused?.sentence ?? ''))
    upgrade(request, socket, head, ready, sockets)
  })
  return { server, begin: (given) => void (parts = given) }
}

async function handle(request: IncomingMessage, response: ServerResponse, parts: ServerParts): Promise<void> {
  const refused = refusal(request, parts.port, parts.session)
  if (refused) {
    const allow = { Allow: request.url?.startsWith('/start') ? 'POST' : 'GET, HEAD' }
    return answer(response, refused.status, refused.sentence, refused.status === 405 ? allow : {})
  }
  const path = (request.url ?? '').split('?', 1)[0] ?? ''
  if (path === '/start') return enter(request, response, parts)
  if (path.startsWith('/doors/'))
    return answer(response, 426, 'A door opens to WebSockets only.', {
      Upgrade: 'websocket',
      Connection: 'Upgrade, close',
    })
  if (path.startsWith('/octets/')) {
    const wanted = parseOctetsPath(path)
    if (!wanted) return answer(response, 404, 'There are no such octets.')
    return serveOctets(response, parts.engine.remote, wanted, request.method === 'HEAD')
  }
  serveStatic(request, response, parts.renderer, path)
}

/** Exchanges a one-time code for the cookie. A page, not a redirect: the browser sends a strict cookie only from our own page. */
async function enter(request: IncomingMessage, response: ServerResponse, parts: ServerParts): Promise<void> {
  let body = ''
  for await (const chunk of request.setEncoding('latin1')) {
    body += chunk as string
    if (body.length > MAX_CODE) return answer(response, 413, 'That is too long for a code.', { Connection: 'close' })
  }
  const code = new URLSearchParams(body).get('code') ?? ''
  if (!parts.session.redeem(code))
    return answer(
      response,
      403,
      'This code was used or is too old. Open the file start.html again, or start Ketchup again.',
    )
  parts.codeUsed()
  response.writeHead(200, {
    ...HEADERS,
    'Content-Type': 'text/html; charset=utf-8',
    'Set-Cookie': parts.session.cookie,
  })
  response.end(ENTERED)
}

function upgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  parts: ServerParts,
  sockets: WebSocketServer,
): void {
  const refuse = (status: number, sentence: string) => void socket.end(rawAnswer(status, sentence))
  const url = request.url ?? ''
  if (url === '/doors/shell')
    return sockets.handleUpgrade(request, socket, head, (webSocket) => parts.doors.add(wsChannel(webSocket)))
  const role = /^\/doors\/engine\?as=(store|ui)$/.exec(url)?.[1]
  if (role !== 'store' && role !== 'ui') return refuse(404, 'There is no such door.')
  const { fork } = parts.engine
  if (!fork || !(socket instanceof Socket)) return refuse(503, 'The engine is restarting; try again in a moment.')
  // The engine has no use for the cookie.
  const headers = { ...request.headers, cookie: undefined }
  fork.handSocket(role, socket, head, { method: request.method ?? '', url, headers })
}
