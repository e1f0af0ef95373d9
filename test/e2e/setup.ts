import { buildRenderer } from '../../build/renderer.ts'

/** Builds the window once, before all specs. */
export async function buildWindow(): Promise<void> {
  await buildRenderer()
}

// Playwright asks for a default export here
export default buildWindow
