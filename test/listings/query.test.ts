import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Count, Did } from '../../src/carrier/carrier.ts'
import {
  countKey,
  filterDids,
  mergeCounts,
  mostTallied,
  pageByKey,
  pageByNumber,
  sortByNumber,
  summarize,
} from '../../src/listings/query.ts'

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

describe('a summary', () => {
  test('counts by state, tier and endpoint group, the most first, and says what is unknown', () => {
    const summary = summarize([
      did('1', { state: 'NY', tier: '1', endpointId: 8674 }),
      did('2', { state: 'UT', tier: '1', endpointId: 8674 }),
      did('3', { state: 'UT', tier: '2' }),
    ])
    expect(summary).toEqual({
      byState: { UT: 2, NY: 1 },
      byTier: { '1': 2, '2': 1 },
      byEndpoint: { '8674': 2, unknown: 1 },
    })
    expect(Object.keys(summary.byState)).toEqual(['UT', 'NY'])
  })

  test.each(['state', 'tier', 'endpointId'] as const)('puts the small ones of %s together', (field) => {
    const tally = { state: 'byState', tier: 'byTier', endpointId: 'byEndpoint' } as const
    const dids = Array.from({ length: mostTallied + 5 }, (_, index) => {
      const value = Math.min(index + 1, mostTallied + 3)
      return did(String(index), { [field]: field === 'endpointId' ? value : String(value) })
    })
    const counted = summarize(dids)[tally[field]]
    expect(Object.keys(counted)).toHaveLength(mostTallied + 1)
    expect(counted.other).toBe(3)
    expect(counted[mostTallied + 3]).toBe(3)
    expect(Object.values(counted).reduce((sum, many) => sum + many, 0)).toBe(dids.length)
  })

  test('is small, whatever the carrier calls its states, and loses no number', () => {
    const dids = Array.from({ length: 20_000 }, (_, index) => did(String(index), { state: `[${index}]`.padEnd(5_000) }))
    const odd = [did('x', { state: 'other' }), did('y', { state: '<b>' }), did('z', { state: '‹b›' })]
    const { byState } = summarize([...dids, ...odd, ...odd])
    expect(JSON.stringify(byState).length).toBeLessThan(2_000)
    expect(byState).toMatchObject({ '‹b›': 4, other: 20_000 - 17 + 2 })
    expect(Object.values(byState).reduce((sum, many) => sum + many, 0)).toBe(20_006)
  })

  test('a state with a dangerous name is a state', () => {
    const { byState } = summarize([did('1', { state: '__proto__' }), did('2', { state: 'constructor' })])
    expect(Object.entries(byState)).toEqual([
      ['-proto-', 1],
      ['constructor', 1],
    ])
  })
})

/** All pages, each asked for after the last row of the one before. */
function walk<Row, Last>(page: (last: Last | undefined) => { rows: Row[]; more: boolean }, lastOf: (row: Row) => Last) {
  const pages: Row[][] = []
  for (let last: Last | undefined; ; ) {
    const { rows, more } = page(last)
    pages.push(rows)
    const end = rows.at(-1)
    if (!more || end === undefined) return pages
    last = lastOf(end)
  }
}

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

const aCount: fc.Arbitrary<Count> = fc.record(
  {
    didCount: fc.integer({ min: 1, max: 9 }),
    rateCenter: fc.constantFrom('LOGAN', 'OGDEN', 'PROVO'),
    state: fc.constantFrom('UT', 'NY'),
    tier: fc.constantFrom('0', '2', '10', '777', 'odd'),
    lataId: fc.constantFrom(660, 132),
    cnam: fc.boolean(),
    sms: fc.boolean(),
  },
  { requiredKeys: ['didCount'] },
)

const orders = fc.constantFrom('rc', 'lata', 'state', 'tier', undefined)

describe('pages of counts', () => {
  test('together hold every row once and lose no number, in any order that is asked for', () => {
    fc.assert(
      fc.property(fc.array(aCount), orders, fc.integer({ min: 1, max: 5 }), (counts, orderby, limit) => {
        const rows = mergeCounts([...counts], orderby)
        const pages = walk(
          (last: ReturnType<typeof countKey> | undefined) => pageByKey(rows, orderby, last, limit),
          (row) => countKey(row, orderby),
        )
        expect(pages.flat()).toEqual(rows)
        const sum = (some: Count[]) => some.reduce((total, { didCount }) => total + didCount, 0)
        expect(sum(rows)).toBe(sum(counts))
        expect(new Set(rows.map((row) => JSON.stringify(countKey(row, orderby)))).size).toBe(rows.length)
      }),
    )
  })

  test('begin with what is ordered by; tiers are numbers, and the unknown comes first', () => {
    const counts: Count[] = [
      { didCount: 1, tier: '10', state: 'AK' },
      { didCount: 1, tier: '2', state: 'UT' },
      { didCount: 1, state: 'WY' },
      { didCount: 2, tier: '2', state: 'UT' },
    ]
    expect(mergeCounts([...counts], 'tier')).toEqual([
      { didCount: 1, state: 'WY' },
      { didCount: 3, tier: '2', state: 'UT' },
      { didCount: 1, tier: '10', state: 'AK' },
    ])
    expect(mergeCounts([...counts], undefined).map(({ state }) => state)).toEqual(['AK', 'UT', 'WY'])
  })
})
