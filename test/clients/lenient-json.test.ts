import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { placeOf, readJson } from '../../src/clients/lenient-json.ts'

/** Each oddity, and where it stands. */
const oddities = (text: string) => readJson(text).odd.map(({ oddity, at }) => `${oddity}, ${placeOf(text, at)}`)

test('what is JSON is read as it is, with nothing odd in it', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(readJson(text)).toEqual({ value: JSON.parse(text), odd: [] })
    }),
  )
})

describe('what is JSON but for', () => {
  test.each<[string, unknown, string[]]>([
    ['// x\n{}', {}, ['comment, line 1, column 1']],
    ['{"a": 1 // x', undefined, ['comment, line 1, column 9']],
    ['{\n  "a": /* "b,}\n */ [1]}', { a: [1] }, ['comment, line 2, column 8']],
    ['{"a": 1,}', { a: 1 }, ['comma, line 1, column 8']],
    [
      '{"a": [1, 2 , /* x */ ] ,\n}',
      { a: [1, 2] },
      ['comma, line 1, column 13', 'comment, line 1, column 15', 'comma, line 1, column 25'],
    ],
    ['\uFEFF{"a": "// x, ]"}', { a: '// x, ]' }, ['byte order mark, line 1, column 1']],
  ])('%j', (text, value, odd) => {
    expect(readJson(text).value).toEqual(value)
    expect(oddities(text)).toEqual(odd)
  })
})

describe('what is none: where it goes wrong', () => {
  test.each([
    ['', 'line 1, column 1'],
    ['{"a": x}', 'line 1, column 7'],
    ['{\n  "a": 1\n  "b": 2\n}', 'line 3, column 3'],
    ['{"a": 1', 'line 1, column 8'],
    ['{"a": 1]', 'line 1, column 8'],
    ['{"a" 1}', 'line 1, column 6'],
    ['{a: 1}', 'line 1, column 2'],
    ["{'a': 1}", 'line 1, column 2'],
    ['{"a: 1}', 'line 1, column 2'],
    ['{"C:\\path": 1}', 'line 1, column 2'],
    ['[1,,2]', 'line 1, column 4'],
    ['[,]', 'line 1, column 2'],
    ['{,}', 'line 1, column 2'],
    ['{"a":}', 'line 1, column 6'],
    ['{"a"}', 'line 1, column 5'],
    ['{} {}', 'line 1, column 4'],
    ['{},', 'line 1, column 3'],
    ['[01]', 'line 1, column 3'],
    ['[1.]', 'line 1, column 2'],
    ['/* x', 'line 1, column 1'],
    ['}', 'line 1, column 1'],
  ])('%j', (text, place) => {
    const { wrong, value } = readJson(text)
    expect(value).toBeUndefined()
    expect(wrong === undefined ? undefined : placeOf(text, wrong)).toBe(place)
  })

  test('whatever is changed in JSON, it is judged as JSON.parse would', () => {
    const sign = fc.constantFrom(...'{}[],:"01.-e \\tn\n\u0001\u007f')
    const changed = fc.tuple(fc.json(), fc.nat(), sign).map(([text, where, put]) => {
      const at = where % (text.length + 1)
      return text.slice(0, at) + put + text.slice(at)
    })
    fc.assert(
      fc.property(changed, (text) => {
        const { wrong, odd } = readJson(text)
        expect(wrong === undefined && odd.length === 0).toBe(isJson(text))
      }),
      { numRuns: 2000 },
    )
  })
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
