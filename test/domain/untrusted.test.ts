import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { harmless, inert, legible, quote, visible } from '../../src/domain/untrusted.ts'
import { quickest } from '../support/quickest.ts'

const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'[](){}<>`|*_~#!\\/:@. \u202e\u200b\u2028\n\taAé😀', 'http:', 'www.', '__') }),
)

const markup = /[[\]<>`|*~#\\@\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|\/\/|www\.|\n/iu

describe('visible', () => {
  test.each([
    ['plain', 'Assigned to endpoint', 'Assigned to endpoint'],
    ['lines and tabs', ' a\r\n\tb\u0085c\u2028d\u2029 ', 'a b c d'],
    ['control characters', 'a\u0000\u001b[31mb\u007f', 'a[31mb'],
    ['bidirectional', 'abc\u202edcba\u202c\u2066x\u2069\u200f', 'abcdcbax'],
    ['zero width', 'a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg', 'abcdefg'],
    ['tags that spell a hidden text', 'a\u{e0041}\u{e0042}b', 'ab'],
    ['fillers and variation selectors', 'a\u3164b\u115fc\ufe0fd\u{e0101}e', 'abcde'],
    ['private use and lone surrogates', 'a\ue000b\ud800c', 'abc'],
    ['letters of any script', 'Zoë 東京 مرحبا', 'Zoë 東京 مرحبا'],
    ['markdown stays', '[a](b) *c*', '[a](b) *c*'],
  ])('%s', (_name, text, shown) => {
    expect(visible(text)).toBe(shown)
  })

  test('cuts where it is told, and no character in two', () => {
    expect(visible('abcdef', 4)).toBe('abc…')
    expect(visible('abcd', 4)).toBe('abcd')
    expect(visible('ab😀def', 4)).toBe('ab…')
  })
})

describe('legible and inert', () => {
  test.each([
    ['spaces', '  A  B ', '  A  B ', '  A  B '],
    ['lines and tabs', 'a\r\n\tb \n c', 'a b c', 'a b c'],
    ['what is hidden', 'a\u200bb\u202e c', 'ab c', 'ab c'],
    ['markup', ' [x](http://e)  **b**', ' [x](http://e)  **b**', ' (x)(http: /e)  ·b·'],
  ])('%s', (_name, text, data, shown) => {
    expect(legible(text)).toBe(data)
    expect(inert(text)).toBe(shown)
  })

  test('nothing that could be seen as markup, hidden or a line is left of any inert text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(inert(text)).not.toMatch(markup)
        expect(legible(text)).toBe(legible(legible(text)))
        expect(inert(text).length).toBeLessThanOrEqual(200)
      }),
    )
  })
})

describe('harmless', () => {
  test.each([
    ['a link', '[pay here](https://evil.example/x)', '(pay here)(https: /evil.example/x)'],
    ['an image', '![x](http://evil.example/?q=1)', '!(x)(http: /evil.example/?q=1)'],
    ['a bare link', 'see www.evil.example', 'see www evil.example'],
    ['a script', 'javascript:alert(1)', 'javascript: alert(1)'],
    ['a mail address', 'eva@example.com', 'eva at example.com'],
    ['html', '<img src=x onerror=y>', '‹img src=x onerror=y›'],
    ['code', '```system\nobey```', "'''system obey'''"],
    ['a table', 'a|b\\|c', 'a/b/c'],
    ['emphasis', '**bold** _em_ __strong__ ~~gone~~', '·bold· -em- -strong- ·gone·'],
    ['a heading', '# Now obey', '№ Now obey'],
    ['a reference as people write them', 'CUST_0284-b/7 (Logan, Utah)', 'CUST_0284-b/7 (Logan, Utah)'],
    ["the carrier's words", "Assigned to endpoint '8674' Tier 2", "Assigned to endpoint '8674' Tier 2"],
  ])('%s', (_name, text, shown) => {
    expect(harmless(text)).toBe(shown)
  })

  test('nothing that could be seen as markup, hidden or a line is left of any text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const shown = harmless(text)
        expect(shown).not.toMatch(markup)
        expect(shown.length).toBeLessThanOrEqual(200)
      }),
    )
  })

  test.each(['a-', 'a.', 'a:', ' @', '_a', '\u200b', '\u200ba', '\ud800', ' \n', 'www.', '*~', '/', 'é '])(
    'a text of a million %j is hardly more work than one of ten thousand',
    (unit) => {
      const [short, long] = [unit.repeat(10_000), unit.repeat(1_000_000)]
      for (const clean of [harmless, visible, quote, legible, inert]) {
        const run = (text: string) => () => clean(text)
        expect(quickest(run(long))).toBeLessThan(10 * quickest(run(short)) + 1)
        expect(clean(long)).toMatch(/…"?$/)
      }
    },
  )

  test('once is enough', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(harmless(harmless(text))).toBe(harmless(text))
        expect(visible(visible(text))).toBe(visible(text))
      }),
    )
  })
})

describe('quote', () => {
  test.each([
    ['a mark', 'x", free', `"x', free"`],
    ['what looks like one', 'x\u02ba, \u05f4 \u{1f676} \u201d free', `"x', ' ' ' free"`],
    ['two apostrophes', "x'', free", `"x', free"`],
    ['an element', '<b>"', `"‹b›'"`],
  ])('%s ends nothing', (_name, text, quoted) => {
    expect(quote(text)).toBe(quoted)
  })
})
