import { spawn } from 'node:child_process'
import { appError, err, type AppError, type Result } from '../../preload/contract/index.ts'
import { done } from '../../preload/doors/rpc.ts'

const PROTOCOLS = ['http:', 'https:', 'mailto:']

/** The program of the system that opens a URL, and its arguments. No shell reads them. */
export function openerOf(url: string, platform: NodeJS.Platform = process.platform): [string, string[]] {
  if (platform === 'darwin') return ['open', [url]]
  if (platform === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler', url]]
  return ['xdg-open', [url]]
}

/** Opens a web page or a mail address in the person's own programs. Nothing but http, https and mailto. */
export async function openExternal(address: string): Promise<Result<void, AppError>> {
  const url = URL.parse(address)
  if (!url || !PROTOCOLS.includes(url.protocol)) return err(appError('input.invalid', { params: { field: 'url' } }))
  const [program, args] = openerOf(url.href)
  const child = spawn(program, args, { stdio: 'ignore', detached: true })
  return new Promise((settle) => {
    child.once('error', (error) => settle(err(appError('internal', { server: error.message, params: { program } }))))
    child.once('spawn', () => {
      child.unref()
      settle(done)
    })
  })
}
