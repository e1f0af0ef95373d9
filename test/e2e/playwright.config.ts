import { fileURLToPath } from 'node:url'
import { defineConfig } from '@playwright/test'

/**
 * The whole application in the system's Chromium, against a real Dovecot. The browser is started by the harness
 * (test/app), with the profile's own folder, and not by Playwright.
 */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: fileURLToPath(new URL('../../artifacts/test-e2e', import.meta.url)),
  globalSetup: './setup.ts',
  // Kills are placed by how far a sync has come: a second application beside it would move them.
  workers: 1,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: 'line',
})
