import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { outcomes } from '../../src/carrier/outcomes.ts'
import { readingsApartMs, settleByQuery } from '../../src/operations/settle.ts'
import { allAllowed } from '../support/policies.ts'
import { openRig, quietMs, type Rig } from '../support/rig.ts'
import { another, fresh, owned } from './support/numbers.ts'
import { reads } from './support/person.ts'

let rig: Rig
beforeEach(async () => {
  rig = await openRig({ policy: allAllowed })
})
afterEach(() => rig.close())

describe('lines that misbehave', () => {
  const npa = '435555'

  test('0193: an unknown error is settled by one query, without a fence', async () => {
    const envelope = await rig.perform('reserveDID', [{ tn: `${npa}0193` }])
    expect(envelope).toMatchObject({ status: 'failed', results: [{ outcome: 'failed', inferred: true, code: 103221 }] })
    expect(await rig.journal.busy(rig.door.account, [`${npa}0193`], rig.clock.now())).toEqual([])
    expect(rig.sent()).toEqual([`reserveDID ${npa}0193`])
  })

  test('0194: late within the deadline is simply done', async () => {
    const envelope = await rig.perform('assignDID', [{ tn: `${npa}0194`, epg: 8674 }])
    expect(envelope).toMatchObject({ status: 'done', results: [{ outcome: 'done', code: 100 }] })
    expect(rig.sent()).toEqual([`assignDID ${npa}0194`])
  })

  test('0195: nothing happened, but nobody can know that before the quiet time is over', async () => {
    const tn = `${npa}0195`
    const envelope = await rig.perform('assignDID', [{ tn, epg: 8674 }])
    const watchUntil = new Date(rig.clock.now() + quietMs).toISOString()
    expect(envelope).toMatchObject({ status: 'uncertain', results: [{ tn, outcome: 'uncertain', watchUntil }] })
    expect(envelope.summary).toContain(`They are watched until ${watchUntil}`)
    await expect(rig.perform('assignDID', [{ tn, epg: 8674 }])).rejects.toMatchObject({ code: 'NUMBER_BUSY' })

    rig.clock.advance(quietMs + readingsApartMs)
    await vi.waitFor(async () => {
      expect(await rig.journal.operation(envelope.operationId ?? '')).toMatchObject({
        status: 'failed',
        rows: [{ outcome: 'failed', inferred: true }],
      })
    })
    expect(rig.sent()).toEqual([`assignDID ${tn}`])
  })

  test.each(['0196', '0198'])('%s: it took effect, and a query shows it at once', async (line) => {
    const tn = `${npa}${line}`
    const envelope = await rig.perform('assignDID', [{ tn, epg: 8674 }])
    expect(envelope).toMatchObject({
      status: 'done',
      results: [{ tn, outcome: 'done', inferred: true, after: { status: 'yours', epg: 8674 } }],
    })
    expect(rig.sent()).toEqual([`assignDID ${tn}`])
  })

  test('0197: an envelope that says 900 is settled by a query, and nothing is fenced', async () => {
    const tn = `${npa}0197`
    const envelope = await rig.perform('assignDID', [{ tn, epg: 8674 }])
    expect(envelope).toMatchObject({
      status: 'failed',
      results: [{ tn, outcome: 'failed', code: 900, inferred: true }],
    })
    expect(await rig.journal.busy(rig.door.account, [tn], rig.clock.now())).toEqual([])
    expect(rig.sent()).toEqual([`assignDID ${tn}`])
  })

  test('0199: what lands late is never called failed, and is found by the watch', async () => {
    const tn = `${npa}0199`
    const envelope = await rig.perform('assignDID', [{ tn, epg: 8674 }])
    expect(envelope).toMatchObject({ status: 'uncertain', results: [{ tn, outcome: 'uncertain' }] })
    rig.sandbox.landNow()
    await rig.sandbox.landed()
    rig.clock.advance(quietMs + readingsApartMs)
    await vi.waitFor(async () => {
      expect(await rig.journal.operation(envelope.operationId ?? '')).toMatchObject({
        status: 'done',
        rows: [{ outcome: 'done', inferred: true, after: { status: 'yours', epg: 8674 } }],
      })
    })
    const next = await rig.perform('releaseDID', [{ tn }])
    expect(next.summary).toContain(`Since then: ${tn} in ${envelope.operationId} (assignDID) ended done`)
    expect(rig.sent()).toEqual([`assignDID ${tn}`, `releaseDID ${tn}`])
  })
})

describe('an answer that does not answer for every number', () => {
  const two = [{ tn: fresh }, { tn: another }]

  test.each(['duplicated row', 'missing row'] as const)('%s: that number is settled by a query', async (name) => {
    rig.sandbox.inject({ name, operation: 'reserveDID' })
    const envelope = await rig.perform('reserveDID', two)
    expect(envelope.status).toBe('done')
    expect(envelope.results.filter(({ inferred }) => inferred)).toHaveLength(1)
    expect(rig.sent()).toEqual([`reserveDID ${fresh} ${another}`])
  })

  test('wrong credentials in the middle: nothing was done, and it says so', async () => {
    rig.sandbox.inject({ name: 'envelope 902', operation: 'reserveDID' })
    const envelope = await rig.perform('reserveDID', two)
    expect(envelope).toMatchObject({ status: 'failed', counts: { done: 0, failed: 2, uncertain: 0, notAttempted: 0 } })
    expect(envelope.results[0]).toMatchObject({ code: 902 })
    expect(rig.sent()).toEqual([`reserveDID ${fresh} ${another}`])
  })
})

test("a number's code on the envelope proves nothing: a query is asked", async () => {
  const sent: unknown[] = []
  rig.carrier.assignDID = async (params, call) => {
    call.sending?.()
    sent.push(params)
    for (const { tn } of params) rig.sandbox.inventory.assign({ tn, epg: 8674, cnam: false, refId: '' })
    return { code: 104235, dids: [] }
  }
  expect(await rig.perform('assignDID', [{ tn: fresh, epg: 8674 }])).toMatchObject({
    status: 'done',
    results: [{ inferred: true }],
  })
  expect(sent).toEqual([[{ tn: fresh, epg: 8674 }]])
})

test('white space around a reference is no difference', async () => {
  rig.sandbox.inject({ name: 'reset after', operation: 'assignDID' })
  expect(await rig.perform('assignDID', [{ tn: fresh, epg: 8674, refId: 'desk 4 ' }])).toMatchObject({
    status: 'done',
    results: [{ outcome: 'done', inferred: true }],
  })
  expect(rig.sent()).toEqual([`assignDID ${fresh}`])
})

describe('what is told of a number whose answer did not say enough', () => {
  const unclear = outcomes.filter(({ outcome }) => outcome === 'unclear').map(({ code }) => code)

  // 200 characters of a meaning are shown.
  test.each([...unclear, 123456])(
    'after %i: what became of it, whole, and no advice to look at what was just looked at',
    async (code) => {
      const rows = [{ tn: fresh, before: { status: 'available', tier: '4' }, code }] as const
      const [settled] = await settleByQuery(rig.door, 'reserveDID', rows)
      expect(settled?.meaning).toMatch(
        /^seen since: it is still available: the reservation did not take effect\. The carrier answered: [^.]+$/,
      )
      expect(settled?.meaning?.length).toBeLessThanOrEqual(200)
      expect(settled?.meaning).not.toContain('queryDID')
    },
  )

  test('nothing can land any more: it is not said that something may', async () => {
    rig.sandbox.inject({ name: 'envelope 900', operation: 'releaseDID' })
    rig.door.wrote = () => reads(rig, ({ tn }) => ({ tn, code: 102420 }))
    const { results } = await rig.perform('releaseDID', [{ tn: owned }])
    expect(results).toMatchObject([
      {
        outcome: 'uncertain',
        code: 900,
        meaning:
          'seen since: a query does not tell how it ended: the carrier does not show it. ' +
          'The carrier answered: an exception occurred at the carrier',
      },
    ])
    expect(results[0]).not.toHaveProperty('watchUntil')
    expect(rig.sent()).toEqual([`releaseDID ${owned}`])
  })
})
