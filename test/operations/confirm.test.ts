import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { builtIn } from '../../src/policy/policy.ts'
import { say } from '../journal/support/intents.ts'
import { allAllowed, humanMode } from '../support/policies.ts'
import { openRig, type Rig } from '../support/rig.ts'
import { alsoOwned, fresh, owned } from './support/numbers.ts'
import { person } from './support/person.ts'

let rig: Rig
beforeEach(async () => {
  rig = await openRig()
})
afterEach(() => rig.close())

test('a no said in one question holds for another that is open at the same time', async () => {
  const first = person()
  const second = person()
  const one = rig.perform('releaseDID', [{ tn: owned }], { put: first.put })
  const both = rig.perform('releaseDID', [{ tn: owned }, { tn: alsoOwned }], { put: second.put })
  await Promise.all([first.wasAsked, second.wasAsked])
  first.says({ ended: 'declined' })
  expect(await one).toMatchObject({ status: 'declined' })
  second.says({ ended: 'answered', typed: '2' })
  expect(await both).toMatchObject({ status: 'declined' })
  expect(rig.sent()).toEqual([])
})

describe('a policy that is tightened while a call runs', () => {
  test('a ticket of before serves no more where a person is wanted now', async () => {
    const { confirmation } = await rig.perform('releaseDID', [{ tn: owned }])
    rig.policy = { ...builtIn, ...humanMode }
    const again = rig.perform('releaseDID', [{ tn: owned }], { confirmation: confirmation?.ticket ?? '' })
    await expect(again).rejects.toMatchObject({ code: 'POLICY_DENIED' })
    expect(rig.sent()).toEqual([])
  })

  test('a tier that is no longer allowed is not bought, though the form was answered', async () => {
    const asked = person()
    const call = rig.perform('assignDID', [{ tn: fresh, epg: 8674 }], { put: asked.put })
    await asked.wasAsked
    rig.policy = { ...builtIn, tiers: ['0'] }
    asked.says({ ended: 'answered', typed: '0105' })
    await expect(call).rejects.toMatchObject({ code: 'POLICY_DENIED' })
    expect(rig.sent()).toEqual([])
  })
})

test('a forged ticket is an error even where none was needed', async () => {
  rig.policy = { ...builtIn, ...allAllowed }
  const call = rig.perform('reserveDID', [{ tn: fresh }], { confirmation: 'ticket_forged' })
  await expect(call).rejects.toMatchObject({ code: 'CONFIRMATION_MISMATCH' })
  expect(rig.sent()).toEqual([])
})

test('an approval of facts that no longer hold for any number sends nothing, and is asked for anew', async () => {
  rig.policy = { ...builtIn, ...humanMode }
  const ask = () => rig.perform('configDID', [{ tn: owned, epg: 13550 }])
  const first = (await ask()).confirmation?.approvalId ?? ''
  await say(rig.journal, first, { given: true, by: 'eve', at: rig.clock.now(), until: 0 })
  rig.sandbox.inventory.config({ tn: owned, epg: 8675, cnam: false, refId: 'DENVER' })
  expect(await ask()).toMatchObject({
    status: 'failed',
    results: [{ tn: owned, outcome: 'not_attempted', before: { epg: 8674 }, after: { epg: 8675 } }],
  })
  const second = await ask()
  expect(second).toMatchObject({ status: 'waiting' })
  expect(second.confirmation?.approvalId).not.toBe(first)
  expect(second.confirmation?.preview.join('\n')).toContain('endpoint group 8675 -> 13550')
  // One that still waits is replaced at once: nobody approves what is no longer so.
  rig.sandbox.inventory.config({ tn: owned, epg: 8674, cnam: false, refId: 'DENVER' })
  const third = await ask()
  expect(third.confirmation?.preview.join('\n')).toContain('endpoint group 8674 -> 13550')
  expect(third.confirmation?.approvalId).not.toBe(second.confirmation?.approvalId)
  expect((await rig.journal.readApprovals(rig.clock.now())).map(({ id }) => id)).toEqual([
    third.confirmation?.approvalId,
  ])
  expect(rig.sent()).toEqual([])
})
