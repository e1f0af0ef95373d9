import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Folder of the built test page, served by the rig. */
export const PAGE = here('../../out/test-store')

/** Builds the test page with the store's worker, as the application's build does. */
export async function buildPage(): Promise<void> {
  await build({
    root: here('.'),
    base: './',
    configFile: false,
    logLevel: 'warn',
    worker: { format: 'es' },
    build: { outDir: PAGE, emptyOutDir: true, target: 'chrome130', rolldownOptions: { input: here('page.html') } },
  })
}
