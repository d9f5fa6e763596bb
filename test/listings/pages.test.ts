import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pageByNumber, sortByNumber } from '../../src/listings/pages.ts'
import { walk } from './support/walk.ts'

const numbers = fc.array(fc.integer({ min: 0, max: 9999 }).map((line) => `435555${String(line).padStart(4, '0')}`))

describe('pages by number', () => {
  test('together hold every number once, in order', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 20 }), (tns, limit) => {
        const rows = sortByNumber(tns.map((tn) => ({ tn })))
        const pages = walk(
          (last: string | undefined) => pageByNumber(rows, last, limit),
          ({ tn }) => tn,
        )
        expect(pages.flat().map(({ tn }) => tn)).toEqual([...new Set(tns)].sort())
        expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true)
      }),
    )
  })

  test('go on behind a number that is no longer there', () => {
    const rows = [{ tn: '1' }, { tn: '3' }, { tn: '4' }]
    expect(pageByNumber(rows, '2', 1)).toEqual({ rows: [{ tn: '3' }], more: true })
    expect(pageByNumber(rows, '4', 1)).toEqual({ rows: [], more: false })
  })
})
