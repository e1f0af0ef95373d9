import type { Attachment } from '../../../preload/contract/index.ts'

/** Endings of programs and scripts: a double click on such a file runs it on some system. */
const PROGRAMS = new Set(
  (
    'ade adp app apk appimage appref-ms bat bash chm cmd com command cpl csh deb desktop dll dmg docm dotm exe gadget hta ' +
    'htm html img inf ins iso isp jar js jse ksh lnk mam mde msc msh msi msix msp mst ops pif pkg pl potm ppam ppsm ppt' +
    'm ps1 ps1xml ps2 psc1 py pyw rb reg rpm run scf scr sct sh shb shs sldm svg swf url vb vbe vbs vhd vhdx vxd wasm ' +
    'workflow ws wsc wsf wsh xlam xll xlsm xltm xhtml zsh'
  ).split(' '),
)

/**
 * The name of an attachment as one may show it: no folders, no control characters, no signs that turn its direction
 * (`exe.fdp` must not read as `pdf.exe` reversed), at most 200 characters with the ending kept. '' when nothing is left.
 */
export function safeName(name: string): string {
  const plain = name
    .normalize('NFC')
    .replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .replace(/[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, '')
    .replace(/[/\\:*?"<>|]+/g, '_')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^[._\s]*\.[._\s]*/, '')
    .replace(/[.\s]+$/, '')
  if (plain.length <= 200) return plain
  const ending = extension(plain)
  return `${plain.slice(0, 190 - ending.length)}…${ending === '' ? '' : `.${ending}`}`
}

/** The ending of a name in small letters, '' when there is none (or it is no word of ≤ 10 characters). */
export function extension(name: string): string {
  return /\.([\p{L}\p{N}-]{1,10})$/u.exec(name.trim())?.[1]?.toLowerCase() ?? ''
}

/** True for what a double click would run. The name decides; a type that says so is believed as well. */
export function isProgram(attachment: Pick<Attachment, 'name' | 'type'>): boolean {
  if (PROGRAMS.has(extension(safeName(attachment.name)))) return true
  return /^(application\/(x-(ms-?dos|dosexec|msdownload|sh|bat|executable|msi)|java-archive|hta)|text\/(html|javascript))/i.test(
    attachment.type,
  )
}

const KINDS: Readonly<Record<string, string>> = {
  'application/pdf': 'PDF',
  'application/zip': 'ZIP',
  'message/rfc822': 'EML',
  'text/calendar': 'ICS',
  'text/plain': 'TXT',
  'text/html': 'HTML',
}

/** Three or four letters for the badge of an attachment. */
export function kind(attachment: Pick<Attachment, 'name' | 'type'>): string {
  const ending = extension(safeName(attachment.name))
  if (ending !== '' && ending.length <= 4) return ending.toUpperCase()
  const known = KINDS[attachment.type.toLowerCase()]
  if (known !== undefined) return known
  const sub = /^[a-z]+\/(?:x-)?([a-z0-9]{1,4})$/i.exec(attachment.type)?.[1]
  return (sub ?? 'bin').toUpperCase()
}
