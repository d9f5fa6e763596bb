import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Did } from '../../src/carrier/carrier.ts'
import { sortByNumber } from '../../src/listings/pages.ts'
import { filterDids, filterNumbers } from '../../src/listings/query.ts'

const did = (tn: string, facts: Partial<Did> = {}): Did => ({ tn, statusCode: 100, ...facts })

describe('a filter', () => {
  const dids = [
    did('4355550100', { state: 'UT', rateCenter: 'LOGAN', tier: '1', endpointId: 8674, refId: 'ours', has911: true }),
    did('4355550101', { state: 'UT', rateCenter: 'LOGAN', tier: '10', endpointId: 8675, has911: false, cnam: true }),
    did('2125550100', { state: 'NY', rateCenter: 'NWYRCYZN01', refId: 'ours too' }),
    did('8005550100', { state: 'ALL', rateCenter: 'US+CA', refId: ' two  spaces ' }),
    did('8005550101', { state: 'TF', refId: 'hid\u200bden' }),
  ]
  test.each([
    [{}, ['4355550100', '4355550101', '2125550100', '8005550100', '8005550101']],
    [{ digits: '5550101' }, ['4355550101', '8005550101']],
    [{ digits: '0', npa: '212' }, ['2125550100']],
    [{ npa: '435' }, ['4355550100', '4355550101']],
    [{ npa: '555' }, []],
    [{ state: 'ut' }, ['4355550100', '4355550101']],
    [{ rateCenter: 'Logan' }, ['4355550100', '4355550101']],
    [{ rateCenter: 'LOG' }, []],
    [{ state: 'ALL' }, ['8005550100', '8005550101']],
    [{ state: 'TF' }, ['8005550100', '8005550101']],
    [{ tier: '1' }, ['4355550100']],
    [{ endpointId: 8675 }, ['4355550101']],
    [{ refId: 'ours' }, ['4355550100']],
    [{ refId: ' two  spaces ' }, ['8005550100']],
    [{ refId: 'two spaces' }, []],
    [{ refId: 'hidden' }, ['8005550101']],
    [{ refId: 'hid\u200bden' }, ['8005550101']],
    [{ refId: '' }, ['4355550101']],
    [{ has911: true }, ['4355550100']],
    // What the carrier did not say is not false.
    [{ has911: false }, ['4355550101']],
    [{ cnam: false }, []],
    [{ state: 'UT', endpointId: 8674, tier: undefined }, ['4355550100']],
    [{ state: 'NY', endpointId: 8674 }, []],
  ])('%j', (filter, found) => {
    expect(filterDids(dids, filter).map(({ tn }) => tn)).toEqual(found)
  })
})

describe('numbers that are looked for by what they are', () => {
  const rows = ['4355550198', '4355550199', '4355550200', '4355550205', '4355550206', '4355559999', '4355560000'].map(
    (tn) => ({ tn }),
  )
  test.each([
    [{}, rows.map(({ tn }) => tn)],
    [{ digits: '555019' }, ['4355550198', '4355550199']],
    [{ digits: '4355560000' }, ['4355560000']],
    [{ digits: '777' }, []],
    [{ consecutive: 2 }, rows.map(({ tn }) => tn)],
    [{ consecutive: 3 }, ['4355550198', '4355550199', '4355550200']],
    [{ consecutive: 4 }, []],
    // Among what has the digits: a run that they tear is none.
    [{ digits: '019', consecutive: 3 }, []],
    [{ digits: '019', consecutive: 2 }, ['4355550198', '4355550199']],
  ])('%j', (filter, found) => {
    expect(filterNumbers(rows, filter).map(({ tn }) => tn)).toEqual(found)
  })

  test('are the very same list where nothing is looked for', () => {
    expect(filterNumbers(rows, {})).toBe(rows)
  })

  test('a run is whole, and as long as was asked, whatever is there', () => {
    const lines = fc.uniqueArray(fc.integer({ min: 0, max: 60 }))
    fc.assert(
      fc.property(lines, fc.integer({ min: 2, max: 6 }), (some, consecutive) => {
        const rows = sortByNumber(some.map((line) => ({ tn: String(4_355_559_970 + line) })))
        const kept = new Set(filterNumbers(rows, { consecutive }).map(({ tn }) => Number(tn)))
        const there = new Set(rows.map(({ tn }) => Number(tn)))
        for (const number of there) {
          let [from, to] = [number, number]
          while (there.has(from - 1)) from--
          while (there.has(to + 1)) to++
          expect(kept.has(number)).toBe(to - from + 1 >= consecutive)
        }
      }),
    )
  })

  test('half a million neighbours are one run', () => {
    const all = Array.from({ length: 500_000 }, (_, line) => ({ tn: String(2_125_000_000 + line) }))
    expect(filterNumbers(all, { consecutive: 100 })).toHaveLength(500_000)
  })
})
