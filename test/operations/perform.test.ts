import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { allAllowed, unlimited } from '../support/policies.ts'
import { openRig, quietMs, type Rig } from '../support/rig.ts'
import { another, fresh, sixty } from './support/numbers.ts'

let rig: Rig
beforeEach(async () => {
  rig = await openRig({ policy: allAllowed })
})
afterEach(() => rig.close())

const outcomes = ({ results }: Awaited<ReturnType<Rig['perform']>>) => results.map(({ tn, outcome }) => [tn, outcome])

describe('a write that goes well', () => {
  test('assigns a number, and the journal tells who, what it was and what it became', async () => {
    const envelope = await rig.perform('assignDID', [{ tn: fresh, epg: 8674, refId: 'desk 4' }], { reason: 'new hire' })
    expect(envelope).toEqual({
      status: 'done',
      environment: 'sandbox',
      confirmedBy: 'policy (no yes needed)',
      operationId: expect.stringMatching(/^op_/),
      summary: '1 assigned, billing has started.',
      counts: { done: 1, failed: 0, uncertain: 0, notAttempted: 0 },
      results: [
        {
          tn: fresh,
          outcome: 'done',
          code: 100,
          meaning: 'success',
          words: `Assigned to endpoint '8674' rewritten as '${fresh}' Tier 4`,
          before: { status: 'available', tier: '4' },
          after: { status: 'yours', tier: '4', epg: 8674, refId: 'desk 4' },
        },
      ],
    })
    expect(await rig.journal.readOperation(envelope.operationId ?? '')).toMatchObject({
      tool: 'assignDID',
      effect: 'spend',
      caller: 'ann@desk',
      reason: 'new hire',
      confirmedBy: 'policy',
      status: 'done',
    })
    expect(rig.sent()).toEqual([`assignDID ${fresh}`])
  })

  test('a release that worked answers 106231, and is done', async () => {
    await rig.perform('assignDID', [{ tn: fresh, epg: 8674 }])
    const envelope = await rig.perform('releaseDID', [{ tn: fresh }])
    expect(envelope).toMatchObject({ status: 'done', results: [{ tn: fresh, outcome: 'done', code: 106231 }] })
    expect(rig.sent()).toEqual([`assignDID ${fresh}`, `releaseDID ${fresh}`])
  })

  test('a reservation is held until what the carrier said', async () => {
    const envelope = await rig.perform('reserveDID', [{ tn: fresh }])
    const until = new Date(rig.clock.now() + 30 * 60_000).toISOString()
    expect(envelope.results).toMatchObject([{ outcome: 'done', heldUntil: until, after: { status: 'reserved' } }])
    expect(rig.sent()).toEqual([`reserveDID ${fresh}`])
  })

  test('configDID sends what it was not told as it is, and shows before and after', async () => {
    await rig.perform('assignDID', [{ tn: fresh, epg: 8674, cnam: true, refId: 'desk 4' }])
    const envelope = await rig.perform('configDID', [{ tn: fresh, epg: 8675 }])
    expect(rig.sandbox.calls.at(-1)?.params).toEqual([{ tn: fresh, cnam: '1', refId: 'desk 4', epg: 8675 }])
    expect(envelope.results).toMatchObject([
      {
        before: { status: 'yours', epg: 8674, cnam: true, refId: 'desk 4' },
        after: { status: 'yours', epg: 8675, cnam: true, refId: 'desk 4' },
      },
    ])
  })

  test.each([' desk  4 ', '   ', '\u00a0x'])(
    'a reference is kept to the last space, on the wire, in comparisons and where it is not told: "%s"',
    async (refId) => {
      await rig.perform('assignDID', [{ tn: fresh, epg: 8674, refId }])
      expect(rig.sandbox.calls.find(({ operation }) => operation === 'assignDID')?.params).toMatchObject([{ refId }])
      const envelope = await rig.perform('configDID', [{ tn: fresh, epg: 8675 }])
      expect(rig.sandbox.calls.find(({ operation }) => operation === 'configDID')?.params).toMatchObject([{ refId }])
      expect(envelope).toMatchObject({ status: 'done', results: [{ before: { refId }, after: { refId } }] })
      expect(await rig.perform('configDID', [{ tn: fresh, refId: 'desk  4' }])).toMatchObject({
        status: 'done',
        results: [{ before: { refId }, after: { refId: 'desk  4' } }],
      })
    },
  )

  test('sends a long list in chunks, one after the other, with progress that names the operation', async () => {
    rig.policy = { ...rig.policy, ...unlimited }
    const tns = sixty()
    const heard: string[] = []
    const envelope = await rig.perform('reserveDID', tns, {
      progress: (done, total, message) => heard.push(`${done}/${total} ${message.split(' ')[0]}`),
    })
    expect(rig.sent()).toHaveLength(2)
    expect(heard).toEqual(['0/60 Operation', '50/60 Operation'])
    expect(envelope).toMatchObject({
      status: 'done',
      counts: { done: 60, failed: 0, uncertain: 0, notAttempted: 0 },
      results: { length: 60 },
    })
  })
})

describe('what cannot be is settled before anything is sent', () => {
  test.each([
    ['reserveDID', '4355550190', {}, 'another company has it'],
    ['releaseDID', fresh, {}, 'it is not yours: it is in the carrier’s inventory'],
    ['releaseDID', '4355550190', {}, 'it is not yours: another company has it'],
    ['configDID', fresh, { epg: 8675 }, 'it is not yours: it is in the carrier’s inventory'],
    ['assignDID', '4355550190', { epg: 8674 }, 'another company has it'],
    ['reserveDID', '9995550100', {}, 'the carrier does not know it, or does not say what it is'],
  ] as const)('%s of %s', async (tool, tn, more, reason) => {
    const envelope = await rig.perform(tool, [{ tn, ...more }])
    expect(envelope).toMatchObject({
      status: 'failed',
      summary: `Nothing was sent. ${tn}: ${reason}.`,
      results: [{ tn, outcome: 'failed', meaning: reason }],
    })
    expect(envelope.operationId).toBeUndefined()
    expect(rig.sent()).toEqual([])
  })

  test('a number that is held already shows the present hold', async () => {
    await rig.perform('reserveDID', [{ tn: fresh }])
    const envelope = await rig.perform('reserveDID', [{ tn: fresh }])
    expect(envelope.results[0]?.meaning).toMatch(/^you hold it already, until 2026-/)
    expect(rig.sent()).toEqual([`reserveDID ${fresh}`])
  })

  test('a configuration that changes nothing is not sent', async () => {
    await rig.perform('assignDID', [{ tn: fresh, epg: 8674, cnam: true }])
    const envelope = await rig.perform('configDID', [{ tn: fresh, epg: 8674, cnam: true }])
    expect(envelope.results[0]?.meaning).toBe('it is configured like that already: nothing would change')
    expect(rig.sent()).toEqual([`assignDID ${fresh}`])
  })

  test('a tier that the policy does not allow is not bought, and the others are', async () => {
    rig.policy = { ...rig.policy, tiers: ['4'] }
    const envelope = await rig.perform('assignDID', [
      { tn: fresh, epg: 8674 },
      { tn: another, epg: 8674 },
    ])
    expect(envelope.status).toBe('partly_done')
    expect(outcomes(envelope)).toEqual([
      [another, 'failed'],
      [fresh, 'done'],
    ])
    expect(rig.sent()).toEqual([`assignDID ${fresh}`])
  })
})

describe('walls before the carrier', () => {
  test('a number that stands twice is an error', async () => {
    await expect(rig.perform('reserveDID', [{ tn: fresh }, { tn: fresh }])).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: `${fresh} is asked for more than once`,
    })
    expect(rig.sandbox.calls).toEqual([])
  })

  test('a protected number is never released, and nothing is even asked of the carrier', async () => {
    rig.policy = { ...rig.policy, protected: ['435*'] }
    await expect(rig.perform('releaseDID', [{ tn: fresh }])).rejects.toMatchObject({ code: 'POLICY_DENIED' })
    expect(rig.sandbox.calls).toEqual([])
  })

  test('a budget is counted over calls, all or nothing', async () => {
    rig.policy = { ...rig.policy, limits: { ...rig.policy.limits, assignedPerDay: 2 } }
    await rig.perform('assignDID', [{ tn: fresh, epg: 8674 }])
    const two = [
      { tn: another, epg: 8674 },
      { tn: '4355550113', epg: 8674 },
    ]
    await expect(rig.perform('assignDID', two)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
    expect(rig.sent()).toEqual([`assignDID ${fresh}`])
    rig.clock.advance(24 * 3_600_000)
    await expect(rig.perform('assignDID', two)).resolves.toMatchObject({ status: 'done' })
    expect(rig.sent()).toEqual([`assignDID ${fresh}`, `assignDID ${another} 4355550113`])
  })

  test('a number that another operation holds is busy, and the answer names it', async () => {
    rig.sandbox.inject({ name: 'reset after', operation: 'reserveDID' })
    const first = await rig.perform('reserveDID', [{ tn: fresh }])
    expect(first).toMatchObject({ status: 'done', results: [{ outcome: 'done', inferred: true }] })
    const busy = await rig.perform('assignDID', [{ tn: fresh, epg: 8674 }]).catch((error: unknown) => error)
    expect(busy).toMatchObject({
      code: 'NUMBER_BUSY',
      retryable: true,
      details: { busy: [{ tn: fresh, operationId: first.operationId, tool: 'reserveDID' }] },
    })
    expect(rig.sent()).toEqual([`reserveDID ${fresh}`])
    rig.clock.advance(quietMs)
    await expect(rig.perform('assignDID', [{ tn: fresh, epg: 8674 }])).resolves.toMatchObject({ status: 'done' })
  })
})
