import { fileURLToPath } from 'node:url'
import { defineConfig } from '@playwright/test'
import { findBrowser } from '../../build/find-browser.ts'

const executablePath = findBrowser()

// The store in a real browser: renderer/store/*.browser.spec.ts.
export default defineConfig({
  testDir: fileURLToPath(new URL('../../renderer/store', import.meta.url)),
  testMatch: '*.browser.spec.ts',
  globalSetup: fileURLToPath(new URL('setup.ts', import.meta.url)),
  outputDir: fileURLToPath(new URL('../../out/test-store-results', import.meta.url)),
  workers: 1,
  timeout: 30_000,
  use: {
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      // Chromium refuses its sandbox to root.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
})
