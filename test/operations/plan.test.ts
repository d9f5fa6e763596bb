import { afterEach, beforeEach, expect, test } from 'vitest'
import { allAllowed } from '../support/policies.ts'
import { openRig, type Rig } from '../support/rig.ts'
import { alsoOwned, fresh, owned } from './support/numbers.ts'
import { reads } from './support/person.ts'

let rig: Rig
beforeEach(async () => {
  rig = await openRig({ policy: allAllowed })
})
afterEach(() => rig.close())

test('a present CNAM setting that cannot be read is not overwritten', async () => {
  reads(rig, (queried) => {
    const { cnam: _, ...did } = queried.did ?? { tn: owned, statusCode: 100 }
    return { ...queried, did }
  })
  expect(await rig.perform('configDID', [{ tn: owned, epg: 8675 }])).toMatchObject({
    status: 'failed',
    results: [{ meaning: 'its present CNAM setting cannot be read: state cnam' }],
  })
  expect(rig.sent()).toEqual([])
})

test.each([
  ['CDATA marks', 'a]]>b', 'must not hold CDATA marks'],
  ['a line break', 'a\nb', 'must not hold control characters'],
  ['4,097 characters', 'a'.repeat(4097), 'must be at most 4096 characters'],
])('one present reference that cannot be sent does not stop the other numbers: %s', async (_, refId, why) => {
  reads(rig, (queried) =>
    queried.tn === owned && queried.did ? { ...queried, did: { ...queried.did, refId } } : queried,
  )
  const envelope = await rig.perform('configDID', [
    { tn: owned, epg: 13550 },
    { tn: alsoOwned, epg: 13550 },
  ])
  expect(envelope).toMatchObject({ status: 'partly_done', counts: { done: 1, failed: 1 } })
  expect(envelope.results[0]?.meaning).toContain(why)
  expect(rig.sent()).toEqual([`configDID ${alsoOwned}`])
})

test('a tier that is not known yet is refused with the way to know it', async () => {
  rig.policy = { ...rig.policy, tiers: ['1'] }
  reads(rig, ({ did, ...queried }) => {
    const { tier: _, ...unpriced } = did ?? { tn: fresh, statusCode: 100 }
    return { ...queried, did: unpriced }
  })
  const { results } = await rig.perform('assignDID', [{ tn: fresh, epg: 8674 }])
  expect(results[0]?.meaning).toContain('reserving it with reserveDID shows the tier')
  expect(rig.sent()).toEqual([])
})

test('a number that the carrier answers nothing about is told of, and not sent', async () => {
  reads(rig, (queried) => (queried.tn === owned ? { ...queried, tn: 'another' } : queried))
  expect(await rig.perform('releaseDID', [{ tn: owned }, { tn: alsoOwned }])).toMatchObject({
    status: 'partly_done',
    results: [
      { tn: owned, outcome: 'failed', meaning: 'it could not be read' },
      { tn: alsoOwned, outcome: 'done' },
    ],
  })
  expect(rig.sent()).toEqual([`releaseDID ${alsoOwned}`])
})
