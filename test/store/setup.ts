import { buildPage } from './build.ts'

/** Playwright asks for a default export. */
// eslint-disable-next-line no-restricted-syntax
export default buildPage
