import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Count } from '../../src/carrier/carrier.ts'
import { countKey, groupCounts, mergeCounts, pageByKey } from '../../src/listings/counts.ts'
import { walk } from './support/walk.ts'

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
          (last: ReturnType<typeof countKey> | undefined) => pageByKey(rows, { orderby }, last, limit),
          (row) => countKey(row, { orderby }),
        )
        expect(pages.flat()).toEqual(rows)
        const sum = (some: Count[]) => some.reduce((total, { didCount }) => total + didCount, 0)
        expect(sum(rows)).toBe(sum(counts))
        expect(new Set(rows.map((row) => JSON.stringify(countKey(row, { orderby })))).size).toBe(rows.length)
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

const groupings = fc.constantFrom('rateCenter', 'state', 'lata', 'tier')

describe('sums of a group', () => {
  test('together hold every group once and lose no number, the largest first, over any pages', () => {
    fc.assert(
      fc.property(fc.array(aCount), groupings, fc.integer({ min: 1, max: 5 }), (counts, groupBy, limit) => {
        const rows = groupCounts(counts, groupBy)
        const pages = walk(
          (last: ReturnType<typeof countKey> | undefined) => pageByKey(rows, { groupBy }, last, limit),
          (row) => countKey(row, { groupBy }),
        )
        expect(pages.flat()).toEqual(rows)
        const many = rows.map(({ didCount }) => didCount)
        expect(many).toEqual([...many].sort((a, b) => b - a))
        const sum = (some: Count[]) => some.reduce((total, { didCount }) => total + didCount, 0)
        expect(sum(rows)).toBe(sum(counts))
        const names = rows.map(({ didCount: _many, ...group }) => JSON.stringify(group))
        expect(new Set(names).size).toBe(rows.length)
      }),
    )
  })

  const counts: Count[] = [
    { didCount: 2, rateCenter: 'SALEM', state: 'UT', tier: '10', lataId: 660, sms: true },
    { didCount: 3, rateCenter: 'SALEM', state: 'OR', tier: '2', lataId: 672 },
    { didCount: 1, rateCenter: 'SALEM', state: 'UT', tier: '2', lataId: 660, cnam: true },
    { didCount: 1, tier: '2' },
  ]
  test.each([
    [
      'rateCenter',
      [
        { didCount: 3, rateCenter: 'SALEM', state: 'OR' },
        { didCount: 3, rateCenter: 'SALEM', state: 'UT' },
        { didCount: 1 },
      ],
    ],
    ['state', [{ didCount: 3, state: 'OR' }, { didCount: 3, state: 'UT' }, { didCount: 1 }]],
    ['lata', [{ didCount: 3, lataId: 660 }, { didCount: 3, lataId: 672 }, { didCount: 1 }]],
    [
      'tier',
      [
        { didCount: 5, tier: '2' },
        { didCount: 2, tier: '10' },
      ],
    ],
  ] as const)('by %s have its fields alone; one name of two states is two groups', (groupBy, groups) => {
    expect(groupCounts(counts, groupBy)).toEqual(groups)
  })

  test('a page goes on behind a group that has grown since', () => {
    const before = groupCounts(counts, 'rateCenter')
    const last = countKey(before[0] as Count, { groupBy: 'rateCenter' })
    const grown = groupCounts([...counts, { didCount: 9, rateCenter: 'SALEM', state: 'OR' }], 'rateCenter')
    expect(pageByKey(grown, { groupBy: 'rateCenter' }, last, 5).rows).toEqual([
      { didCount: 3, rateCenter: 'SALEM', state: 'UT' },
      { didCount: 1 },
    ])
  })
})
