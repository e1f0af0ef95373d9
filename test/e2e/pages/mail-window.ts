import type { Locator, Page } from 'playwright-core'

/** The three panes. */
export class MailWindow {
  readonly page: Page
  readonly folders: Locator
  /** The foot of the sidebar: where the sync stands. */
  readonly status: Locator
  readonly list: Locator
  readonly rows: Locator
  readonly reader: Locator

  constructor(page: Page) {
    this.page = page
    this.folders = page.getByRole('navigation', { name: 'Folders' })
    this.status = page.getByRole('group', { name: 'State of the accounts' })
    this.list = page.getByRole('listbox')
    this.rows = page.getByRole('option')
    this.reader = page.getByRole('region', { name: 'Message' })
  }

  folder(name: string): Locator {
    return this.folders.getByRole('button', { name: new RegExp(`^${name}\\b`) })
  }

  /** The row at an index of the list, newest first; there only while it is near what is in view. */
  row(index: number): Locator {
    return this.list.locator(`[role=option][aria-posinset="${index + 1}"]`)
  }

  /** Brings a row into view, as a wheel would. */
  async scrollTo(index: number): Promise<void> {
    await this.list.evaluate((box, at) => {
      const row = box.querySelector<HTMLElement>('[role=option]')
      box.scrollTop = at * (row?.offsetHeight ?? 0)
    }, index)
    await this.row(index).and(this.page.locator('[data-key]')).waitFor()
  }

  /** Opens a message by a click on its row. */
  async open(index: number): Promise<void> {
    await this.scrollTo(index)
    await this.row(index).click()
  }

  get subject(): Locator {
    return this.reader.getByRole('heading', { level: 2 })
  }

  /** The words of the open message as they stand on the page, folded quotes included, spaces and breaks as one space. */
  async text(): Promise<string> {
    return this.reader
      .locator('article .body .text')
      .first()
      .evaluate((root) =>
        [...root.querySelectorAll('p, .label')]
          .map((line) => line.textContent)
          .join(' ')
          .replace(/\s+/g, ' ')
          .trim(),
      )
  }

  attachments(): Locator {
    return this.reader.getByRole('region', { name: /attachments?$/ }).getByRole('link')
  }
}
