import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidTelephoneNumber, isTelephoneNumber, parseTelephoneNumber } from '../../src/domain/telephone-number.ts'

describe('what people write for a number', () => {
  it.each(['4352154006', '+14352154006', '1-435-215-4006', '(435) 215-4006', '435.215.4006'])(
    '%s is 4352154006',
    (written) => {
      expect(parseTelephoneNumber(written)).toBe('4352154006')
    },
  )

  it('may be toll-free', () => {
    expect(parseTelephoneNumber('1-800-555-0199')).toBe('8005550199')
  })
})

describe('what is no number', () => {
  it.each([
    ['empty', ''],
    ['nine digits', '435215400'],
    ['eleven digits without a 1', '24352154006'],
    ['an area code that starts with 1', '1352154006'],
    ['an exchange that starts with 0', '4350154006'],
    ['hyphens without the 1', '435-215-4006'],
    ['spaces', '435 215 4006'],
    ['a 1 without + or hyphens', '14352154006'],
    ['+1 and separators', '+1 435-215-4006'],
    ['parentheses without the space', '(435)215-4006'],
    ['an extension', '435-215-4006 x12'],
    ['two numbers', '4352154006;4352154007'],
    ['an extension parameter', '+14352154006;ext=1'],
    ['another country', '+44352154006'],
    ['00 instead of +', '0014352154006'],
    ['Arabic digits', '٤٣٥٢١٥٤٠٠٦'],
    ['full-width digits', '４３５２１５４００６'],
    ['a zero-width space', '435215\u200b4006'],
    ['a bidirectional mark', '\u202e4352154006'],
    ['a newline at the end', '4352154006\n'],
    ['a space in front', ' 4352154006'],
    ['a space behind', '4352154006 '],
    ['a no-break space', '435\u00a0215\u00a04006'],
    ['mixed separators', '435-215.4006'],
    ['half separated', '435215-4006'],
    ['an open parenthesis', '(435 215-4006'],
    ['two separators', '435--215-4006'],
    ['letters', '435-21-GREEN'],
    ['a decimal', '4352154006.0'],
    ['an exponent', '4.352154006e9'],
  ])('%s', (_, input) => {
    expect(() => parseTelephoneNumber(input)).toThrow(InvalidTelephoneNumber)
  })

  it('is quoted, with everything that hides made visible, and what is expected', () => {
    expect(() => parseTelephoneNumber('435\u200b"\n\u{1F600}')).toThrow(
      'is not a telephone number: expected ten digits of the North American plan, ' +
        'as in 4352154006, +14352154006, 1-435-215-4006, (435) 215-4006 or 435.215.4006',
    )
    expect(() => parseTelephoneNumber('435\u200b"\n\u{1F600}')).toThrow('"435\\u{200b}\\"\\u{a}\\u{1f600}" is not')
    expect(() => parseTelephoneNumber('9'.repeat(1_000_000))).toThrow(`"${'9'.repeat(40)}"… is not`)
  })
})

describe('what a person would read as a number', () => {
  it.each([
    '435-215-4006',
    '435 215 4006',
    '(435)215-4006',
    '14352154006',
    '+1 435-215-4006',
    '+1 (435) 215-4006',
    ' 4352154006',
    '435-215.4006',
  ])('%s is asked about, not guessed', (input) => {
    expect(() => parseTelephoneNumber(input)).toThrow(
      `"${input}" is not in a format that is read here: if 4352154006 is meant, write it so`,
    )
  })

  it.each(['+44352154006', '4350154006', '4352154006-12', '435-215-4006 x12', '٤٣٥-215-4006'])(
    '%s is nothing of the kind',
    (input) => {
      expect(() => parseTelephoneNumber(input)).toThrow('is not a telephone number: expected ten digits')
    },
  )
})

describe('whatever comes in', () => {
  const digit = (from: number) => fc.integer({ min: from, max: 9 }).map(String)
  const tn = fc
    .tuple(digit(2), digit(0), digit(0), digit(2), ...Array.from({ length: 6 }, () => digit(0)))
    .map((d) => d.join(''))
  const formats = [
    (n: string) => n,
    (n: string) => `+1${n}`,
    (n: string) => `1-${n.slice(0, 3)}-${n.slice(3, 6)}-${n.slice(6)}`,
    (n: string) => `(${n.slice(0, 3)}) ${n.slice(3, 6)}-${n.slice(6)}`,
    (n: string) => `${n.slice(0, 3)}.${n.slice(3, 6)}.${n.slice(6)}`,
  ]
  const written = fc.tuple(tn, fc.constantFrom(...formats)).map(([n, format]) => [format(n), n] as const)

  it('is either refused or becomes ten digits, which parse to themselves', () => {
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
        },
      ),
    )
  })

  it('is read alike in every format, and refused with anything before or behind it', () => {
    fc.assert(
      fc.property(written, fc.string({ minLength: 1, unit: 'binary' }), ([text, number], junk) => {
        expect(parseTelephoneNumber(text)).toBe(number)
        expect(() => parseTelephoneNumber(text + junk)).toThrow(InvalidTelephoneNumber)
      }),
    )
  })
})
