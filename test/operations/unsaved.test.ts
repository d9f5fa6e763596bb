import { afterEach, beforeEach, expect, test } from 'vitest'
import { JournalUnavailable } from '../../src/journal/journal.ts'
import { builtIn } from '../../src/policy/policy.ts'
import { allAllowed } from '../support/policies.ts'
import { openRig, type Rig } from '../support/rig.ts'
import { another, fresh, owned } from './support/numbers.ts'
import { person } from './support/person.ts'

let rig: Rig
beforeEach(async () => {
  rig = await openRig({ policy: allAllowed })
})
afterEach(() => rig.close())

test('a journal that goes away after the carrier acted: the truth is answered, and no write begins before it is back', async () => {
  const { settleNumbers } = rig.journal
  rig.journal.settleNumbers = async () => {
    throw new JournalUnavailable('the disk is full')
  }
  const envelope = await rig.perform('reserveDID', [{ tn: fresh }])
  expect(envelope).toMatchObject({ status: 'done', results: [{ outcome: 'done' }] })
  expect(envelope.summary).toContain('this answer is the only record')
  await expect(rig.perform('reserveDID', [{ tn: another }])).rejects.toThrow('the disk is full')
  rig.journal.settleNumbers = settleNumbers
  await expect(rig.perform('reserveDID', [{ tn: another }])).resolves.toMatchObject({ status: 'done' })
  expect(await rig.journal.readOperation(envelope.operationId ?? '')).toMatchObject({ status: 'done' })
})

test('two calls that bring kept outcomes in lose none', async () => {
  const { settleNumbers } = rig.journal
  rig.journal.settleNumbers = async () => {
    throw new JournalUnavailable('the disk is full')
  }
  const [one, two] = await Promise.all([
    rig.perform('reserveDID', [{ tn: fresh }]),
    rig.perform('reserveDID', [{ tn: another }]),
  ])
  let failures = 1
  rig.journal.settleNumbers = async (id, ...rest) => {
    if (id === two.operationId && failures-- > 0) throw new JournalUnavailable('still full')
    await settleNumbers.call(rig.journal, id, ...rest)
  }
  const tries = ['4355550113', '4355550120'].map((tn) => rig.perform('reserveDID', [{ tn }]))
  await Promise.allSettled(tries)
  await rig.perform('reserveDID', [{ tn: '4355550127' }])
  for (const { operationId = '' } of [one, two]) {
    expect(await rig.journal.readOperation(operationId)).toMatchObject({ status: 'done', rows: [{ code: 100 }] })
  }
})

test('a no that the journal cannot take is kept, and no write begins before it is in', async () => {
  rig.policy = builtIn
  const { answerQuestion } = rig.journal
  rig.journal.answerQuestion = async () => {
    throw new JournalUnavailable('the disk is full')
  }
  const asked = person()
  const call = rig.perform('releaseDID', [{ tn: owned }], { put: asked.put })
  await asked.wasAsked
  asked.says({ ended: 'declined' })
  expect(await call).toMatchObject({ status: 'declined' })
  await expect(rig.perform('reserveDID', [{ tn: fresh }])).rejects.toThrow('the disk is full')
  rig.journal.answerQuestion = answerQuestion
  expect(await rig.perform('releaseDID', [{ tn: owned }])).toMatchObject({ status: 'declined' })
})
