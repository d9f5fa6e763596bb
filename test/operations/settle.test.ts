import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { WriteAnswer } from '../../src/carrier/carrier.ts'
import { CarrierError } from '../../src/carrier/errors.ts'
import { outcomes } from '../../src/carrier/outcomes.ts'
import { settleDue } from '../../src/operations/orphans.ts'
import { readingsApartMs, settleByQuery } from '../../src/operations/settle.ts'
import { writes } from '../../src/operations/writes.ts'
import { allAllowed } from '../support/policies.ts'
import { openRig, quietMs, type Rig } from '../support/rig.ts'
import { another, fresh, owned, sixty } from './support/numbers.ts'
import { answers, reads } from './support/person.ts'

let rig: Rig
beforeEach(async () => {
  rig = await openRig({ policy: allAllowed })
})
afterEach(() => rig.close())

describe('lines that misbehave', () => {
  const npa = '435555'

  test.each([
    ['0193', 'reserveDID', 103221, 'Unknown error reserving number'],
    ['0193', 'assignDID', 104221, 'Unknown error assigning number'],
    ['0197', 'assignDID', 900, 'An exception occurred'],
  ] as const)(
    '%s on %s: %i is no answer, and nobody knows that nothing will happen before the quiet time is over',
    async (line, tool, code, words) => {
      const tn = `${npa}${line}`
      const rows = [tool === 'assignDID' ? { tn, epg: 8674 } : { tn }]
      const envelope = await rig.perform(tool, rows)
      const watchUntil = new Date(rig.clock.now() + quietMs).toISOString()
      expect(envelope).toMatchObject({
        status: 'uncertain',
        results: [{ tn, outcome: 'uncertain', code, words, watchUntil }],
      })
      await expect(rig.perform(tool, rows)).rejects.toMatchObject({ code: 'NUMBER_BUSY' })

      rig.clock.advance(quietMs + readingsApartMs)
      await vi.waitFor(async () => {
        expect(await rig.journal.readOperation(envelope.operationId ?? '')).toMatchObject({
          status: 'failed',
          rows: [{ outcome: 'failed', code, words, inferred: true }],
        })
      })
      expect(rig.sent()).toEqual([`${tool} ${tn}`])
    },
  )

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
      expect(await rig.journal.readOperation(envelope.operationId ?? '')).toMatchObject({
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
    expect(envelope.summary).toMatch(
      new RegExp(
        `^1 assigned, billing has started\\. The carrier's answer was lost, or says too little, for ${tn}: a query has shown since ` +
          'how it ended \\(inferred\\), and no other is needed\\. They take no other write until 2026-',
      ),
    )
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
      expect(await rig.journal.readOperation(envelope.operationId ?? '')).toMatchObject({
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
  rig.carrier.assignDID = async (all, call) => {
    const params = (await call.prepare?.(rig.carrier)) ?? all
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

test('a reference is compared to its last space', async () => {
  rig.sandbox.inject({ name: 'reset after', operation: 'assignDID' })
  expect(await rig.perform('assignDID', [{ tn: fresh, epg: 8674, refId: 'desk 4 ' }])).toMatchObject({
    status: 'done',
    results: [{ outcome: 'done', inferred: true, after: { refId: 'desk 4 ' } }],
  })
  rig.sandbox.inject({ name: 'reset after', operation: 'assignDID' })
  reads(rig, (queried) =>
    queried.did?.refId ? { ...queried, did: { ...queried.did, refId: queried.did.refId.trim() } } : queried,
  )
  expect(await rig.perform('assignDID', [{ tn: another, epg: 8674, refId: 'desk 4 ' }])).toMatchObject({
    status: 'uncertain',
    results: [{ outcome: 'uncertain', differs: ['refId'] }],
  })
})

test('a request that was never prepared does not leave', async () => {
  let left = 0
  rig.carrier.assignDID = async (_params, call) => {
    call.sending?.()
    left++
    return { code: 100, dids: [] }
  }
  const { results } = await rig.perform('assignDID', [{ tn: fresh, epg: 8674 }])
  expect(results).toMatchObject([{ outcome: 'not_attempted' }])
  expect(left).toBe(0)
})

describe('what is told of a number whose answer did not say enough', () => {
  const none = outcomes.filter(({ outcome }) => outcome === 'none').map(({ code }) => code)
  const present = outcomes.filter(({ outcome }) => outcome === 'present').map(({ code }) => code)
  const before = { status: 'available', tier: '4' } as const

  // 200 characters of a meaning are shown.
  test.each(present)(
    'after %i: what became of it, whole, and no advice to look at what was just looked at',
    async (code) => {
      const [settled] = await settleByQuery(rig.door, writes.reserveDID, [{ tn: fresh, asked: {}, before, code }])
      expect(settled).toMatchObject({ outcome: 'failed', inferred: true, code })
      expect(settled?.meaning).toMatch(
        /^seen since: it is still available: the reservation did not take effect\. The carrier answered: [^.]+$/,
      )
      expect(settled?.meaning?.length).toBeLessThanOrEqual(200)
      expect(settled?.meaning).not.toContain('queryDID')
    },
  )

  test.each([...none, 123456])('after %i: that it may still take effect', async (code) => {
    const rows = [
      { tn: fresh, asked: {}, before, code, words: 'Timeout expired', fencedUntil: rig.clock.now() + quietMs },
    ] as const
    const [settled] = await settleByQuery(rig.door, writes.reserveDID, rows)
    expect(settled).toMatchObject({ outcome: 'uncertain', code, words: 'Timeout expired' })
    expect(settled?.meaning).toMatch(
      /^seen since: it may still take effect; so far it is still available\. The carrier answered: [^.]+$/,
    )
  })

  test('a release that says still yours is believed after one look: nothing is fenced', async () => {
    rig.sandbox.inject({ name: 'still held', operation: 'releaseDID' })
    const { results, summary } = await rig.perform('releaseDID', [{ tn: owned }])
    expect(results).toMatchObject([
      { outcome: 'failed', code: 106225, inferred: true, words: 'Number still assigned to you' },
    ])
    expect(results[0]).not.toHaveProperty('watchUntil')
    expect(summary).toBe('1 failed.')
    expect(await rig.journal.readBusy(rig.door.account, [owned], rig.clock.now())).toEqual([])
    expect(rig.sent()).toEqual([`releaseDID ${owned}`])
  })
})

describe('an answer that is none, and takes effect later', () => {
  test.each([
    ['900', (answer: WriteAnswer) => ({ ...answer, code: 900, dids: [] })],
    [
      '104221',
      (answer: WriteAnswer) => ({ ...answer, dids: answer.dids.map((did) => ({ ...did, statusCode: 104221 })) }),
    ],
    [
      'an unknown code',
      (answer: WriteAnswer) => ({ ...answer, dids: answer.dids.map((did) => ({ ...did, statusCode: 104999 })) }),
    ],
    ['an unknown envelope', (answer: WriteAnswer) => ({ ...answer, code: 999 })],
  ] as const)('%s: it is bought six seconds later, and was never called failed', async (_, change) => {
    rig.carrier.assignDID = async (params, call) => {
      await call.prepare?.(rig.carrier)
      call.sending?.()
      rig.clock.after(6000, () => rig.sandbox.inventory.assign({ tn: fresh, epg: 8674, cnam: false, refId: '' }))
      return change({ code: 100, dids: params.map(({ tn }) => ({ tn, statusCode: 100 })) })
    }
    const envelope = await rig.perform('assignDID', [{ tn: fresh, epg: 8674 }])
    expect(envelope).toMatchObject({ status: 'uncertain', results: [{ outcome: 'uncertain' }] })
    await expect(rig.perform('reserveDID', [{ tn: fresh }])).rejects.toMatchObject({ code: 'NUMBER_BUSY' })
    rig.clock.advance(6000)
    await settleDue(rig.door, { tns: [fresh] })
    expect(await rig.journal.readOperation(envelope.operationId ?? '')).toMatchObject({
      status: 'done',
      rows: [{ outcome: 'done', inferred: true, after: { status: 'yours', epg: 8674 } }],
    })
  })

  test('the fence counts from the moment in which the request was given up', async () => {
    const sentAt = rig.clock.now()
    rig.carrier.assignDID = async (_params, call) => {
      await call.prepare?.(rig.carrier)
      call.sending?.()
      rig.clock.advance(30_000)
      throw new CarrierError('timeout', 'The carrier did not answer.', { maybeSent: true })
    }
    const { results } = await rig.perform('assignDID', [{ tn: fresh, epg: 8674 }])
    expect(results).toMatchObject([{ watchUntil: new Date(sentAt + 30_000 + quietMs).toISOString() }])
  })

  test('nothing more is sent after it', async () => {
    answers(rig, 'reserveDID', (answer) => ({ ...answer, code: 900 }))
    rig.carrier.queryDID = (
      (queryDID) => async (tn, call) =>
        rig.sent().length > 0 ? { tn, code: 102420 } : queryDID(tn, call)
    )(rig.carrier.queryDID)
    const envelope = await rig.perform('reserveDID', sixty())
    expect(envelope.counts).toEqual({ done: 0, failed: 0, uncertain: 50, notAttempted: 10 })
    expect(rig.sent()).toHaveLength(1)
  })
})

test('a number that another company shows as its own is not called failed at once', async () => {
  rig.sandbox.inject({ name: 'reset before', operation: 'assignDID' })
  rig.door.wrote = () => reads(rig, ({ tn }) => ({ tn, code: 102235, did: { tn, statusCode: 102235 } }))
  const { operationId = '', ...envelope } = await rig.perform('assignDID', [{ tn: fresh, epg: 8674 }])
  expect(envelope).toMatchObject({
    status: 'uncertain',
    results: [
      {
        outcome: 'uncertain',
        meaning: "the carrier's answer was not read; it may still take effect; so far another company has it",
      },
    ],
  })
  rig.clock.advance(quietMs + readingsApartMs)
  await vi.waitFor(async () => expect(await rig.journal.readOperation(operationId)).toMatchObject({ status: 'failed' }))
})
