import { fileURLToPath } from 'node:url'
import { defineConfig } from '@playwright/test'
import { findBrowser } from '../../build/find-browser.ts'

const executablePath = findBrowser()
const root = process.getuid?.() === 0

/** The mail window over a bridge in memory, in the system's Chromium. The whole application is tested in test/e2e. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: fileURLToPath(new URL('../../artifacts/test-ui', import.meta.url)),
  globalSetup: './setup.ts',
  workers: 1,
  forbidOnly: true,
  timeout: 120_000,
  reporter: 'line',
  use: {
    browserName: 'chromium',
    locale: 'en-GB',
    timezoneId: 'Europe/Paris',
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: root ? ['--no-sandbox'] : [],
    },
  },
})
