import { createReadStream, realpathSync, statSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, sep } from 'node:path'
import { pipeline } from 'node:stream'
import { answer, HEADERS } from './headers.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

/** The file of `root` that a URL's path names; undefined for all that is not a plain file below it. */
export function fileOf(root: string, path: string): string | undefined {
  let name: string
  try {
    name = decodeURIComponent(path)
  } catch {
    return undefined
  }
  const parts = name.split('/').slice(1)
  if (!name.startsWith('/') || /[\\\0:]/.test(name) || parts.some((part) => part.startsWith('.'))) return undefined
  try {
    const base = realpathSync(root)
    // A link in the folder could lead out of it.
    const file = realpathSync(join(base, ...(name === '/' ? ['index.html'] : parts)))
    return file.startsWith(base + sep) && statSync(file).isFile() ? file : undefined
  } catch {
    return undefined // not there
  }
}

/** Serves the renderer as it was built. Files below assets/ carry a hash of their content in their names. */
export function serveStatic(request: IncomingMessage, response: ServerResponse, root: string, path: string): void {
  const file = fileOf(root, path)
  const type = file && TYPES[extname(file)]
  if (!file || !type) return answer(response, 404, 'There is no such page.')
  response.writeHead(200, {
    ...HEADERS,
    'Content-Type': type,
    'Content-Length': statSync(file).size,
    ...(path.startsWith('/assets/') ? { 'Cache-Control': 'private, max-age=31536000, immutable' } : {}),
  })
  if (request.method === 'HEAD') return void response.end()
  pipeline(createReadStream(file), response, (error) => {
    if (error) response.destroy()
  })
}
