/**
 * `npm test [-- --only types,lint,unit,store,ui,e2e] [--no-install]`: every test of the project. What is missing is installed as
 * root on Debian, saying so, or else skipped, saying what to run; LAB=required makes a missing part a failure.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ensure, type Part } from '../build/install-debian.ts'
import { buildRenderer } from '../build/renderer.ts'
import { countPlaywright, countVitest, type Counts } from './counts.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const REPORTS = join(ROOT, 'artifacts', 'reports')
const say = (sentence: string) => void process.stdout.write(`${sentence}\n`)

interface Suite {
  readonly name: string
  readonly what: string
  /** Without these its tests are skipped. */
  readonly needs: readonly Part[]
  run(): Promise<Counts>
  /** How many tests are skipped when it cannot run. */
  size(): Promise<number>
}

/** Runs a program of node_modules on our Node; settles with its exit code. */
function node(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    })
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

/** Checks that pass or fail as a whole count as one test each. */
function checks(name: string, what: string, commands: readonly (readonly [string, readonly string[]])[]): Suite {
  return {
    name,
    what,
    needs: [],
    size: () => Promise.resolve(commands.length),
    async run() {
      const counts = { passed: 0, failed: 0, skipped: 0 }
      for (const [label, args] of commands) {
        const code = await node(args)
        say(`${code === 0 ? 'passed' : 'FAILED'}: ${label}`)
        counts[code === 0 ? 'passed' : 'failed']++
      }
      return counts
    },
  }
}

function playwright(name: string, what: string, needs: readonly Part[]): Suite {
  const config = `test/${name}/playwright.config.ts`
  const report = join(REPORTS, `${name}.json`)
  const cli = ['node_modules/@playwright/test/cli.js', 'test', '-c', config]
  return {
    name,
    what,
    needs,
    async run() {
      const code = await node([...cli, '--reporter=list,json'], { PLAYWRIGHT_JSON_OUTPUT_FILE: report })
      return countPlaywright(read(report), code)
    },
    async size() {
      await node([...cli, '--list', '--reporter=json'], { PLAYWRIGHT_JSON_OUTPUT_FILE: report })
      return countPlaywright(read(report), 0).total
    },
  }
}

function read(report: string): unknown {
  try {
    return JSON.parse(readFileSync(report, 'utf8'))
  } catch {
    return null
  }
}

const unitReport = join(REPORTS, 'unit.json')
const SUITES: readonly Suite[] = [
  checks('types', 'types', [
    ['TypeScript', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json']],
    [
      'Svelte',
      [
        'node_modules/svelte-check/bin/svelte-check',
        '--tsconfig',
        'renderer/tsconfig.json',
        '--fail-on-warnings',
        '--output',
        'human',
      ],
    ],
  ]),
  checks('lint', 'lint and format', [
    ['ESLint', ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0']],
    ['Prettier', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']],
  ]),
  {
    name: 'unit',
    what: 'units, doors and the engine in the lab',
    needs: [],
    size: () => Promise.resolve(0),
    async run() {
      const code = await node([
        'node_modules/vitest/vitest.mjs',
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${unitReport}`,
      ])
      return countVitest(read(unitReport), code)
    },
  },
  playwright('store', 'the store in Chromium', ['chromium']),
  playwright('ui', 'the mail window in Chromium', ['chromium']),
  playwright('e2e', 'the whole application in Chromium', ['chromium', 'dovecot']),
]

const { values } = parseArgs({
  options: { only: { type: 'string' }, 'no-install': { type: 'boolean', default: false } },
})
const only = values.only?.split(',')
const unknown = only?.filter((name) => !SUITES.some((suite) => suite.name === name)) ?? []
if (unknown.length > 0) {
  process.stderr.write(
    `There is no suite ${unknown.join(', ')}; there are ${SUITES.map(({ name }) => name).join(', ')}.\n`,
  )
  process.exit(2)
}
const required = process.env['LAB'] === 'required'
rmSync(REPORTS, { recursive: true, force: true })
mkdirSync(REPORTS, { recursive: true })

const suites = SUITES.filter(({ name }) => !only || only.includes(name))
const lab = suites.some(({ name }) => name === 'unit') ? (['chromium', 'dovecot'] as const) : []
const parts = [...new Set<Part>([...lab, ...suites.flatMap(({ needs }) => needs)])]
const { missing } = await ensure(parts, { install: !values['no-install'], say })
await buildRenderer({ say })

const total = { passed: 0, failed: 0, skipped: 0 }
for (const suite of suites) {
  say(`\n== ${suite.what} (${suite.name})`)
  const lacking = missing.filter(({ part }) => suite.needs.includes(part))
  let counts: Counts
  if (lacking.length === 0) counts = await suite.run()
  else {
    const size = await suite.size()
    for (const { part, line } of lacking)
      say(`${part} is missing: ${size} tests are ${required ? 'failed' : 'skipped'}. Run: ${line}`)
    counts = required ? { passed: 0, failed: Math.max(size, 1), skipped: 0 } : { passed: 0, failed: 0, skipped: size }
  }
  say(`${suite.name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped.`)
  total.passed += counts.passed
  total.failed += counts.failed
  total.skipped += counts.skipped
}
say(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(total.failed > 0 ? 1 : 0)
