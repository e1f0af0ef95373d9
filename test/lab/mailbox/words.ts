/** Vocabularies of some thousand words: the commonest of each language are real, the rest are made of syllables. */
import { Random } from './random.ts'

export type Language = 'en' | 'de' | 'fr' | 'ru' | 'ar' | 'ja'

export interface Vocabulary {
  language: Language
  /** A word, frequent ones more often (Zipf). */
  word(random: Random): string
  /** Between two words, and after a sentence. */
  space: string
  stop: string
}

interface Sounds {
  common: string
  onsets: string
  nuclei: string
  codas: string
  capitals?: number
  space?: string
  stop?: string
}

const SOUNDS: Record<Language, Sounds> = {
  en: {
    common:
      'the to and of a in is you that it for we on be with this have are as not will at can from if or by your but ' +
      'all me so do please would was they our about there what time which more when just any their one no know has ' +
      'meeting week need send thanks like could let out up get next see new work some been who how think should now ' +
      'project team today mail report order question office invoice call draft monday friday tomorrow notes list',
    onsets: 'b c d f g h l m n p r s t v w br ch cl cr dr fl fr gr pl pr sh sl sp st str th tr',
    nuclei: 'a e i o u a e i o u ai ea ee ie oo ou',
    codas: ' n r l s t d m ck nd ng nt rt ss st ll tion ing er ed ly',
  },
  de: {
    common:
      'die der und in zu den das nicht von sie ist des sich mit dem dass er es ein ich auf so eine auch als an nach ' +
      'wie im für man aber aus durch wenn nur war noch werden bei hat wir was wird sein einen welche sind oder zur um ' +
      'haben einer mir über ihm diese einem ihr uns da zum kann doch vor dieser mich ihn du hatte seine mehr am denn ' +
      'Grüße Woche Termin Rechnung Frage Angebot Straße schön möchte würde können müssen natürlich übrigens später',
    onsets: 'b d f g h k l m n p r s t w z br dr fl fr gr kl kn pf pr sch schl schw sp st tr zw',
    nuclei: 'a e i o u ä ö ü au ei eu ie',
    codas: ' n r l s t m ch ck nd ng nt rt ss ß st ung lich keit en er',
    capitals: 0.35,
  },
  fr: {
    common:
      'de la le et les des en un une du que est pour qui dans par plus pas au sur ne se ce il sont avec elle son mais ' +
      'comme on nous vous ou si leur y dont aux cette être fait ses tout même bien où aussi très après déjà là été ' +
      'réunion semaine merci bonjour demain dossier équipe projet réponse numéro français problème voilà façon être',
    onsets: 'b c d f g j l m n p r s t v br ch cl cr dr fl fr gr pl pr qu tr',
    nuclei: 'a e i o u é è ê ai au eau eu oi ou',
    codas: ' n r l s t m nt rd que ment tion eur té ée ir er',
  },
  ru: {
    common:
      'и в не на я быть он с что а по это она этот к но они мы весь который из у то за свой ещё от так о год для вы ' +
      'да только ты если же когда или время рука нет самый ни стать большой даже другой наш себя встреча письмо',
    onsets: 'б в г д ж з к л м н п р с т х ч ш бр вр гр др кр пр ст тр',
    nuclei: 'а е и о у ы я ю',
    codas: ' н р л с т м ть ние ость ный ский',
  },
  ar: {
    common:
      'في من على أن إلى هذا التي مع عن كان ما لا هذه ذلك بعد كل بين قد هو هي أو لم حتى إذا يكون عند غير أي قبل ثم شكرا ' +
      'اجتماع رسالة يوم غدا مشروع سؤال تقرير العمل الفريق اليوم الأسبوع',
    onsets: 'ب ت ث ج ح خ د ر ز س ش ص ط ع غ ف ق ك ل م ن ه و ي ال',
    nuclei: 'ا و ي',
    codas: ' ر ل م ن ة ت د ات ين ون',
    stop: '. ',
  },
  ja: {
    common:
      'の に は を た が で て と し れ さ ある いる も する から な こと として い や など なっ ない この ため その あっ よう また ' +
      'もの 会議 資料 確認 予定 連絡 来週 今日 明日 お願い 件 報告 質問 仕事 部長 東京 時間 ありがとう ございます です ます',
    onsets: 'か さ た な は ま や ら わ 日 本 人 大 中 学 生 年 国 電 車 新 会 社 事 業 場 所 発 表',
    nuclei: 'あ い う え お ん り く つ',
    codas: ' る た 的 性 化 者',
    space: '',
    stop: '。',
  },
}

const VOCABULARY_SIZE = 4000
const TABLE_SIZE = 1 << 16
const known = new Map<Language, Vocabulary>()

export function vocabulary(language: Language): Vocabulary {
  const made = known.get(language) ?? makeVocabulary(language)
  known.set(language, made)
  return made
}

function makeVocabulary(language: Language): Vocabulary {
  const sounds = SOUNDS[language]
  const random = new Random('vocabulary', language)
  const words = [...makeWords(sounds, random)]
  // A table of draws instead of a search: the share of a word is the share of its entries.
  const weights = words.map((_word, rank) => 1 / (rank + 2.7))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const table = new Uint16Array(TABLE_SIZE)
  let at = 0
  let sum = 0
  weights.forEach((weight, rank) => {
    sum += weight
    const end = Math.round((sum / total) * TABLE_SIZE)
    table.fill(rank, at, end)
    at = end
  })
  return {
    language,
    word: (draws) => words[table[draws.bits() >>> 16] as number] as string,
    space: sounds.space ?? ' ',
    stop: sounds.stop ?? '. ',
  }
}

function makeWords(sounds: Sounds, random: Random): Set<string> {
  const words = new Set(sounds.common.split(' '))
  const [onsets, nuclei, codas] = [sounds.onsets, sounds.nuclei, sounds.codas].map((text) => text.split(' '))
  while (words.size < VOCABULARY_SIZE) {
    let word = ''
    const syllables = random.pick([1, 1, 1, 2, 2, 2, 3])
    for (let i = 0; i < syllables; i++) word += random.pick(onsets ?? []) + random.pick(nuclei ?? [])
    word += random.pick(codas ?? [])
    words.add(sounds.capitals && random.chance(sounds.capitals) ? capitalized(word) : word)
  }
  return words
}

export function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
