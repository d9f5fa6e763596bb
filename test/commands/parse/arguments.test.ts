import { InvalidArgumentError } from 'commander'
import { describe, expect, test } from 'vitest'
import { fileName, moment, telephoneNumber, whole } from '../../../src/commands/parse/arguments.ts'

const now = Date.UTC(2026, 0, 5, 9)

describe('a point in time', () => {
  test.each([
    ['24h', Date.UTC(2026, 0, 4, 9)],
    ['7d', Date.UTC(2025, 11, 29, 9)],
    ['0h', now],
    ['2026-01-02', Date.UTC(2026, 0, 2)],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
    ['2026-01-02T03:04:05Z', Date.UTC(2026, 0, 2, 3, 4, 5)],
    ['2026-01-02T03:04:05.678901Z', Date.UTC(2026, 0, 2, 3, 4, 5, 678)],
    ['2026-01-02T03:04:05', Date.UTC(2026, 0, 2, 3, 4, 5)],
    ['2026-01-02T03:04', Date.UTC(2026, 0, 2, 3, 4)],
    ['2026-01-02 03:04:05', Date.UTC(2026, 0, 2, 3, 4, 5)],
    ['2026-01-02 03:04:05 UTC', Date.UTC(2026, 0, 2, 3, 4, 5)],
    ['2026-01-02T03:04:05+02:00', Date.UTC(2026, 0, 2, 1, 4, 5)],
  ])('%s', (text, at) => {
    expect(moment(() => now)(text)).toBe(at)
  })

  test.each([
    '',
    'yesterday',
    '24',
    '24H',
    '-1h',
    '1.5h',
    '123456h',
    '2026',
    '2026-13-01',
    '2026-02-29',
    '2026-02-31',
    '2026-1-2',
    '01/02/2026',
    '2026-01-02T',
    '2026-01-02T03',
    '2026-01-02T25:00',
    '2026-01-02 03:04:05 CET',
    '2026-01-02Z',
  ])('is not "%s"', (text) => {
    const expected = 'A date or time was expected, as 2026-01-31 or "2026-01-31 09:00" (UTC), or 24h, 7d.'
    expect(() => moment(() => now)(text)).toThrow(new InvalidArgumentError(expected))
  })
})

describe('a whole number', () => {
  test.each([
    ['1', 1],
    ['0010', 10],
    ['65535', 65_535],
  ])('%s', (text, value) => {
    expect(whole(1, 65_535)(text)).toBe(value)
  })

  test.each(['', '0', '65536', '-1', '1.0', '1e3', '0x10', ' 1', 'one', '٣', '1'.repeat(10)])('is not "%s"', (text) => {
    const read = () => whole(1, 65_535)(text)
    expect(read).toThrow(new InvalidArgumentError('A whole number from 1 to 65535 was expected.'))
  })
})

test('a telephone number is read in any format, and nothing else is one', () => {
  expect(telephoneNumber('(435) 215-4006')).toBe('4352154006')
  expect(() => telephoneNumber('4352154006;4352154007')).toThrow(InvalidArgumentError)
})

test('a file has a name, and the standard output is no file', () => {
  expect(fileName('account.csv')).toBe('account.csv')
  for (const none of ['', '-']) {
    const expected = "A file's name was expected; the standard output is none."
    expect(() => fileName(none)).toThrow(new InvalidArgumentError(expected))
  }
})
