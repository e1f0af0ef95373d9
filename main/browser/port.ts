import { readFileSync, renameSync } from 'node:fs'
import { once } from 'node:events'
import type { Server } from 'node:http'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import * as v from 'valibot'
import { diskFailure, errno, EXIT, StartFailure } from './failure.ts'
import { writePrivately } from './files.ts'

const ShellFile = v.object({ port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535)) })

/** The port that this profile chose at its first start, undefined before. A damaged file is set aside, and said. */
export function keptPort(profile: string, say: (sentence: string) => void): number | undefined {
  const path = join(profile, 'shell.json')
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (errno(error) === 'ENOENT') return undefined
    throw diskFailure(profile, error)
  }
  try {
    return v.parse(ShellFile, JSON.parse(text)).port
  } catch {
    renameSync(path, `${path}.damaged`)
    say(`${path} was unreadable and was set aside as shell.json.damaged; a new port is chosen and mail is loaded anew.`)
    return undefined
  }
}

/**
 * Listens on 127.0.0.1 at the profile's port, which is chosen once and kept: a browser gives every port a store of its
 * own, so another port would show an empty mailbox.
 * @throws StartFailure: the port is taken, or `wanted` is not the kept one.
 */
export async function listenKept(
  server: Server,
  profile: string,
  wanted: number | undefined,
  say: (sentence: string) => void,
): Promise<number> {
  const kept = keptPort(profile, say)
  if (kept !== undefined && wanted !== undefined && wanted !== kept)
    throw new StartFailure(
      EXIT.usage,
      `This profile has its store at port ${kept}; at port ${wanted} it would be another, empty one. Start without --port, or delete shell.json in ${profile} to load all mail anew at port ${wanted}.`,
    )
  server.listen({ host: '127.0.0.1', port: kept ?? wanted ?? 0, exclusive: true })
  try {
    await once(server, 'listening')
  } catch (error) {
    const port = kept ?? wanted ?? 0
    if (errno(error) === 'EADDRINUSE')
      throw new StartFailure(
        EXIT.portTaken,
        kept === undefined
          ? `Port ${port} is taken by another program. Choose another with --port, or leave it out and a free one is found.`
          : `Port ${port} of this profile is taken by another program. End that program and start again: another port would be another, empty store.`,
      )
    const words = error instanceof Error ? error.message : String(error)
    throw new StartFailure(EXIT.portTaken, `Port ${port} of 127.0.0.1 cannot be opened (${words}).`)
  }
  const { port } = server.address() as AddressInfo
  try {
    if (kept === undefined) writePrivately(join(profile, 'shell.json'), `${JSON.stringify({ port })}\n`)
  } catch (error) {
    server.close()
    throw diskFailure(profile, error)
  }
  return port
}
