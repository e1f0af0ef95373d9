import { buildPage } from './build.ts'

/** Playwright asks for a default export. */
export default buildPage
