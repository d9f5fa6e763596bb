import fc from 'fast-check'
import { expect, test } from 'vitest'
import { flow, wrap } from '../../src/terminal/wrap.ts'

test('a text is broken between words, and nothing of it is lost', () => {
  expect(wrap('it may still take effect', 12)).toEqual(['it may still', 'take effect'])
  expect(wrap('op_Fv0oYt1v3c0Zr0m7w4m8bA is uncertain', 12)).toEqual(['op_Fv0oYt1v3c0Zr0m7w4m8bA', 'is uncertain'])
  expect(wrap('it may still take effect', Number.POSITIVE_INFINITY)).toEqual(['it may still take effect'])
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 30 }), (text, width) => {
      const lines = wrap(text, width)
      expect(lines.join(' ')).toBe(text)
      for (const line of lines) if (line.includes(' ')) expect(line.length).toBeLessThanOrEqual(width)
    }),
  )
})

test('parts are broken nowhere', () => {
  expect(flow(['BY ann@desk', 'YES a ticket', 'ACCOUNT x'], '  ', 25)).toEqual([
    'BY ann@desk  YES a ticket',
    'ACCOUNT x',
  ])
})
