import { defineConfig } from 'vitest/config'

// Unit, door and lab tests. The store runs in a real browser and the whole application under Playwright: see test/run.ts.
export default defineConfig({
  test: {
    include: [
      'main/**/*.spec.ts',
      'preload/**/*.spec.ts',
      'renderer/**/*.spec.ts',
      'build/**/*.spec.ts',
      'test/*.spec.ts',
      'test/{lab,tools,engine}/**/*.spec.ts',
    ],
    exclude: ['**/*.browser.spec.ts', '**/node_modules/**'],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
})
