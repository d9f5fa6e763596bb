import { quotationMarks, visible } from '../domain/untrusted.ts'

/**
 * The carrier's free text as a person reads it before saying yes: in quotation marks of ours that nothing inside ends, cut
 * to {@link mostQuoted} characters, with its whole length where that is not all, and marked as unverified.
 */
export function quoteUnverified(text: string): string {
  // What is far beyond the cut is never looked at.
  const seen = visible(text.slice(0, 8 * mostQuoted), Number.POSITIVE_INFINITY)
  const kept = seen.slice(0, mostQuoted).replace(/[\uD800-\uDBFF]$/, '')
  const length = kept === text ? '' : `, ${text.length} characters`
  return `"${standingIn(kept).shown}${kept === seen ? '' : '…'}" (unverified${length})`
}

/**
 * A text that is written as it is, whole and in quotation marks of ours, so that no character is out of sight and no two
 * texts read the same. A character that cannot stand there has one of the same look in its place, which is said
 * (`written with ＠ for U+0040`), or stands as its code. `remark` comes before that.
 */
export function quoteExactly(text: string, remark = ''): string {
  const { shown, instead } = standingIn(text)
  return `"${shown}"${remark}${instead.length === 0 ? '' : `, written with ${instead.join(', ')}`}`
}

/** Characters of the carrier's free text that a person is shown. */
const mostQuoted = 40

function standingIn(text: string): { shown: string; instead: string[] } {
  const places = new Map<string, string>()
  const shown = text.replace(acting, (character, offset: number) => {
    const twin = mark.test(character) ? "'" : twins[character]
    // A twin says two things where the text holds it as well, or where two of them side by side look like a mark.
    const clear =
      twin !== undefined &&
      !text.includes(twin) &&
      (places.get(twin) ?? character) === character &&
      !(twin === "'" && mark.test(neighbours(text, character, offset)))
    if (!clear) return `(${codeOf(character)})`
    places.set(twin, character)
    return twin
  })
  return { shown, instead: [...places].map(([twin, character]) => `${twin} for ${codeOf(character)}`) }
}

const mark = new RegExp(`[${quotationMarks}]`, 'u')

/** Whatever could be read as something else than itself. */
const acting = new RegExp(
  [
    // A lone apostrophe is none of our marks; two of them look like one.
    `(?!')[${quotationMarks}]|'(?=[${quotationMarks}])|(?<=[${quotationMarks}])'`,
    // Markup of Markdown and HTML, links and mentions. Inside a word an underscore is no emphasis.
    '[\\[\\]<>`|\\\\*~#&@]|(?<![\\p{L}\\p{N}])_|_(?![\\p{L}\\p{N}])|:(?=/)|(?<=/)/|(?<=www)\\.',
    // White space that nobody sees, or that is not the plain one.
    '^ | $|(?<= ) | (?= )|(?! )\\p{Z}|\\u2800',
    // What is no character of its own, and our own way of writing a code.
    '(?<![\\p{L}\\p{N}\\p{M}])\\p{M}|\\p{C}|\\p{Default_Ignorable_Code_Point}|\\((?=U\\+)',
  ].join('|'),
  'giu',
)

/** Characters of the same look, of which none acts. */
const twins: Readonly<Record<string, string>> = {
  ' ': '␣',
  '[': '［',
  ']': '］',
  '<': '＜',
  '>': '＞',
  '|': '｜',
  '\\': '＼',
  '*': '＊',
  '~': '～',
  '#': '＃',
  '&': '＆',
  '@': '＠',
  _: '＿',
  ':': '：',
  '/': '／',
  '.': '．',
}

function neighbours(text: string, character: string, offset: number): string {
  return `${[...text.slice(0, offset)].at(-1) ?? ''}${[...text.slice(offset + character.length)][0] ?? ''}`
}

const codeOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
