import { afterAll, describe, expect, test } from 'vitest'
import { openStage, stageWith, structured, textOf } from '../support/stage.ts'

const stage = await openStage({ now: () => Date.parse('2026-11-23T08:00:00Z') })
afterAll(() => stage.close())

/** What the last call of the carrier was asked, as it stood on the wire. */
const wire = () => {
  const { operation, params } = stage.sandbox.calls.at(-1) ?? {}
  return { operation, params }
}

describe('getDIDs', () => {
  test('answers numbers that could be had, page by page', async () => {
    const first = structured(await stage.call('getDIDs', { npa: '435', limit: 2 }))
    expect(first).toEqual({
      environment: 'sandbox',
      total: expect.any(Number),
      dids: [
        {
          tn: '4355550100',
          rateCenter: 'MOAB',
          state: 'UT',
          tier: '0',
          lataId: 660,
          outboundCNAM: true,
          t38: false,
          sms: false,
          network: 'Great Lakes Exchange',
        },
        {
          tn: '4355550101',
          rateCenter: 'VERNAL',
          state: 'UT',
          tier: '2',
          lataId: 660,
          outboundCNAM: false,
          t38: true,
          sms: true,
          network: 'Basin Telecom',
        },
      ],
      nextCursor: expect.any(String),
      asOf: '2026-11-23T08:00:00.000Z',
    })
    const rest = structured(await stage.call('getDIDs', { cursor: first.nextCursor, limit: 500 }))
    expect(rest.dids).toHaveLength(Number(first.total) - 2)
    expect(rest).not.toHaveProperty('nextCursor')
  })

  test('sends what was asked and nothing else; a false capability is a criterion', async () => {
    await stage.call('getDIDs', { state: 'ut', tier: '1', sms: true, t38: false, rateCenter: 'LOGAN' })
    const { operation, params } = wire()
    expect(operation).toBe('getDIDs')
    const asked = Object.fromEntries(Object.entries(params?.[0] ?? {}).filter(([, value]) => value !== ''))
    expect(asked).toEqual({ state: 'UT', rateCenter: 'LOGAN', tier: '1', t38: '0', sms: '1' })
  })

  test('keeps numbers with these digits and whole runs of neighbours, counts them, and pages on', async () => {
    const { dids: all } = structured(await stage.call('getDIDs', { npa: '435', limit: 500 }))
    const having = (all as { tn: string }[]).map(({ tn }) => tn).filter((tn) => tn.includes('5501'))
    const runs = having.filter((tn) => [-1, 1].some((step) => having.includes(String(Number(tn) + step))))
    const asked = { npa: '435', digits: '5501', consecutive: 2 }
    const first = structured(await stage.call('getDIDs', { ...asked, limit: 3 }))
    expect(Object.keys(first)).toEqual(['environment', 'total', 'matched', 'nextCursor', 'asOf', 'dids'])
    expect(first).toMatchObject({ total: (all as unknown[]).length, matched: runs.length })
    const rest = structured(await stage.call('getDIDs', { cursor: first.nextCursor, limit: 500 }))
    const found = [first, rest].flatMap(({ dids }) => dids as { tn: string }[]).map(({ tn }) => tn)
    expect(found).toEqual(runs)
    expect(rest.matched).toBe(runs.length)
    expect(wire().params?.[0]).not.toHaveProperty('digits')
  })

  test('finds nothing where there is nothing', async () => {
    const answer = await stage.call('getDIDs', { npa: '999' })
    expect(structured(answer)).toEqual({ environment: 'sandbox', total: 0, dids: [], asOf: '2026-11-23T08:00:00.000Z' })
    expect(textOf(answer).split('\n').slice(1, 4)).toEqual(['total: 0', 'asOf: 2026-11-23T08:00:00.000Z', 'dids: none'])
  })

  test('passes on what alone explains: the carrier’s words, rows that could not be read, the network', async () => {
    const stage = await stageWith({
      now: () => Date.parse('2026-11-23T08:00:00Z'),
      carrier: {
        async getDIDs(_criteria, row) {
          row({ tn: '8005550101', state: 'ALL', rateCenter: 'US+CA', network: 'Great Lakes' })
          return {
            message: 'too many results, please narrow',
            unreadable: { count: 12, rows: ['‹DIDLocator›‹tn›12abc‹/tn›‹/DIDLocator›'] },
          }
        },
      },
    })
    const answer = await stage.call('getDIDs', { state: 'TF' })
    expect(structured(answer)).toEqual({
      environment: 'sandbox',
      total: 1,
      asOf: '2026-11-23T08:00:00.000Z',
      words: 'too many results, please narrow',
      unreadable: { count: 12, rows: ['‹DIDLocator›‹tn›12abc‹/tn›‹/DIDLocator›'] },
      dids: [{ tn: '8005550101', state: 'ALL', rateCenter: 'US+CA', network: 'Great Lakes' }],
    })
    expect(textOf(answer)).toContain('words: "too many results, please narrow"')
    expect(textOf(answer)).toContain('"‹DIDLocator›‹tn›12abc‹/tn›‹/DIDLocator›"')
  })

  test('outer spaces of a name are not searched on, and a blank one is no criterion', async () => {
    await stage.call('getDIDs', { state: 'UT', rateCenter: '  LOGAN ', network: '   ' })
    const { params } = wire()
    const asked = Object.fromEntries(Object.entries(params?.[0] ?? {}).filter(([, value]) => value !== ''))
    expect(asked).toEqual({ state: 'UT', rateCenter: 'LOGAN' })
  })

  test('a carrier that refuses the search is an error, not an empty answer', async () => {
    stage.sandbox.inject({ name: 'empty', operation: 'getDIDs' })
    const answer = await stage.call('getDIDs', { npa: '212' })
    expect(answer._meta?.['did-mcp/error']).toMatchObject({ code: 'CARRIER_PROTOCOL' })
    expect(structured(await stage.call('getDIDs', { npa: '212' })).total).toBeGreaterThan(0)
  })
})
