import js from '@eslint/js'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'

/** Forbids imports by pattern, with the rule of the house that each breaks. */
const ban = (...groups) => ({
  'no-restricted-imports': ['error', { patterns: groups.map(([group, message]) => ({ group, message })) }],
})
const NO_ELECTRON = [
  ['electron', 'electron/*', '**/main/electron/**', '**/electron/*.ts'],
  'The engine and the vault run without Electron (DESIGN §1).',
]
const NO_MAIN = [['**/main/**'], 'The renderer knows the bridge only (DESIGN §1).']
const RAW_IPC =
  'Raw IPC lives in main/ipc and preload/doors; everything else talks through a door (preload/doors/rpc.ts).'

export default ts.config(
  { ignores: ['out/', 'dist/', 'artifacts/', 'node_modules/', 'renderer/i18n/paraglide/', 'test/fixtures/'] },
  js.configs.recommended,
  ...ts.configs.recommendedTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.node, ...globals.browser, ...globals.worker },
      parserOptions: { projectService: true, extraFileExtensions: ['.svelte'] },
    },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-control-regex': 'off', // a mail program looks for control characters on purpose
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only: one name for one thing.' },
        { selector: "MemberExpression[object.name='process'][property.name=/^(send|parentPort)$/]", message: RAW_IPC },
      ],
    },
  },
  {
    files: ['main/engine/**', 'main/vault/**'],
    rules: ban(NO_ELECTRON, [['**/renderer/**'], 'Main never imports the renderer.']),
  },
  { files: ['main/browser/**'], rules: ban(NO_ELECTRON, [['**/renderer/**'], 'Main never imports the renderer.']) },
  { files: ['renderer/**'], rules: ban(NO_MAIN, [['node:*', 'electron'], 'The renderer has no Node.']) },
  {
    files: ['renderer/mail/**'],
    rules: ban(
      NO_MAIN,
      [['node:*', 'electron'], 'The renderer has no Node.'],
      [['**/store/**', 'dexie'], 'Views reach the store through window.ketchup only.'],
    ),
  },
  {
    files: ['preload/contract/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(?!valibot$|\\./[a-z]+\\.ts$)',
              message: 'The contract imports nothing but valibot, which writes its runtime checks.',
            },
          ],
        },
      ],
    },
  },
  { files: ['main/ipc/**', 'preload/doors/**'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['test/**', 'build/**', '**/*.spec.ts'],
    rules: { 'no-console': 'off', 'no-restricted-syntax': 'off', 'no-restricted-imports': 'off' },
  },
  { files: ['*.js', '*.config.ts', '**/*.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: { 'no-undef': 'off' },
  },
  { files: ['**/*.js', '**/*.mjs'], ...ts.configs.disableTypeChecked },
)
