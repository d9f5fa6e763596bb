import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { JournalUnavailable } from '../../src/journal/journal.ts'
import { settleDue } from '../../src/operations/orphans.ts'
import { allAllowed, unlimited } from '../support/policies.ts'
import { openRig, quietMs, type Rig } from '../support/rig.ts'
import { fresh, sixty } from './support/numbers.ts'

let rig: Rig
beforeEach(async () => {
  rig = await openRig({ policy: allAllowed })
})
afterEach(() => rig.close())

describe('what another process left behind', () => {
  test('an operation of a dead process is settled by the next attempt on its number, and told', async () => {
    const rows = [{ tn: fresh, asked: {}, before: { status: 'available', tier: '4' } }] as const
    const dead = await rig.leftBehind({ tool: 'reserveDID', effect: 'hold', rows })
    await expect(rig.perform('reserveDID', [{ tn: fresh }])).rejects.toMatchObject({ code: 'NUMBER_BUSY' })
    await dead.close()
    const next = await rig.perform('reserveDID', [{ tn: fresh }])
    expect(next.status).toBe('done')
    expect(next.summary).toContain(
      `Since then: ${fresh} in op_left (reserveDID) ended not_attempted, not sent: the process ended before.`,
    )
    expect(rig.sent()).toEqual([`reserveDID ${fresh}`])
  })

  test('what was left open under another login is closed, and its number is free after the quiet time', async () => {
    const account = { ...rig.door.account, id: 'another login' }
    const rows = [{ tn: fresh, asked: { epg: 8674 }, before: { status: 'available', tier: '4' } }] as const
    const dead = await rig.leftBehind({ account, tool: 'assignDID', effect: 'spend', rows })
    await dead.markSending('op_left', [fresh], rig.clock.now())
    await dead.close()
    await expect(rig.perform('reserveDID', [{ tn: fresh }])).rejects.toMatchObject({
      code: 'NUMBER_BUSY',
      details: { busy: [{ operationId: 'op_left', until: expect.any(String) }] },
    })
    expect(await rig.journal.readOperation('op_left')).toMatchObject({ status: 'uncertain' })
    // From its `sending` row: 5 s until it left, the rig's deadline of 5 s, and the quiet time.
    rig.clock.advance(5000 + 5000 + quietMs - 1)
    await expect(rig.perform('reserveDID', [{ tn: fresh }])).rejects.toMatchObject({ code: 'NUMBER_BUSY' })
    rig.clock.advance(1)
    expect(await rig.perform('reserveDID', [{ tn: fresh }])).toMatchObject({ status: 'done' })
    expect(rig.sent()).toEqual([`reserveDID ${fresh}`])
  })
})

test('one assignment is not called done twice: what a later write did is no evidence for an older one', async () => {
  rig.sandbox.inject({ name: 'reset before', operation: 'assignDID' })
  const { queryDID } = rig.carrier
  let blind = false
  rig.carrier.queryDID = (...args) => (blind ? Promise.reject(new Error('no answer')) : queryDID(...args))
  rig.door.wrote = () => {
    blind = true
  }
  const first = await rig.perform('assignDID', [{ tn: fresh, epg: 8674 }])
  expect(first).toMatchObject({ status: 'uncertain' })
  rig.door.wrote = undefined
  blind = false
  rig.clock.advance(quietMs - 1)
  rig.journal.readUncertain = (
    (uncertain) => async (account, tns) =>
      tns ? [] : uncertain(account, tns)
  )(rig.journal.readUncertain.bind(rig.journal))
  rig.clock.advance(1)
  const second = await rig.perform('assignDID', [{ tn: fresh, epg: 8674 }])
  expect(second).toMatchObject({ status: 'done' })
  rig.clock.advance(600_000)
  await settleDue(rig.door)
  expect(await rig.journal.readOperation(first.operationId ?? '')).toMatchObject({ status: 'uncertain' })
  expect(rig.sent()).toEqual([`assignDID ${fresh}`, `assignDID ${fresh}`])
})

test('the watch goes on after the journal was away for a moment', async () => {
  rig.sandbox.inject({ name: 'reset before', operation: 'reserveDID' })
  const { operationId = '' } = await rig.perform('reserveDID', [{ tn: fresh }])
  const { readUncertain } = rig.journal
  let away = 1
  rig.journal.readUncertain = async (...args) => {
    if (away-- > 0) throw new JournalUnavailable('the database is away')
    return readUncertain.apply(rig.journal, args)
  }
  rig.clock.advance(quietMs)
  await vi.waitFor(() => expect(away).toBeLessThan(1))
  await vi.waitFor(() => expect(rig.clock.waiting()).toBe(1))
  rig.clock.advance(60_000)
  await vi.waitFor(async () => {
    rig.clock.advance(60_000)
    expect(await rig.journal.readOperation(operationId)).toMatchObject({ status: 'failed' })
  })
})

describe('what is due', () => {
  /** Sixty numbers whose fence is over, and nobody looks at them by timer. */
  async function leaveSixty() {
    rig.policy = { ...rig.policy, ...unlimited }
    rig.door.clock = { ...rig.clock, after: () => () => undefined }
    const tns = sixty().map(({ tn }) => tn)
    for (const some of [tns.slice(0, 50), tns.slice(50)]) {
      rig.clock.advance(1)
      rig.sandbox.inject({ name: 'reset before', operation: 'reserveDID' })
      expect(
        await rig.perform(
          'reserveDID',
          some.map((tn) => ({ tn })),
        ),
      ).toMatchObject({ counts: { uncertain: some.length } })
    }
    rig.clock.advance(quietMs)
    return tns
  }

  test('is looked at fifty numbers at a time, each in its turn, whatever the carrier answers', async () => {
    const tns = await leaveSixty()
    const { queryDID } = rig.carrier
    let asked: string[] = []
    rig.carrier.queryDID = (tn) => {
      asked.push(tn)
      return Promise.reject(new Error('no answer'))
    }
    const turns: string[][] = []
    for (let turn = 0; turn < 3; turn++) {
      await settleDue(rig.door)
      turns.push(asked)
      asked = []
    }
    expect(turns).toEqual([
      tns.slice(0, 50),
      [...tns.slice(50), ...tns.slice(0, 40)],
      [...tns.slice(40), ...tns.slice(0, 30)],
    ])
    Object.assign(rig.carrier, { queryDID })
    await settleDue(rig.door)
    await settleDue(rig.door)
    expect((await rig.journal.readOperations({ limit: 10 })).operations.map(({ counts }) => counts.failed)).toEqual([
      10, 50,
    ])
  })

  test('is left where it stands once the caller has gone', async () => {
    await leaveSixty()
    const { operations } = await rig.journal.readOperations({ limit: 10 })
    const controller = new AbortController()
    let asked = 0
    rig.carrier.queryDID = (_, { signal }) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason))
        if (++asked === 50) controller.abort()
      })
    await settleDue(rig.door, { signal: controller.signal })
    expect((await rig.journal.readOperations({ limit: 10 })).operations).toEqual(operations)
  })

  test('by a dead process is settled although nobody waits for it any more', async () => {
    const rows = [{ tn: fresh, asked: {}, before: { status: 'available', tier: '4' } }] as const
    const dead = await rig.leftBehind({ tool: 'reserveDID', effect: 'hold', rows })
    await dead.markSending('op_left', [fresh], rig.clock.now())
    await dead.close()
    const { queryDID } = rig.carrier
    const controller = new AbortController()
    let answer: () => void = () => undefined
    rig.carrier.queryDID = async (...args) => {
      await new Promise<void>((resolve) => {
        answer = resolve
        controller.abort()
      })
      return queryDID(...args)
    }
    await settleDue(rig.door, { signal: controller.signal })
    expect(await rig.journal.readOperation('op_left')).toMatchObject({ status: 'open' })
    answer()
    await vi.waitFor(async () => expect((await rig.journal.readOperation('op_left'))?.status).toBe('uncertain'))
  })
})

test('what dead processes left open is taken over once at a start', async () => {
  const died = await rig.leftBehind({
    tool: 'releaseDID',
    effect: 'destroy',
    rows: [{ tn: fresh, asked: {}, before: { status: 'yours' } }],
  })
  await died.close()
  const { adoptOperations } = rig.journal
  let adoptions = 0
  rig.journal.adoptOperations = (...args) => {
    adoptions++
    return adoptOperations.apply(rig.journal, args)
  }
  expect(await rig.operations.recover()).toEqual(['op_left'])
  expect(adoptions).toBe(1)
})
