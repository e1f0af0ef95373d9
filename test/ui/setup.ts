import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** Builds the test page once, before all specs. */
export async function buildPage(): Promise<void> {
  await build({ configFile: fileURLToPath(new URL('./vite.config.ts', import.meta.url)) })
}

// Playwright asks for a default export here
export default buildPage
