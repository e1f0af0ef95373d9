import { fileURLToPath } from 'node:url'
import { paraglideVitePlugin } from '@inlang/paraglide-js'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url))

/** The page of the interface tests: the mail window over a bridge in memory. Built apart: none of it is in the product. */
export default defineConfig({
  root: path('renderer/mail/dev'),
  base: '/',
  clearScreen: false,
  logLevel: 'warn',
  plugins: [
    svelte({ configFile: false }),
    paraglideVitePlugin({
      project: path('renderer/i18n/project.inlang'),
      outdir: path('renderer/i18n/paraglide'),
      strategy: ['preferredLanguage', 'baseLocale'],
      emitTsDeclarations: true,
    }),
  ],
  build: {
    target: 'chrome140',
    outDir: path('out/test-ui'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
