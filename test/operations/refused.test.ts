import { afterEach, beforeEach, expect, test } from 'vitest'
import { through } from '../../src/operations/create-operations.ts'
import { allAllowed } from '../support/policies.ts'
import { openRig, type Rig } from '../support/rig.ts'
import { fresh } from './support/numbers.ts'

let rig: Rig
beforeEach(async () => {
  rig = await openRig({ policy: allAllowed })
})
afterEach(() => rig.close())

const elsewhere = '4355550190'

test('a number that is not sent stands in the operation with its reason, and holds up nobody', async () => {
  const rows = [fresh, elsewhere].map((tn) => ({ tn, epg: 8674, refId: 'desk 4' }))
  const { operationId = '', ...answer } = await rig.perform('assignDID', rows)
  expect(rig.sent()).toEqual([`assignDID ${fresh}`])
  expect(answer).toMatchObject({ status: 'partly_done', counts: { done: 1, failed: 1 } })

  const operation = await rig.journal.readOperation(operationId)
  expect(operation).toMatchObject({ status: answer.status, counts: answer.counts, endedAt: rig.clock.now() })
  expect(operation?.rows.find(({ tn }) => tn === elsewhere)).toEqual({
    tn: elsewhere,
    asked: { epg: 8674, refId: 'desk 4' },
    before: { status: 'taken' },
    outcome: 'failed',
    meaning: 'another company has it',
  })
  expect(await rig.journal.readBusy(rig.door.account, [elsewhere], rig.clock.now())).toEqual([])
  expect((await rig.journal.countUsed(rig.door.account, rig.clock.now())).day.spend).toBe(1)
})

test('it stays so while the rest is under way, and when the rest was never sent', async () => {
  const before = { status: 'available' } as const
  const refused = [
    { tn: elsewhere, asked: {}, before: { status: 'taken' }, outcome: 'failed', meaning: 'taken' },
  ] as const
  const other = await rig.leftBehind({
    tool: 'reserveDID',
    effect: 'hold',
    rows: [{ tn: fresh, asked: {}, before }],
    refused,
  })
  expect(await rig.journal.readOperation('op_left')).toMatchObject({ status: 'open', counts: { failed: 1 } })
  await other.close()
  await through(rig.door).recover()
  expect(await rig.journal.readOperation('op_left')).toMatchObject({
    status: 'failed',
    counts: { done: 0, failed: 1, uncertain: 0, notAttempted: 1 },
    rows: [{ tn: fresh, outcome: 'not_attempted' }, refused[0]],
  })
})
