import type { Random } from './random.ts'
import { type Vocabulary, capitalized } from './words.ts'

/** Some words as a title has them, without a stop. */
export function title(random: Random, words: Vocabulary, count: number): string {
  const chosen = Array.from({ length: count }, () => words.word(random))
  return capitalized(chosen.join(words.space))
}

/** Sentences on one line, of about `length` characters. */
export function paragraph(random: Random, words: Vocabulary, length: number): string {
  let text = ''
  while (text.length < length) text += sentence(random, words)
  return text.trimEnd()
}

function sentence(random: Random, words: Vocabulary): string {
  const count = random.int(4, 19)
  let text = capitalized(words.word(random))
  for (let i = 1; i < count; i++) {
    if (words.space && random.chance(0.06)) text += ','
    text += words.space + words.word(random)
  }
  if (random.chance(0.05)) text += `${words.space}${random.int(1, 3000)}`
  return text + words.stop
}

/** Paragraphs with an empty line between them, of about `length` characters together. */
export function paragraphs(random: Random, words: Vocabulary, length: number): string[] {
  const list: string[] = []
  for (let left = length; left > 0; left -= list.at(-1)?.length ?? left) {
    list.push(paragraph(random, words, Math.min(left, random.int(80, 600))))
  }
  return list
}

/** Breaks a paragraph at spaces into lines of at most `width` characters, each beginning with `prefix`. */
export function wrapped(text: string, width: number, prefix = ''): string[] {
  const lines: string[] = []
  let line = prefix
  for (const word of text.split(' ')) {
    if (line.length > prefix.length && line.length + 1 + word.length > width) {
      lines.push(line)
      line = prefix
    }
    line += line.length > prefix.length ? ` ${word}` : word
  }
  lines.push(line)
  return lines
}
