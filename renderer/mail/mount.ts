import { mount } from 'svelte'
import type { Bridge } from '../../preload/contract/index.ts'
import { getLocale } from '../i18n/paraglide/runtime.js'
import App from './app/App.svelte'
import './ui/tokens.css'
import './ui/base.css'

/** Draws the mail window into the page. */
export function mountMail(bridge: Bridge): void {
  const target = document.querySelector('#app')
  if (!target) throw new Error('The page has no place for the window')
  document.documentElement.lang = getLocale()
  mount(App, { target, props: { bridge } })
}
