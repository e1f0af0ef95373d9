import type { MailboxRole } from '../../../preload/contract/index.ts'
import { PANE_ORDER, type Mail, type Pane } from '../state/mail.svelte.ts'

/** Second keys after `g`, and where they lead. */
export const GO: Readonly<Record<string, MailboxRole>> = { i: 'inbox', s: 'sent', d: 'drafts', a: 'all' }

/** How long a `g` waits for its second key, in ms. */
const PATIENCE = 1500

/** The keys that work everywhere in the window but in a field of a form. Those of the list are its own. */
export class Keys {
  readonly #mail: Mail
  #leader = 0

  constructor(mail: Mail) {
    this.#mail = mail
  }

  down(event: KeyboardEvent): void {
    const mail = this.#mail
    if (event.defaultPrevented || event.isComposing || mail.sheet !== null || !mail.session.sidebar.known) return
    if (event.key === 'F6') {
      this.#nextPane(event.shiftKey ? -1 : 1)
      event.preventDefault()
      return
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return
    if (this.#act(event)) event.preventDefault()
  }

  #act(event: KeyboardEvent): boolean {
    const mail = this.#mail
    const { key } = event
    const role = event.timeStamp - this.#leader < PATIENCE ? GO[key] : undefined
    this.#leader = 0
    if (role !== undefined) return mail.goRole(role)
    switch (key) {
      case 'g':
        this.#leader = event.timeStamp
        return true
      case 'j':
        mail.step(1)
        return true
      case 'k':
        mail.step(-1)
        return true
      case 'o':
        return this.#open()
      case 'Enter':
        // a button that has the focus answers Enter itself
        return isControl(event.target) ? false : this.#open()
      case 'u':
      case 'Escape':
        mail.back()
        focusPane('list')
        return true
      case '?':
        mail.sheet = { is: 'keys' }
        return true
      default:
        return false
    }
  }

  #open(): boolean {
    const { list } = this.#mail
    if (list.cursor < 0) return false
    this.#mail.select(list.cursor, true)
    focusPane('reader')
    return true
  }

  #nextPane(by: 1 | -1): void {
    const here = document.activeElement?.closest<HTMLElement>('[data-pane]')?.dataset['pane']
    const shown = PANE_ORDER.filter((pane) => document.querySelector(`[data-pane="${pane}"]`))
    const at = shown.findIndex((pane) => pane === here)
    const next = shown[at < 0 ? 0 : (at + by + shown.length) % shown.length]
    if (next) focusPane(next)
  }
}

/** Gives the focus to what a pane is about: the current folder, the list, the message. */
export function focusPane(pane: Pane): void {
  requestAnimationFrame(() => {
    const root = document.querySelector(`[data-pane="${pane}"]`)
    const target =
      root?.querySelector<HTMLElement>('[data-pane-focus], [aria-current="page"]') ?? root?.querySelector('button')
    target?.focus({ preventScroll: true })
  })
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input:not([type=radio]), select, textarea, [contenteditable]')
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('button, a, summary, input')
}
