/** HTML as mail programs and newsletter tools write it. */
import { paragraph, title } from './prose.ts'
import type { Random } from './random.ts'
import type { Vocabulary } from './words.ts'

const CELL = 'padding:12px 24px;font-family:Helvetica,Arial,sans-serif;font-size:14px;line-height:20px;color:#333333'
const STYLE = `<style type="text/css">
body{margin:0;padding:0;background:#f4f4f4;-webkit-text-size-adjust:100%}
table{border-collapse:collapse;mso-table-lspace:0pt;mso-table-rspace:0pt}
img{border:0;height:auto;line-height:100%;outline:none;text-decoration:none}
a{color:#0b6bcb}.button{background:#0b6bcb;border-radius:4px;color:#ffffff;padding:10px 18px}
@media only screen and (max-width:600px){.wide{width:100% !important}.hide{display:none !important}}
</style>`

/** The HTML side of a personal mail: its paragraphs with the marks of a word processor. */
export function richHtml(texts: string[], rtl: boolean): string {
  const lines = texts.map(
    (text) =>
      `<p class="MsoNormal" style="margin:0 0 10px 0"><span style="font-size:11pt">${escapeHtml(text)}</span></p>`,
  )
  const direction = rtl ? ' dir="rtl"' : ''
  return `<html><head><meta charset="utf-8"></head>\n<body${direction}>\n${lines.join('\n')}\n</body></html>\n`
}

/** A newsletter of about `length` characters: nested tables, pictures from afar, links with trackers. */
export function newsletterHtml(random: Random, words: Vocabulary, heading: string, length: number): string {
  const host = `news${random.int(1, 30)}.example`
  const link = () => `https://click.${host}/ls/click?upn=${random.hex(96)}&amp;u=${random.int(1000, 9999)}`
  let html = `<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>${escapeHtml(heading)}</title>\n${STYLE}\n</head>\n`
  html += `<body><table width="100%" cellpadding="0" cellspacing="0" role="presentation"><tr><td align="center">\n`
  html += `<h1 style="font-family:Georgia,serif;font-size:26px">${escapeHtml(heading)}</h1>\n`
  while (html.length < length) {
    const source = `https://img.${host}/${random.hex(16)}.jpg`
    html +=
      `<table class="wide" width="600" cellpadding="0" cellspacing="0" role="presentation" style="margin:0 auto"><tr>\n` +
      `<td style="${CELL}" valign="top"><a href="${link()}" target="_blank">` +
      `<img src="${source}" width="552" alt="${escapeHtml(title(random, words, 3))}" style="display:block"></a>\n` +
      `<h2 style="margin:0 0 8px 0;font-size:18px">${escapeHtml(title(random, words, random.int(3, 8)))}</h2>\n` +
      `<p style="margin:0 0 16px 0">${escapeHtml(paragraph(random, words, random.int(150, 900)))}</p>\n` +
      `<a class="button" href="${link()}">${escapeHtml(title(random, words, 2))}</a></td></tr></table>\n`
  }
  html += `<p style="font-size:11px"><a href="${link()}">Unsubscribe</a></p>`
  return `${html}<img src="https://open.${host}/o/${random.hex(64)}.gif" width="1" height="1" alt="">\n</td></tr></table></body></html>\n`
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
