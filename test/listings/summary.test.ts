import { describe, expect, test } from 'vitest'
import type { Did } from '../../src/carrier/carrier.ts'
import { mostTallied, summarize } from '../../src/listings/summary.ts'

const did = (tn: string, facts: Partial<Did> = {}): Did => ({ tn, statusCode: 100, ...facts })

describe('a summary', () => {
  test('counts by state, tier, endpoint group and rate center, the most first, and says what is unknown', () => {
    const summary = summarize([
      did('1', { state: 'NY', rateCenter: 'SALEM', tier: '1', endpointId: 8674 }),
      did('2', { state: 'UT', rateCenter: 'SALEM', tier: '1', endpointId: 8674 }),
      did('3', { state: 'UT', rateCenter: 'SALEM', tier: '2' }),
      did('4', { rateCenter: 'OGDEN', tier: '2', endpointId: 8674 }),
    ])
    expect(summary).toEqual({
      byState: { UT: 2, NY: 1, unknown: 1 },
      byTier: { '1': 2, '2': 2 },
      byEndpoint: { '8674': 3, unknown: 1 },
      byRateCenter: { 'SALEM, UT': 2, OGDEN: 1, 'SALEM, NY': 1 },
    })
    expect(Object.keys(summary.byState)).toEqual(['UT', 'NY', 'unknown'])
  })

  test.each(['state', 'tier', 'endpointId', 'rateCenter'] as const)('puts the small ones of %s together', (field) => {
    const tally = { state: 'byState', tier: 'byTier', endpointId: 'byEndpoint', rateCenter: 'byRateCenter' } as const
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
