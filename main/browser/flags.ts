import { parseArgs } from 'node:util'
import { EXIT, StartFailure } from './failure.ts'

export const HELP = `Ketchup: catch up with your mail.

  npm start -- [options]

  --profile DIR   the data folder (mail, accounts, settings); made when it is not there
  --no-open       open no window: serve, and print how to get in
  --no-install    never install a missing browser
  --port N        the port of a new profile, instead of a free one; kept from then on
  --verbose       show the engine's log here too
  --help          this

Exit codes: 0 ended, 1 failure of our own, 2 wrong options, 3 profile in use, 4 port taken, 5 profile not usable,
6 the engine does not start, 7 disk full, 8 the window's files are missing.`

/** What \`npm start\` was asked for. */
export interface Flags {
  readonly profile: string | undefined
  readonly open: boolean
  readonly install: boolean
  readonly port: number | undefined
  readonly verbose: boolean
  readonly help: boolean
}

/** @throws StartFailure (usage) on an option that does not exist or makes no sense. */
export function parseFlags(argv: readonly string[]): Flags {
  const { values } = parse(argv)
  const port = values.port === undefined ? undefined : Number(values.port)
  if (port !== undefined && !(Number.isInteger(port) && port >= 1 && port <= 65535))
    throw new StartFailure(EXIT.usage, `--port needs a number from 1 to 65535, not "${values.port}".`)
  if (values.profile === '') throw new StartFailure(EXIT.usage, '--profile needs a folder.')
  return {
    profile: values.profile,
    open: !values['no-open'],
    install: !values['no-install'],
    port,
    verbose: values.verbose,
    help: values.help,
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      strict: true,
      allowPositionals: false,
      options: {
        profile: { type: 'string' },
        'no-open': { type: 'boolean', default: false },
        'no-install': { type: 'boolean', default: false },
        port: { type: 'string' },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch (error) {
    const words = error instanceof Error ? error.message.split('. ', 1)[0] : String(error)
    throw new StartFailure(EXIT.usage, `${words}. See npm start -- --help.`)
  }
}
