/** A whole shell in a process of its own, for tests that kill it: `run.ts FOLDER`. Prints its origin when it serves. */
import { testShell } from './shell.ts'

const shell = await testShell(process.argv[2] ?? '')
process.stdout.write(`${shell.origin}\n`)
