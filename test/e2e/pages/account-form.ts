import type { Locator, Page } from 'playwright-core'
import type { AccountFile } from '../../lab/account.ts'

/** The form for a new account, on the welcome page or in its dialog. */
export class AccountForm {
  readonly root: Locator
  /** What "Test connection" or "Add account" answered when it went well. */
  readonly works: Locator
  /** The sentence about a failure; `data-code` is its code. */
  readonly error: Locator

  constructor(page: Page) {
    this.root = page.locator('form')
    this.works = this.root.getByRole('status').filter({ hasText: 'It works' })
    this.error = this.root.getByRole('alert')
  }

  /** Takes the file of certificate authorities out again; there when one was chosen. */
  get trusted(): Locator {
    return this.root.getByRole('button', { name: /^Remove / })
  }

  field(label: string): Locator {
    return this.root.getByLabel(label, { exact: true })
  }

  async fill({ email, imap, ca }: AccountFile): Promise<void> {
    await this.field('Email address').fill(email)
    await this.field('Password').fill(imap.password)
    await this.field('Server').fill(imap.host)
    await this.field('Security').selectOption(imap.security)
    await this.field('Port').fill(String(imap.port))
    await this.field('User name').fill(imap.user)
    if (ca !== undefined && !(await this.trusted.isVisible())) await this.trust(ca)
  }

  /** Chooses a file of certificate authorities under "Advanced". */
  async trust(path: string): Promise<void> {
    const chooser = this.root.locator('input[type=file]')
    if (!(await this.root.locator('details').evaluate((details: HTMLDetailsElement) => details.open)))
      await this.root.getByText('Advanced', { exact: true }).click()
    await chooser.setInputFiles(path)
    await this.trusted.waitFor()
  }

  async test(): Promise<void> {
    await this.root.getByRole('button', { name: 'Test connection' }).click()
  }

  async add(): Promise<void> {
    await this.root.getByRole('button', { name: 'Add account' }).click()
  }
}
