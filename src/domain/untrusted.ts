/**
 * Makes a text of the carrier's or a model's harmless for a person or a model who reads it (law 6 of the house): as {@link
 * visible}, and without markdown, HTML, links, mentions or table bars. At most `most` characters.
 */
export function harmless(text: string, most = mostShown): string {
  if (text.length <= most && bland.test(text) && !www.test(text)) return text
  return cut(disarm(visible(text, most)).replace(/ +/g, ' ').trim(), most)
}

/**
 * Takes out of a text what cannot be seen: control, bidirectional, zero-width, line-separator and unassigned characters are
 * gone, white space is one space, and no more than `most` characters are left, the last then being `…`.
 */
export function visible(text: string, most = mostShown): string {
  const head = headOf(text, most)
  if (printable.test(head)) return cut(head, most)
  const seen = head.replace(blank, ' ').replace(unseen, '').replace(/ +/g, ' ').trim()
  return cut(seen, most, head.length < text.length)
}

/**
 * Puts a text of the carrier's or a model's in quotation marks of ours, made harmless. Marks inside it become apostrophes:
 * one of them would end the quotation early, and what follows would read as a fact.
 */
export function quote(text: string, most = mostShown): string {
  return `"${harmless(text, most).replace(lookAlikes, "'")}"`
}

/**
 * Quotation marks, and the characters that Unicode's security tables (confusables.txt) or a reader take for one: the inside
 * of a class in a pattern with the flag u.
 */
export const quotationMarks =
  '\\p{Quotation_Mark}\\u00b4\\u02b9-\\u02bf\\u02ca\\u02cb\\u02dd\\u02ee\\u02f4-\\u02f6\\u0374\\u0384\\u055a\\u055d\\u05f2-\\u05f4' +
  '\\u07f4\\u07f5\\u1cd3\\u1fbd-\\u1fbf\\u1fef\\u1ffd\\u1ffe\\u2032-\\u2037\\u2057\\u275b-\\u2760\\u276e\\u276f\\u2e42' +
  '\\u3003\\ua78c\\uff40\\u{1f676}-\\u{1f678}'

/**
 * A pattern for quotation marks, as many as stand in a row: two apostrophes look like one mark. `‹` and `›` are left out,
 * because {@link harmless} puts them there itself.
 */
const lookAlikes = new RegExp(`(?:(?![‹›])[${quotationMarks}])+`, 'gu')

/** The characters that cannot be seen: the inside of a class in a pattern with the flag u. */
export const unseenCharacters = '\\p{C}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}'

/**
 * Makes a text legible as data, which may be compared and sent back: what cannot be seen is gone, and every space is kept.
 * Other white space is one space.
 */
export function legible(text: string, most = mostShown): string {
  const head = headOf(text, most)
  if (printable.test(head)) return cut(head, most)
  const seen = head.replace(blank, (run) => (/^ +$/.test(run) ? run : ' ')).replace(unseen, '')
  return cut(seen, most, head.length < text.length)
}

/** Makes a text harmless like {@link harmless}, with every space kept: for data in a text that a model reads. */
export function inert(text: string, most = mostShown): string {
  return cut(disarm(legible(text, most)), most)
}

/**
 * Whether a text holds anything that {@link visible} would take out, so that a person would be shown something else than it
 * says.
 */
export function hidesAnything(text: string): boolean {
  return text.replace(unseen, '') !== text
}

const mostShown = 200

// Nearly every text is bland, and every text of every row is looked at: one glance replaces twenty patterns.
/** What no rule below touches. */
const bland = /^(?:[A-Za-z0-9.,'()+]+(?:[ -][A-Za-z0-9.,'()+]+)*)?$/
const printable = /^(?:[!-~]+(?: [!-~]+)*)?$/
const www = /www\./i

/** White space, except the zero-width one that counts as such. */
const blank = /[^\S\ufeff]+|\u0085/gu

const unseen = new RegExp(`[${unseenCharacters}]`, 'gu')

const disarmed: readonly (readonly [RegExp, string])[] = [
  [/\[/g, '('],
  [/\]/g, ')'],
  [/</g, '‹'],
  [/>/g, '›'],
  [/`/g, "'"],
  [/[|\\]/g, '/'],
  [/[*~]+/g, '·'],
  [/#/g, '№'],
  // An underscore inside a word is no emphasis, and references are full of them, so only the others are replaced.
  [/(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])|__+/gu, '-'],
  // Only the end of a URL's scheme is matched: looking for its beginning takes time that is quadratic in the text's length.
  [/(?<=[\p{L}\p{N}+.-]):(?=\/|\p{L})/gu, ': '],
  [/\/{2,}/g, '/'],
  [/www\./gi, 'www '],
  [/ *@ */g, ' at '],
]

/** Disarms a text that is cut already: on one of 65,000 characters some of these patterns take seconds. */
function disarm(text: string): string {
  if (bland.test(text) && !www.test(text)) return text
  let shown = text
  for (const [pattern, instead] of disarmed) shown = shown.replace(pattern, instead)
  return shown
}

/** The characters that are looked at beyond those shown, because what cannot be seen takes no place in what is shown. */
const lookAhead = 4_000

function headOf(text: string, most: number): string {
  return text.length <= most + lookAhead ? text : text.slice(0, most + lookAhead)
}

/**
 * Cuts a text to `most` characters, the last then being `…`.
 *
 * @param more whether there was more than `text`
 */
function cut(text: string, most: number, more = false): string {
  if (text.length <= most) return more && text.length < most ? `${text}…` : text
  // A surrogate pair must not be cut in two.
  return `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}
