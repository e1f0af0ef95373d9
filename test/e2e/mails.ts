import type { GeneratedMail } from '../lab/generator.ts'

/** The words of a generated mail as the reader shows them: without quote marks, the signature's dashes, and breaks. */
export function shownWords({ text = '' }: GeneratedMail): string {
  return text
    .split('\n')
    .filter((line) => line !== '-- ')
    .map((line) => line.replace(/^(> ?)+/, ''))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim()
}

/** The paragraphs and headings of a generated HTML mail, each of which its text must hold. */
export function htmlWords({ html = '' }: GeneratedMail): string[] {
  return [...html.matchAll(/<(?:p|h1|h2)\b[^>]*>([^<]+)</g)].map(([, words]) =>
    String(words)
      .replaceAll('&lt;', '<')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&')
      .replace(/\s+/g, ' ')
      .trim(),
  )
}
