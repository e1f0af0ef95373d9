/** `npm run bench [-- NAME …] [--json] [--runs N] [--count N]`: the benches, all of them when none is named. */
import { parseArgs } from 'node:util'
import { machine, table, type BenchOptions, type BenchResult } from './result.ts'

interface Bench {
  readonly tells: string
  run(options: BenchOptions): Promise<BenchResult>
}

const BENCHES: Readonly<Record<string, Bench>> = {
  mime: {
    tells: 'reading mails, against postal-mime',
    run: async () => ({ ...(await (await import('./mime.ts')).run()), machine: machine() }),
  },
  store: {
    tells: 'the store alone, in a browser',
    run: async ({ runs }) => ({ ...(await (await import('./store.ts')).run(runs)), machine: machine() }),
  },
  sync: {
    tells: 'a mailbox through the whole application, against mbsync',
    run: async (options) => (await import('./sync.ts')).run(options),
  },
}

const LIST = Object.entries(BENCHES).map(([name, { tells }]) => `  ${name.padEnd(6)} ${tells}`)
const HELP = [
  'npm run bench [-- NAME …] [--json] [--runs N] [--count N]',
  '',
  ...LIST,
  '',
  '  --json     print JSON, one object for each bench',
  '  --runs N   how often, instead of the default of the bench',
  '  --count N  messages of the mailbox (sync), to try it out with fewer than usual',
].join('\n')

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(2)
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        runs: { type: 'string' },
        count: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    return fail(`${(error as Error).message.split('. ', 1)[0]}. See npm run bench -- --help.`)
  }
}

function number(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  return Number.isInteger(value) && value > 0 ? value : fail(`--${name} needs a number from 1 on, not "${text}".`)
}

const { values, positionals } = parse()
if (values.help) {
  process.stdout.write(`${HELP}\n`)
  process.exit(0)
}
const unknown = positionals.find((name) => !(name in BENCHES))
if (unknown !== undefined) fail(`There is no bench "${unknown}". There are:\n${LIST.join('\n')}`)
const runs = number('runs', values.runs)
const count = number('count', values.count)
const options: BenchOptions = {
  ...(runs === undefined ? {} : { runs }),
  ...(count === undefined ? {} : { count }),
  say: (sentence) => process.stderr.write(`${sentence}\n`),
}
let failed = false
for (const name of positionals.length > 0 ? positionals : Object.keys(BENCHES)) {
  try {
    const result = await BENCHES[name]?.run(options)
    if (result) process.stdout.write(`${values.json ? JSON.stringify(result, null, 2) : table(result)}\n`)
  } catch (error) {
    failed = true
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`)
  }
}
process.exit(failed ? 1 : 0)
