import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { allAllowed, unlimited } from '../support/policies.ts'
import { openRig, type Rig } from '../support/rig.ts'
import { another, fresh, sixty } from './support/numbers.ts'
import { reads } from './support/person.ts'

let rig: Rig
beforeEach(async () => {
  rig = await openRig({ policy: { ...allAllowed, ...unlimited } })
})
afterEach(() => rig.close())

describe('a call that is cut short', () => {
  test('cancelled while a request is under way: that one is never torn, and no further one is sent', async () => {
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
    expect(await rig.journal.readOperation(envelope.operationId ?? '')).toMatchObject({
      status: 'partly_done',
      counts: { done: 50, notAttempted: 10 },
    })
  })

  test('cancelled while the numbers are read: nothing is sent and nothing is recorded', async () => {
    const signal = AbortSignal.abort()
    await expect(rig.perform('reserveDID', [{ tn: fresh }], { signal })).rejects.toMatchObject({ kind: 'cancelled' })
    expect(rig.sent()).toEqual([])
    expect(await rig.journal.readOperations({ limit: 10 })).toEqual({ operations: [], more: false })
  })

  test('a server that is ending sends no further chunk', async () => {
    const tns = sixty()
    const envelope = await rig.perform('reserveDID', tns, {
      progress: (done) => {
        if (done === 50) rig.operations.end()
      },
    })
    expect(rig.sent()).toHaveLength(1)
    expect(envelope).toMatchObject({
      status: 'partly_done',
      counts: { done: 50, failed: 0, uncertain: 0, notAttempted: 10 },
    })
    expect(envelope.results[0]).toMatchObject({ outcome: 'not_attempted', meaning: 'not sent: the server was ending' })
  })
})

test('a request that is late after its row is sent all the same, after a new row', async () => {
  const { markSending } = rig.journal
  let late = 2
  rig.journal.markSending = async (...args) => {
    await markSending.call(rig.journal, ...args)
    if (late-- > 0) rig.clock.advance(6000)
  }
  expect(await rig.perform('reserveDID', [{ tn: fresh }])).toMatchObject({ status: 'done' })
  expect(rig.sent()).toEqual([`reserveDID ${fresh}`])
})

test('a number that was not read again is not taken for unchanged', async () => {
  const { recordIntent } = rig.journal
  rig.journal.recordIntent = async (...args) => {
    reads(rig, (queried) => (queried.tn === fresh ? { ...queried, tn: 'another' } : queried))
    return recordIntent.apply(rig.journal, args)
  }
  const envelope = await rig.perform('reserveDID', [{ tn: fresh }, { tn: another }])
  expect(envelope).toMatchObject({
    status: 'partly_done',
    results: [
      { tn: fresh, outcome: 'not_attempted', meaning: 'not sent: the number could not be read again' },
      { tn: another, outcome: 'done' },
    ],
  })
  expect(rig.sent()).toEqual([`reserveDID ${another}`])
})
