import messages from '../../renderer/i18n/messages/en.json' with { type: 'json' }
import type { AppError } from '../../preload/contract/index.ts'

/** The sentence and the remedy of an error in English, from the window's own catalogue. */
export function errorText({ code, server, params }: AppError): string {
  const key = code.replace(/[.-]/g, '_')
  const catalogue = messages as unknown as Record<string, string | undefined>
  const fill = (text: string | undefined) =>
    (text ?? '').replace(/\{(\w+)\}/g, (_whole, name: string) =>
      name === 'server' ? server : String(params[name] ?? ''),
    )
  const sentence = fill(catalogue[`error_${key}`]) || code
  const words = server && !sentence.includes(server) ? ` (${server})` : ''
  return [`${sentence}${words}`, fill(catalogue[`remedy_${key}`])].filter(Boolean).join(' ')
}
