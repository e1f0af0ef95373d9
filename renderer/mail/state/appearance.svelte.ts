/** How the window looks, remembered in this browser. */

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

export const DENSITIES = ['compact', 'cozy', 'comfortable'] as const
export type Density = (typeof DENSITIES)[number]

/** Height of a list row in px: known before any row is. */
export const ROW_HEIGHT: Readonly<Record<Density, number>> = { compact: 28, cozy: 56, comfortable: 72 }

/** Least, greatest and first width of the panes in px. */
export const PANES = {
  sidebar: { min: 200, max: 320, first: 228 },
  list: { min: 320, max: 520, first: 372 },
} as const
export type PaneName = keyof typeof PANES

const KEY = 'ketchup.appearance'

interface Remembered {
  theme: Theme
  density: Density
  sidebar: number
  list: number
  collapsed: readonly string[]
}

/** What was remembered, with every value that is not one of ours replaced by the first choice. */
export function parseAppearance(text: string | null): Remembered {
  let raw: Partial<Record<keyof Remembered, unknown>> = {}
  try {
    const parsed: unknown = JSON.parse(text ?? '{}')
    if (typeof parsed === 'object' && parsed !== null) raw = parsed
  } catch {
    // a damaged entry is worth no more than none
  }
  const width = (name: PaneName) => clampWidth(name, typeof raw[name] === 'number' ? raw[name] : PANES[name].first)
  return {
    theme: THEMES.find((theme) => theme === raw.theme) ?? 'system',
    density: DENSITIES.find((density) => density === raw.density) ?? 'comfortable',
    sidebar: width('sidebar'),
    list: width('list'),
    collapsed: Array.isArray(raw.collapsed) ? raw.collapsed.filter((key) => typeof key === 'string') : [],
  }
}

/** A width within the bounds of its pane. */
export function clampWidth(name: PaneName, px: number): number {
  return Math.round(Math.min(PANES[name].max, Math.max(PANES[name].min, px)))
}

export class Appearance {
  theme = $state<Theme>('system')
  density = $state<Density>('comfortable')
  sidebar = $state<number>(PANES.sidebar.first)
  list = $state<number>(PANES.list.first)
  /** What is folded in the sidebar: `a<account>` and `m<mailbox>`. */
  collapsed = $state.raw<readonly string[]>([])

  constructor() {
    Object.assign(this, parseAppearance(localStorage.getItem(KEY)))
  }

  /** Keeps the present look for the next start. */
  remember(): void {
    const { theme, density, sidebar, list, collapsed } = this
    localStorage.setItem(KEY, JSON.stringify({ theme, density, sidebar, list, collapsed }))
  }

  toggle(key: string): void {
    this.collapsed = this.collapsed.includes(key)
      ? this.collapsed.filter((other) => other !== key)
      : [...this.collapsed, key]
  }
}
