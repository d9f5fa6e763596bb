import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidTelephoneNumber, isTelephoneNumber, parseTelephoneNumber } from '../../src/domain/telephone-number.ts'

describe('what people write for a number', () => {
  it.each([
    '4352154006',
    '14352154006',
    '+14352154006',
    '435-215-4006',
    '1-435-215-4006',
    '+1-435-215-4006',
    '(435) 215-4006',
    '(435)215-4006',
    '(435) 215 4006',
    '1 (435) 215-4006',
    '1(435)215-4006',
    '+1 (435) 215-4006',
    '(+1) 435-215-4006',
    '435.215.4006',
    '1.435.215.4006',
    '435 215 4006',
    '+1 435 215 4006',
    '+1 435-215-4006',
    '435 - 215 - 4006',
    '435-215.4006',
    '435215-4006',
    '435 2154006',
    ' 4352154006',
    '4352154006 ',
    '435\u2011215\u20114006',
    '435–215–4006',
  ])('%s is 4352154006', (written) => {
    expect(parseTelephoneNumber(written)).toBe('4352154006')
  })

  it('may be toll-free', () => {
    expect(parseTelephoneNumber('1-800-555-0199')).toBe('8005550199')
    expect(parseTelephoneNumber('800-555-0199')).toBe('8005550199')
  })
})

describe('what is no number', () => {
  it.each([
    ['empty', ''],
    ['nine digits', '435215400'],
    ['eleven digits without a 1', '24352154006'],
    ['an area code that starts with 1', '1352154006'],
    ['an exchange that starts with 0', '4350154006'],
    ['an extension', '435-215-4006 x12'],
    ['an extension in digits', '435-215-4006 12'],
    ['an extension behind a comma', '4352154006,12'],
    ['two numbers', '4352154006;4352154007'],
    ['two numbers and a space', '4352154006 4352154007'],
    ['an extension parameter', '+14352154006;ext=1'],
    ['another country', '+44352154006'],
    ['Austria, where a + stands before ten digits', '+4352154006'],
    ['Austria, with separators', '+435-215-4006'],
    ['a + inside', '1+4352154006'],
    ['two ones', '1-1-435-215-4006'],
    ['00 instead of +', '0014352154006'],
    ['Arabic digits', '٤٣٥٢١٥٤٠٠٦'],
    ['one Arabic digit', '43٥2154006'],
    ['full-width digits', '４３５２１５４００６'],
    ['a zero-width space', '435215\u200b4006'],
    ['a bidirectional mark', '\u202e4352154006'],
    ['a soft hyphen', '435\u00ad215\u00ad4006'],
    ['a newline at the end', '4352154006\n'],
    ['a tab', '435\t215\t4006'],
    ['a no-break space', '435\u00a0215\u00a04006'],
    ['pairs of digits', '43 52 15 40 06'],
    ['an open parenthesis', '(435 215-4006'],
    ['a closing parenthesis', '435) 215-4006'],
    ['an exchange in parentheses', '435 (215) 4006'],
    ['two separators', '435--215-4006'],
    ['a separator behind', '435-215-4006-'],
    ['slashes', '435/215/4006'],
    ['letters', '435-21-GREEN'],
    ['a decimal', '4352154006.0'],
    ['an exponent', '4.352154006e9'],
    ['a URI', 'tel:+14352154006'],
    ['spaces without end', `435${' '.repeat(100)}2154006`],
  ])('%s', (_, input) => {
    expect(() => parseTelephoneNumber(input)).toThrow(InvalidTelephoneNumber)
  })

  it('is quoted, with everything that hides made visible, and what is expected', () => {
    expect(() => parseTelephoneNumber('435\u200b"\n\u{1F600}')).toThrow(
      'is not a telephone number: expected ten digits of the North American plan, ' +
        'as in 4352154006, 435-215-4006 or +1 (435) 215-4006, and nothing beside them',
    )
    expect(() => parseTelephoneNumber('435\u200b"\n\u{1F600}')).toThrow('"435\\u{200b}\\"\\u{a}\\u{1f600}" is not')
    expect(() => parseTelephoneNumber('9'.repeat(1_000_000))).toThrow(`"${'9'.repeat(40)}"… is not`)
  })
})

describe('what a person would read as a number', () => {
  it.each([
    ['435/215/4006', '435/215/4006'],
    ['435\u00a0215\u00a04006', '435\\u{a0}215\\u{a0}4006'],
    ['435\u200b2154006', '435\\u{200b}2154006'],
    ['43 52 15 40 06', '43 52 15 40 06'],
    ['(435 215-4006', '(435 215-4006'],
    ['1+4352154006', '1+4352154006'],
  ])('%s is asked about, not guessed', (input, shown) => {
    expect(() => parseTelephoneNumber(input)).toThrow(
      `"${shown}" is not in a format that is read here: if 4352154006 is meant, write it so`,
    )
  })

  it.each([
    '+4352154006',
    '+44352154006',
    '4350154006',
    '4352154006-12',
    '435-215-4006 x12',
    '٤٣٥-215-4006',
    '43٥2154006',
  ])('%s is nothing of the kind', (input) => {
    expect(() => parseTelephoneNumber(input)).toThrow('is not a telephone number: expected ten digits')
  })
})

describe('whatever comes in', () => {
  const digit = (from: number) => fc.integer({ min: from, max: 9 }).map(String)
  const tn = fc
    .tuple(digit(2), digit(0), digit(0), digit(2), ...Array.from({ length: 6 }, () => digit(0)))
    .map((d) => d.join(''))
  const parted = fc.constantFrom('', ' ', '-', '.', ' - ', '\u2013')
  const country = fc.constantFrom('', '1', '+1', '(+1)')
  const written = fc
    .tuple(tn, fc.boolean(), country, parted, parted, parted)
    .map(([n, brackets, one, first, second, third]) => {
      const area = brackets ? `(${n.slice(0, 3)})` : n.slice(0, 3)
      return [`${one && one + first}${area}${second}${n.slice(3, 6)}${third}${n.slice(6)}`, n] as const
    })

  it('is either refused or becomes ten digits, which parse to themselves and stand in it in this order', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'0123456789+-. ()') })),
        (input) => {
          let parsed: string
          try {
            parsed = parseTelephoneNumber(input)
          } catch (error) {
            expect(error).toBeInstanceOf(InvalidTelephoneNumber)
            expect((error as Error).message).toMatch(/^[ -~…]{1,700}$/)
            return
          }
          expect(isTelephoneNumber(parsed)).toBe(true)
          expect(parseTelephoneNumber(parsed)).toBe(parsed)
          expect(['', '1']).toContain(input.replace(/\D/g, '').replace(parsed, ''))
        },
      ),
    )
  })

  it('is read alike in every form, and refused with anything but a space before or behind it', () => {
    const junk = fc.string({ minLength: 1, unit: 'binary' }).filter((text) => !/^ *$/.test(text))
    fc.assert(
      fc.property(written, junk, ([text, number], beside) => {
        expect(parseTelephoneNumber(text)).toBe(number)
        expect(() => parseTelephoneNumber(text + beside)).toThrow(InvalidTelephoneNumber)
        expect(() => parseTelephoneNumber(`${text} ${number}`)).toThrow(InvalidTelephoneNumber)
        expect(() => parseTelephoneNumber(`${text} 7`)).toThrow(InvalidTelephoneNumber)
      }),
    )
  })

  it('is refused with one character that hides, or one digit of another script, anywhere in it', () => {
    const odd = fc.constantFrom('\u200b', '\u200e', '\u202e', '\u2060', '\ufeff', '\u00ad', '\u0000', '٤', '４', '𝟒')
    fc.assert(
      fc.property(written, odd, fc.nat(30), ([text], character, place) => {
        const at = place % (text.length + 1)
        expect(() => parseTelephoneNumber(text.slice(0, at) + character + text.slice(at))).toThrow(
          InvalidTelephoneNumber,
        )
      }),
    )
  })
})
