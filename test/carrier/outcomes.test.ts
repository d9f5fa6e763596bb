import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  accessRefused,
  explain,
  judge,
  outcomes,
  queryStatus,
  type WriteTool,
  writeTools,
} from '../../src/carrier/outcomes.ts'

const known = (tool: WriteTool, outcome: string) =>
  outcomes.filter(({ code }) => judge(tool, code) === outcome).map(({ code }) => code)

describe('judging a write by its code', () => {
  it.each([
    ['reserveDID', [100]],
    ['assignDID', [100]],
    ['configDID', [100]],
    ['releaseDID', [106231, 106241]],
  ] as const)('%s is done with nothing but %j', (tool, codes) => {
    expect(known(tool, 'done')).toEqual(codes)
  })

  it.each([
    ['reserveDID', [901, 902, 103230, 103235, 103250, 103259, 103420]],
    ['assignDID', [901, 902, 104230, 104235, 104250, 104251, 104258, 104259, 104420]],
    ['configDID', [901, 902, 105221, 105225, 105230, 105235, 105250, 105251, 105258, 105420]],
    ['releaseDID', [901, 902, 106230, 106235, 106420]],
  ] as const)('%s failed with %j', (tool, codes) => {
    expect(known(tool, 'failed')).toEqual(codes)
  })

  it.each(writeTools)('%s is open with everything else: other operations, exceptions, codes nobody knows', (tool) => {
    const settled = new Set([...known(tool, 'done'), ...known(tool, 'failed')])
    for (const code of [900, 944, 948, 101, 302490, 103220, 103225, 104220, 104225, 106220, 106225, 103221, 104221]) {
      expect(judge(tool, code)).toBe('unclear')
    }
    fc.assert(fc.property(fc.integer(), (code) => settled.has(code) || judge(tool, code) === 'unclear'))
  })

  it('says that nothing was done for every number of an envelope only where the caller was not let in', () => {
    const envelopes = outcomes.filter(({ on, operations }) => on === 'envelope' && operations.includes('assignDID'))
    const harmless = envelopes.filter(({ outcome }) => outcome === 'failed').map(({ code }) => code)
    expect(harmless).toEqual([901, 902])
    expect(outcomes.filter(({ code }) => accessRefused(code)).map(({ code }) => code)).toEqual(harmless)
  })

  it('does not read 100 as a release that worked', () => {
    expect(judge('releaseDID', 100)).toBe('unclear')
  })
})

describe('the table', () => {
  it('holds each documented code once, with words for a person', () => {
    expect(outcomes.length).toBe(45)
    expect(new Set(outcomes.map(({ code }) => code)).size).toBe(outcomes.length)
    for (const { code, meaning, next, operations } of outcomes) {
      expect(explain(code)).toEqual({ meaning, next })
      expect(meaning.length).toBeGreaterThan(5)
      expect(next).toMatch(/^[A-Z].*\.$/)
      expect(operations.length).toBeGreaterThan(0)
    }
  })

  it('says so where a code is not documented', () => {
    expect(explain(123456)).toEqual({
      meaning: 'code 123456, which the carrier does not document',
      next: 'Ask queryDID what the number is now before trying again.',
    })
  })
})

describe('what a query says', () => {
  it.each([
    [100, 'assigned', 'yours'],
    [100, 'reserved', 'reserved'],
    [100, 'available', 'available'],
    [100, 'Unavailable', 'unknown'],
    [100, undefined, 'unknown'],
    [102230, 'reserved', 'taken'],
    [102235, 'assigned', 'taken'],
    [102420, 'Unavailable', 'unknown'],
    [101, undefined, 'unknown'],
    [999999, 'assigned', 'unknown'],
  ] as const)('%i %s is %s', (code, availability, status) => {
    expect(queryStatus(code, availability)).toBe(status)
  })
})
