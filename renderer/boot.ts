import { connectBrowser } from '../preload/browser.ts'
import type { Bridge } from '../preload/contract/index.ts'
import { mountMail } from './mail/mount.ts'
import { startStore } from './store/host.ts'

declare global {
  interface Window {
    /** Set by Electron's preload script; in a page of the browser shell it is made here. */
    ketchup?: Bridge
  }
}

const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
window.ketchup ??= await connectBrowser(startStore({ engineUrl: `${scheme}://${location.host}/doors/engine?as=store` }))
mountMail(window.ketchup)
