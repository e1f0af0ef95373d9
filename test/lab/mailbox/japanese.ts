/** ISO-2022-JP, in which much Japanese mail still comes and which Node can read but not write. */

const TO_ASCII = '\x1b(B'
const TO_JIS_X_0208 = '\x1b$B'

let table: Map<string, string> | undefined

/** The two octets of each character of JIS X 0208, found by decoding all of them. */
function jisTable(): Map<string, string> {
  if (table) return table
  const made = new Map<string, string>()
  // EUC-JP has the same table with the high bits set.
  const decoder = new TextDecoder('euc-jp')
  for (let row = 0x21; row < 0x7f; row++) {
    for (let cell = 0x21; cell < 0x7f; cell++) {
      const character = decoder.decode(Uint8Array.of(row | 0x80, cell | 0x80))
      if (!character.includes('\ufffd')) made.set(character, String.fromCharCode(row, cell))
    }
  }
  table = made
  return made
}

/** The octets of a text in ISO-2022-JP (RFC 1468), each line ending in ASCII; undefined when it has other letters. */
export function iso2022jp(text: string): Buffer | undefined {
  const jis = jisTable()
  let out = ''
  let shifted = false
  for (const character of text) {
    const isAscii = character <= '\x7f'
    const octets = isAscii ? character : jis.get(character)
    if (octets === undefined) return undefined
    if (isAscii === shifted) out += isAscii ? TO_ASCII : TO_JIS_X_0208
    shifted = !isAscii
    out += octets
  }
  return Buffer.from(shifted ? out + TO_ASCII : out, 'latin1')
}
