import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { paraglideVitePlugin } from '@inlang/paraglide-js'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))

// The window: one build for both shells. Nothing inline, for the CSP allows scripts and styles of our own files only.
export default defineConfig({
  root: path('renderer'),
  base: '/',
  publicDir: existsSync(path('renderer/public')) ? path('renderer/public') : false,
  clearScreen: false,
  plugins: [
    svelte({ configFile: false }),
    paraglideVitePlugin({
      project: path('renderer/i18n/project.inlang'),
      outdir: path('renderer/i18n/paraglide'),
      strategy: ['preferredLanguage', 'baseLocale'],
      emitTsDeclarations: true,
    }),
  ],
  worker: { format: 'es' },
  build: {
    target: 'chrome140',
    outDir: path('out/renderer'),
    emptyOutDir: true,
    sourcemap: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
