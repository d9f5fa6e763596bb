import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accessRefused, explain, judge, outcomes, queryStatus } from '../../src/carrier/outcomes.ts'
import { type WriteTool, writeTools } from '../../src/domain/write-tool.ts'

const known = (tool: WriteTool, outcome: string, on: 'envelope' | 'number' = 'number') =>
  outcomes.filter(({ code }) => judge(tool, code, on) === outcome).map(({ code }) => code)

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
    ['reserveDID', [103230, 103235, 103250, 103259, 103420]],
    ['assignDID', [104230, 104235, 104250, 104251, 104258, 104259, 104420]],
    ['configDID', [105221, 105225, 105230, 105235, 105250, 105251, 105258, 105420]],
    ['releaseDID', [106230, 106235, 106420]],
  ] as const)('%s failed with %j', (tool, codes) => {
    expect(known(tool, 'failed')).toEqual(codes)
  })

  it.each([
    ['reserveDID', [103220, 103225]],
    ['assignDID', [104220, 104225]],
    ['configDID', []],
    ['releaseDID', [106220, 106225]],
  ] as const)('%s is answered with what the number is now by %j, and on the envelope by 944 and 948', (tool, codes) => {
    expect(known(tool, 'present')).toEqual(codes)
    expect(known(tool, 'present', 'envelope')).toEqual([944, 948])
  })

  it.each(writeTools)(
    '%s has no answer in anything else: exceptions, unknown errors, codes of others or of nobody',
    (tool) => {
      for (const on of ['envelope', 'number'] as const) {
        const said = new Set(['done', 'failed', 'present'].flatMap((outcome) => known(tool, outcome, on)))
        for (const code of [900, 101, 302490, 103221, 104221, 102235, 109999])
          expect([code, judge(tool, code, on)]).toEqual([code, 'none'])
        fc.assert(fc.property(fc.integer(), (code) => said.has(code) || judge(tool, code, on) === 'none'))
      }
    },
  )

  it('says nothing where it stands in another place', () => {
    expect([judge('assignDID', 104235, 'envelope'), judge('assignDID', 104225, 'envelope')]).toEqual(['none', 'none'])
    expect([judge('assignDID', 902, 'number'), judge('assignDID', 944, 'number')]).toEqual(['none', 'none'])
  })

  it('says that nothing was done for every number of an envelope only where the caller was not let in', () => {
    const envelopes = outcomes.filter(({ on, operations }) => on === 'envelope' && operations.includes('assignDID'))
    const harmless = envelopes.filter(({ outcome }) => outcome === 'failed').map(({ code }) => code)
    expect(harmless).toEqual([901, 902])
    expect(outcomes.filter(({ code }) => accessRefused(code)).map(({ code }) => code)).toEqual(harmless)
  })

  it('does not read 100 as a release that worked', () => {
    expect(judge('releaseDID', 100, 'number')).toBe('none')
  })
})

describe('the table', () => {
  it('holds each documented code once, with words for a person', () => {
    expect(outcomes.length).toBe(46)
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
