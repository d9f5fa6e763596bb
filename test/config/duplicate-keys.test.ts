import fc from 'fast-check'
import { expect, test } from 'vitest'
import { duplicateKeys } from '../../src/config/duplicate-keys.ts'

test.each([
  ['{"a":1,"b":{"a":2},"c":[{"a":1},{"a":2}]}', []],
  ['{"a":"a","b":"{\\"a\\":1,\\"a\\":2}"}', []],
  ['{"a":[],"a":{}}', ['a']],
  ['[{"a":1,"a" : 2}]', ['a']],
  ['{"x":{"__proto__":1,"__proto__":2}}', ['x.__proto__']],
  ['{"a":{"b":1},"a":{"b":2,"b":3},"a":0}', ['a', 'a.b']],
  ['{"":1,"":2}', ['']],
  ['"a"', []],
])('%s', (json, keys) => {
  expect(duplicateKeys(json)).toEqual(keys)
})

test('what JSON.stringify writes has none, and one that is put into it is found', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), fc.nat(2), (object, indent) => {
      const text = JSON.stringify(object, null, indent)
      expect(duplicateKeys(text)).toEqual([])
      const [key = ''] = Object.keys(object)
      const units = Array.from({ length: key.length }, (_, at) => key.charCodeAt(at).toString(16).padStart(4, '0'))
      const escaped = units.map((unit) => `\\u${unit}`).join('')
      expect(duplicateKeys(`[{"${escaped}": "}", ${text.slice(1)}]`)).toEqual([key.slice(0, 60)])
    }),
  )
})
