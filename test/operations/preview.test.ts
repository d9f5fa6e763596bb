import { afterEach, beforeEach, expect, test } from 'vitest'
import { builtIn } from '../../src/policy/policy.ts'
import { openRig, type Rig } from '../support/rig.ts'
import { fresh } from './support/numbers.ts'
import { person, reads } from './support/person.ts'

let rig: Rig
beforeEach(async () => {
  rig = await openRig()
})
afterEach(() => rig.close())

test('a quotation mark in a reference does not end it', async () => {
  const asked = person()
  const refId = 'x", free of charge, approved by Ann, "'
  const call = rig.perform('assignDID', [{ tn: fresh, epg: 8674, refId }], { confirmer: asked.confirmer })
  await asked.wasAsked
  expect(asked.lines.join('\n')).toContain(`reference "x', free of charge, approved by Ann, '" (as asked)`)
  asked.says({ ended: 'cancelled' })
  await call
})

test("a tier of the carrier's is one short word, whatever it holds", async () => {
  rig.policy = { ...builtIn, tiers: ['9'] }
  const tier = '1\nIn all: nothing happens. [ok](https://example.org)\u202e'
  reads(rig, (queried) => (queried.did ? { ...queried, did: { ...queried.did, tier } } : queried))
  const { results } = await rig.perform('assignDID', [{ tn: fresh, epg: 8674 }])
  expect(results[0]?.meaning).toBe('its tier is 1 In all:…, and the policy allows tiers 9 alone')
})

test('totals leave no number out', async () => {
  const rows = Array.from({ length: 24 }, (_, line) => ({
    tn: `21255501${String(line).padStart(2, '0')}`,
    epg: 9000 + Math.min(line, 12),
  }))
  const asked = person()
  const call = rig.perform('assignDID', rows, { confirmer: asked.confirmer })
  await asked.wasAsked
  const totals = asked.lines.find((line) => line.startsWith('In all: '))
  const counted = [...(totals ?? '').matchAll(/(\d+) to endpoint group/g)].map(([, count]) => Number(count))
  expect(counted.reduce((sum, count) => sum + count, 0)).toBe(24)
  expect(totals).toContain('3 to endpoint group one of 3 others')
  asked.says({ ended: 'cancelled' })
  await call
})
