import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hider, redacted } from '../../src/domain/hider.ts'

const secret = `p&ss<w0rd>"'/+ \\ü☎x`
const hide = hider([secret])

const xml = (text: string) => text.replace(/[&<>"']/g, (sign) => `&${names[sign]};`)
const names: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' }
const each = (text: string, spell: (code: number, letter: string) => string) =>
  Array.from(text, (letter) => spell(letter.codePointAt(0) ?? 0, letter)).join('')
const units = (text: string, spell: (unit: string) => string) =>
  Array.from({ length: text.length }, (_, at) => spell(text.charCodeAt(at).toString(16).padStart(4, '0'))).join('')
const json = (text: string) => JSON.stringify(text).slice(1, -1)
const bytes = (text: string) => Array.from(Buffer.from(text), (byte) => byte.toString(16).padStart(2, '0'))

/** Every way in which a server of this world may write a text into another. */
const spellings: readonly (readonly [string, (text: string) => string])[] = [
  ['as it is', (text) => text],
  ['XML', xml],
  ['XML in XML', (text) => xml(xml(text))],
  ['an XML element', (text) => text.replace(/[&<>]/g, (sign) => `&${names[sign]};`)],
  ['XML by number', (text) => each(text, (code) => `&#${code};`)],
  ['XML by number, hexadecimal', (text) => each(text, (code) => `&#x${code.toString(16)};`)],
  ['XML by number, capital', (text) => each(text, (code) => `&#X00${code.toString(16).toUpperCase()};`)],
  ['some of it by number', (text) => each(text, (code, letter) => (/\W/.test(letter) ? `&#0${code};` : letter))],
  ['a URL', encodeURIComponent],
  ['a URL, small letters', (text) => encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase())],
  [
    'a URL, every letter',
    (text) =>
      bytes(text)
        .map((byte) => `%${byte}`)
        .join(''),
  ],
  ['a URL in a URL', (text) => encodeURIComponent(encodeURIComponent(text))],
  ['a form', (text) => new URLSearchParams({ a: text }).toString().slice(2)],
  ['JSON', json],
  ['JSON in JSON', (text) => json(json(text))],
  ['JSON of ASCII', (text) => units(text, (unit) => `\\u${unit}`)],
  ['JSON of ASCII, capital', (text) => units(text, (unit) => `\\u${unit.toUpperCase()}`)],
  ['JSON as PHP has it', (text) => json(text).replaceAll('/', '\\/')],
  ['XML in JSON', (text) => json(xml(text))],
]

describe('a secret is hidden', () => {
  test.each(spellings)('%s', (_, spell) => {
    expect(hide(`before ${spell(secret)} after`)).toBe(`before ${redacted} after`)
  })

  test('in whatever secret and text', () => {
    const secrets = fc.string({ unit: 'binary', minLength: 4, maxLength: 40 })
    fc.assert(
      fc.property(secrets.filter(isSayable), fc.constantFrom(...spellings), (one, [, spell]) => {
        expect(hider([one])(`- ${spell(one)} -`)).toBe(`- ${redacted} -`)
      }),
      { numRuns: 60 },
    )
  })

  test('in base64, wherever it stands in what is coded', () => {
    const secrets = fc.string({ unit: 'grapheme', minLength: 8, maxLength: 40 })
    const codes = fc.constantFrom<BufferEncoding>('base64', 'base64url')
    fc.assert(
      fc.property(secrets.filter(isSayable), fc.string(), fc.string(), codes, (one, before, after, code) => {
        const text = Buffer.from(`${before}${one}${after}`).toString(code)
        for (const shown of [text, encodeURIComponent(text), text.replaceAll('/', '\\/')]) {
          const left = hider([one])(`Basic ${shown} end`).replaceAll('\\', '')
          expect(left).toContain(redacted)
          const plain = left.replaceAll(/%2b/gi, '+').replaceAll(/%2f/gi, '/')
          const coded = [...plain.matchAll(/[\w+/-]+/g)].map(([part]) => part)
          for (const part of coded) expect(Buffer.from(part, 'base64').toString()).not.toContain(one)
        }
      }),
    )
  })

  test('as login and secret, whole', () => {
    const both = hider(['me:marked', 'marked'])
    expect(both(`Basic ${Buffer.from('me:marked').toString('base64')}!`)).toBe(`Basic ${redacted}!`)
  })

  test('with something between that cannot be seen', () => {
    expect(hider(['marked'])('no: mar\u200bk\u202eed!')).toBe(`no: ${redacted}!`)
  })

  test('the longer of two that begin alike is hidden whole, and each time', () => {
    expect(hider(['abc', 'abcdef', ''])('abcdef abc abcdef')).toBe(`${redacted} ${redacted} ${redacted}`)
  })
})

test.each(['\\', '&', '&amp;', '%25', '&#0', '\\\\u', 'p', 'cD', '+'])(
  '65,536 characters of %s hold nobody up',
  (sign) => {
    const began = performance.now()
    const text = sign.repeat(65_536 / sign.length)
    expect(hide(text)).toBe(text)
    // Milliseconds where it is right, a quarter of a minute where a repetition is counted anew at each place.
    expect(performance.now() - began).toBeLessThan(2000)
  },
)

describe('nothing else is touched', () => {
  test('a text without it stays as it is, with what cannot be seen', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(hider(['a secret of some length'])(text)).toBe(text)
      }),
    )
  })

  test('one that is shorter than asked is left alone, and none hides nothing', () => {
    expect(hider(['s', 'UT'], 4)('Assigned in UT')).toBe('Assigned in UT')
    expect(hider([])('text')).toBe('text')
  })
})

/** What a variable and XML can hold: no control characters, no halves of a pair, no space that a reader folds. */
function isSayable(text: string): boolean {
  return !/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|[^\S ]|^ | $| {2}/u.test(text)
}
