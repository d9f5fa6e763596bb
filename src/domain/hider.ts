import { visible } from './untrusted.ts'

/** The text that replaces a secret. */
export const redacted = '[redacted]'

/** The least length of a secret that is looked for in data, characters: a shorter one stands in half of all words. */
export const leastInData = 4

/** Takes secrets out of a text. */
export type Hide = (text: string) => string

/**
 * Makes a function that takes these secrets out of any text, in every spelling that one may come back in: as it is, escaped
 * for XML (by name or number, once or more), for a URL or for JSON, base64-coded wherever it stands in what is coded, and
 * with invisible characters between its own. It is made where the secrets are, and handed out in place of them.
 *
 * @param secrets those of fewer than `least` characters are left out: they stand in half of all words
 */
export function hider(secrets: readonly string[], least = 1): Hide {
  // The longest secret is replaced first, because a shorter one may be how it begins.
  const known = [...new Set(secrets)].filter((secret) => secret.length >= least).sort((a, b) => b.length - a.length)
  if (known.length === 0) return (text) => text
  const coded = known.flatMap(base64Cores)
  const shortest = Math.min(...[...known, ...coded.map(({ core }) => core)].map(({ length }) => length))
  const longWord = new RegExp(`[\\w+/-]{${Math.min(...coded.map(({ core }) => core.length), 1000)}}`)
  // Millions of texts pass here. Most can hold no secret, so they are only glanced at.
  const mayHold = (text: string) => escaped.test(text) || known.some((one) => text.includes(one)) || longWord.test(text)
  let any: RegExp | undefined
  const hide = (text: string) => {
    if (text.length < shortest || !mayHold(text)) return text
    any ??= new RegExp([...known.map(spelt), ...coded.map(codedPattern)].join('|'), 'gu')
    return text.replace(any, redacted)
  }
  return (text) => {
    const hidden = hide(text)
    const seen = visible(hidden, Number.POSITIVE_INFINITY)
    // Whoever shows the text later removes invisible characters, so the text without them must hold no secret either.
    const again = seen === hidden ? seen : hide(seen)
    return again === seen ? hidden : again
  }
}

/** The signs that begin an escape. */
const escaped = /[%&\\+]/

const spelt = (secret: string): string => Array.from(secret, spellings).join('')

const xmlNames: { readonly [letter: string]: string } = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' }

/** A pattern for one character of a secret in each of its spellings. Each repetition is bounded: a text may be made of them. */
function spellings(letter: string): string {
  const code = letter.codePointAt(0) ?? 0
  const hex = (digits: string) => digits.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)
  const units = Array.from({ length: letter.length }, (_, at) => letter.charCodeAt(at).toString(16).padStart(4, '0'))
  const bytes = Array.from(Buffer.from(letter), (byte) => byte.toString(16).padStart(2, '0'))
  const all = [
    units.map((unit) => `\\\\{1,4}u${hex(unit)}`).join(''),
    bytes.map((byte) => `%(?:25){0,3}${hex(byte)}`).join(''),
    `&(?:amp;){0,3}#0{0,6}${code};`,
    `&(?:amp;){0,3}#[xX]0{0,6}${hex(code.toString(16))};`,
  ]
  const name = xmlNames[letter]
  if (name !== undefined) all.push(`&(?:amp;){0,3}${name};`)
  if (letter === ' ') all.push('\\+')
  // The character itself, behind backslashes where JSON has it so, comes last, because an escape may begin with it.
  all.push(`\\\\{0,4}\\u{${code.toString(16)}}`)
  return `(?:${all.join('|')})`
}

interface Core {
  /** The characters of a base64 text that depend on the secret alone. */
  core: string
  /** Whether the characters before and after the core depend on the secret in part. */
  before: boolean
  after: boolean
}

/** The secret in base64, after 0, 1 and 2 other bytes. */
function base64Cores(secret: string): Core[] {
  const bytes = Buffer.from(secret)
  return [0, 1, 2].flatMap((others) => {
    const text = Buffer.concat([Buffer.alloc(others), bytes]).toString('base64')
    const [from, to] = [Math.ceil((others * 8) / 6), Math.floor(((others + bytes.length) * 8) / 6)]
    const core = text.slice(from, to)
    return core.length < 4 ? [] : [{ core, before: others > 0, after: (others + bytes.length) % 3 > 0 }]
  })
}

function codedPattern({ core, before, after }: Core): string {
  const edge = '(?:%2[bBfF]|\\\\{0,4}[\\w+/-])?'
  const letters = Array.from(core, (letter) => {
    if (letter === '+') return `(?:-|${spellings(letter)})`
    return letter === '/' ? `(?:_|${spellings(letter)})` : letter
  })
  return `${before ? edge : ''}${letters.join('')}${after ? `${edge}(?:=|%3[dD]){0,2}` : ''}`
}
