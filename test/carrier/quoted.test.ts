import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { quoteExactly, quoteUnverified } from '../../src/carrier/quoted.ts'

/** Every one is taken for a quotation mark, by Unicode's tables or by a reader. */
const lookAlikes = [...'"“”„‟‘’‚‛«»‹›′″‴‵‶‷⁗❛❜❝❞❟❠❮❯〝〞〟＂＇ʹʺʻʼˊˋ˝ˮ˴˵˶׳״ײ״ߴߵ᳓᾽᾿῾`´〃⹂🙶🙷🙸']

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 64 }),
  fc.string({
    unit: fc.constantFrom(...lookAlikes, ..."'()[]<>|\\*~#&@_:/. U+27aé\u0301\u00a0\u2800\u200b\u202e\n"),
    maxLength: 64,
  }),
)

/** Nothing in it is a mark, markup or hidden; a lone apostrophe is none. */
function expectInert(quoted: string): void {
  const inside = quoted.slice(1, quoted.lastIndexOf('"'))
  expect(quoted.split('"')).toHaveLength(3)
  for (const one of lookAlikes) expect(inside).not.toContain(one)
  expect(inside).not.toMatch(
    /''|[[\]<>`|\\*~#&@\u2800\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|\/\/|:\/|www\.|\n/iu,
  )
}

describe('a text that would be written', () => {
  test.each([
    ['plain', 'CUST_0284-b/7 (Logan, Utah)', 'CUST_0284-b/7 (Logan, Utah)', []],
    ['a mark', 'x", free of charge, "', "x', free of charge, '", ["' for U+0022"]],
    ['a mark and an apostrophe', `O'Brien "Bob"`, "O'Brien (U+0022)Bob(U+0022)", []],
    ['two marks in a row', 'a""b', 'a(U+0022)(U+0022)b', []],
    ['two apostrophes, which look like a mark', "a''b", 'a(U+0027)(U+0027)b', []],
    ['a mail address', 'ann@example.com', 'ann＠example.com', ['＠ for U+0040']],
    [
      'an address of the web',
      'https://www.x.y',
      'https：/／www．x.y',
      ['： for U+003A', '／ for U+002F', '． for U+002E'],
    ],
    ['an entity, which is a mark where HTML is read', 'a&quot;b', 'a＆quot;b', ['＆ for U+0026']],
    ['spaces that nobody sees', ' a  b ', '␣a␣␣b␣', ['␣ for U+0020']],
    ['a space that is none', 'a\u00a0b', 'a(U+00A0)b', []],
    ['the code itself', '(U+0040)', '(U+0028)U+0040)', []],
  ])('%s', (_name, text, shown, instead) => {
    const written = instead.length === 0 ? '' : `, written with ${instead.join(', ')}`
    expect(quoteExactly(text, ' (as asked)')).toBe(`"${shown}" (as asked)${written}`)
  })

  test('is shown to its end, however much of it has a stand-in', () => {
    expect(quoteExactly(`${'@'.repeat(20)} free of charge`)).toContain(`"${'＠'.repeat(20)} free of charge"`)
  })

  test('stands there so that nothing acts, and reads like no other', () => {
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        const [a, b] = [quoteExactly(one), quoteExactly(other)]
        expectInert(a)
        if (one !== other) expect(b).not.toBe(a)
      }),
    )
  })

  test.each(lookAlikes)('%s does not end the quotation', (one) => {
    expectInert(quoteExactly(`a${one}, b`))
    expectInert(quoteUnverified(`a${one}, b`))
  })
})

describe("the carrier's free text", () => {
  test.each([
    ['short', 'DENVER', '"DENVER" (unverified)'],
    ['long', 'a'.repeat(300), `"${'a'.repeat(40)}…" (unverified, 300 characters)`],
    ['with a character that nobody sees', 'a\u200bb', '"ab" (unverified, 3 characters)'],
    ['as long as a line may be, of marks', '@'.repeat(65_000), `"${'＠'.repeat(40)}…" (unverified, 65000 characters)`],
  ])('%s', (_name, text, shown) => {
    expect(quoteUnverified(text)).toBe(shown)
  })
})
