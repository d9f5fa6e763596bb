import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { readingsApartMs } from '../../src/operations/settle.ts'
import { openRig, quietMs, type Rig } from '../support/rig.ts'

/** Numbers of area code 435 that the sandbox has for sale, and one that its account owns. */
const fresh = '4355550105'
const another = '4355550110'
const yes = { effects: { hold: 'allow', change: 'allow', spend: 'allow', destroy: 'allow' } } as const

/** Numbers for sale that do not misbehave: more than one request holds. */
const sixty = () =>
  Array.from({ length: 60 }, (_, index) => {
    const line = String(index % 50).padStart(2, '0')
    return { tn: `${index < 50 ? 212 : 303}55501${line}` }
  })

let rig: Rig
beforeEach(async () => {
  rig = await openRig({ policy: yes })
})
afterEach(() => rig.close())

const outcomes = ({ results }: Awaited<ReturnType<Rig['perform']>>) => results.map(({ tn, outcome }) => [tn, outcome])

describe('a write that goes well', () => {
  test('assigns a number, and the journal tells who, what it was and what it became', async () => {
    const envelope = await rig.perform('assignDID', [{ tn: fresh, epg: 8674, refId: 'desk 4' }], { reason: 'new hire' })
    expect(envelope).toEqual({
      status: 'done',
      environment: 'sandbox',
      operationId: expect.stringMatching(/^op_/),
      summary: '1 assigned, billing has started.',
      counts: { done: 1, failed: 0, uncertain: 0, notAttempted: 0 },
      results: [
        {
          tn: fresh,
          outcome: 'done',
          code: 100,
          before: { status: 'available', tier: '4' },
          after: { status: 'yours', tier: '4', epg: 8674, refId: 'desk 4' },
        },
      ],
    })
    expect(await rig.journal.operation(envelope.operationId ?? '')).toMatchObject({
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
  })

  test('a reservation is held until what the carrier said', async () => {
    const envelope = await rig.perform('reserveDID', [{ tn: fresh }])
    const until = new Date(rig.clock.now() + 30 * 60_000).toISOString()
    expect(envelope.results).toMatchObject([{ outcome: 'done', heldUntil: until, after: { status: 'reserved' } }])
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

  test('sends a long list in chunks, one after the other, with progress that names the operation', async () => {
    rig.policy = { ...rig.policy, limits: { ...rig.policy.limits, didsPerCall: null } }
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
    rig.clock.advance(quietMs)
    await expect(rig.perform('assignDID', [{ tn: fresh, epg: 8674 }])).resolves.toMatchObject({ status: 'done' })
  })
})

describe('lines that misbehave', () => {
  const npa = '435555'

  test('0193: an unknown error is settled by one query, without a fence', async () => {
    const envelope = await rig.perform('reserveDID', [{ tn: `${npa}0193` }])
    expect(envelope).toMatchObject({ status: 'failed', results: [{ outcome: 'failed', inferred: true, code: 103221 }] })
    expect(await rig.journal.busy(rig.door.account, [`${npa}0193`], rig.clock.now())).toEqual([])
  })

  test('0194: late within the deadline is simply done', async () => {
    const envelope = await rig.perform('assignDID', [{ tn: `${npa}0194`, epg: 8674 }])
    expect(envelope).toMatchObject({ status: 'done', results: [{ outcome: 'done', code: 100 }] })
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
  })
})

describe('an answer that does not answer for every number', () => {
  const two = [{ tn: fresh }, { tn: another }]

  test.each(['duplicated row', 'missing row'] as const)('%s: that number is settled by a query', async (name) => {
    rig.sandbox.inject({ name, operation: 'reserveDID' })
    const envelope = await rig.perform('reserveDID', two)
    expect(envelope.status).toBe('done')
    expect(envelope.results.filter(({ inferred }) => inferred)).toHaveLength(1)
  })

  test('wrong credentials in the middle: nothing was done, and it says so', async () => {
    rig.sandbox.inject({ name: 'envelope 902', operation: 'reserveDID' })
    const envelope = await rig.perform('reserveDID', two)
    expect(envelope).toMatchObject({ status: 'failed', counts: { done: 0, failed: 2, uncertain: 0, notAttempted: 0 } })
    expect(envelope.results[0]).toMatchObject({ code: 902 })
  })
})

describe('a call that is cut short', () => {
  test('cancelled while a request is under way: that one is never torn, and no further one is sent', async () => {
    rig.policy = { ...rig.policy, limits: { ...rig.policy.limits, didsPerCall: null } }
    const controller = new AbortController()
    rig.sandbox.inject({ name: 'slow', operation: 'reserveDID' })
    const wrote = () => controller.abort()
    rig.door.wrote = wrote
    const envelope = await rig.perform('reserveDID', sixty(), { signal: controller.signal })
    expect(rig.sent()).toHaveLength(1)
    expect(envelope).toMatchObject({
      status: 'partly_done',
      counts: { done: 50, failed: 0, uncertain: 0, notAttempted: 10 },
    })
    expect(await rig.journal.operation(envelope.operationId ?? '')).toMatchObject({
      status: 'partly_done',
      counts: { done: 50, notAttempted: 10 },
    })
  })

  test('cancelled while the numbers are read: nothing is sent and nothing is recorded', async () => {
    const signal = AbortSignal.abort()
    await expect(rig.perform('reserveDID', [{ tn: fresh }], { signal })).rejects.toMatchObject({ kind: 'cancelled' })
    expect(rig.sent()).toEqual([])
    expect(await rig.journal.operations({ limit: 10 })).toEqual({ operations: [], more: false })
  })

  test('a server that is ending sends no further chunk', async () => {
    rig.policy = { ...rig.policy, limits: { ...rig.policy.limits, didsPerCall: null } }
    const tns = sixty()
    const envelope = await rig.perform('reserveDID', tns, {
      progress: () => {
        rig.door.ending = true
      },
    })
    expect(rig.sent()).toHaveLength(1)
    expect(envelope).toMatchObject({
      status: 'partly_done',
      counts: { done: 50, failed: 0, uncertain: 0, notAttempted: 10 },
    })
    expect(envelope.results[0]).toMatchObject({ outcome: 'not_attempted', meaning: 'not sent: the server was ending' })
  })

  test('a journal that goes away after the carrier acted: the truth is answered, and no write begins before it is back', async () => {
    const { settle } = rig.journal
    const { JournalUnavailable } = await import('../../src/journal/journal.ts')
    rig.journal.settle = async () => {
      throw new JournalUnavailable('the disk is full')
    }
    const envelope = await rig.perform('reserveDID', [{ tn: fresh }])
    expect(envelope).toMatchObject({ status: 'done', results: [{ outcome: 'done' }] })
    expect(envelope.summary).toContain('this answer is the only record')
    await expect(rig.perform('reserveDID', [{ tn: another }])).rejects.toThrow('the disk is full')
    rig.journal.settle = settle
    await expect(rig.perform('reserveDID', [{ tn: another }])).resolves.toMatchObject({ status: 'done' })
    expect(await rig.journal.operation(envelope.operationId ?? '')).toMatchObject({ status: 'done' })
  })
})

describe('what another process left behind', () => {
  test('an operation of a dead process is settled by the next attempt on its number, and told', async () => {
    const folder = rig.folder
    const { openSqliteJournal } = await import('../../src/journal/sqlite.ts')
    const dead = await openSqliteJournal({ folder, now: rig.clock.now })
    await dead.record(
      {
        id: 'op_left',
        account: rig.door.account,
        tool: 'reserveDID',
        effect: 'hold',
        caller: 'bob@desk',
        confirmedBy: 'policy',
        neededYes: false,
        at: rig.clock.now(),
        rows: [{ tn: fresh, before: { status: 'available', tier: '4' } }],
      },
      () => undefined,
    )
    await expect(rig.perform('reserveDID', [{ tn: fresh }])).rejects.toMatchObject({ code: 'NUMBER_BUSY' })
    await dead.close()
    const next = await rig.perform('reserveDID', [{ tn: fresh }])
    expect(next.status).toBe('done')
    expect(next.summary).toContain(
      `Since then: ${fresh} in op_left (reserveDID) ended not_attempted, not sent: the process ended before.`,
    )
  })
})
