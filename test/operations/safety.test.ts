import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { WriteTool } from '../../src/domain/write-tool.ts'
import { settleDue } from '../../src/operations/orphans.ts'
import { allAllowed } from '../support/policies.ts'
import { openRig, quietMs, type Rig } from '../support/rig.ts'
import { typing } from './support/person.ts'

/** What changes what a call to 911 carries. */
const has = '4355550150'
const hasNone = '8015550154'
const address = { address1: '250 E 200 S', city: 'Salt Lake City', state: 'UT', zip: '84111', callerName: 'Acme' }
const line = '250 E 200 S, SALT LAKE CITY UT 84111'
let rig: Rig
beforeEach(async () => {
  rig = await openRig({ policy: allAllowed })
})
afterEach(() => rig.close())

const places = (tn: string) => rig.sandbox.inventory.locations.of(tn)
const carried = (tn: string) => rig.sandbox.inventory.locations.provisioned(tn)?.address1
const reached = (tool: string) => rig.sandbox.calls.filter(({ operation }) => operation === tool).length
const perform = (tool: WriteTool, row: object) => rig.perform(tool, [row as { tn: string }])
const added = () => rig.sandbox.inventory.locations.add(has, { ...address, address2: '', plusFour: '' })

const cases: readonly {
  tool: WriteTool
  row: () => object
  now(): unknown
  became: unknown
}[] = [
  { tool: 'insert911', row: () => ({ tn: hasNone, address }), now: () => carried(hasNone), became: '250 E 200 S' },
  { tool: 'update911', row: () => ({ tn: has, address }), now: () => carried(has), became: '250 E 200 S' },
  { tool: 'remove911', row: () => ({ tn: has }), now: () => carried(has), became: undefined },
  { tool: 'addLocation', row: () => ({ tn: has, address }), now: () => places(has).length, became: 2 },
  {
    tool: 'provisionLocation',
    row: () => ({ tn: has, locationId: added().locationId }),
    now: () => carried(has),
    became: '250 E 200 S',
  },
  {
    tool: 'removeLocation',
    row: () => ({ tn: has, locationId: added().locationId }),
    now: () => places(has).length,
    became: 1,
  },
  {
    tool: 'Add911Alert',
    row: () => ({ tn: has, email: 'desk@example.com' }),
    now: () => rig.sandbox.inventory.alerts.get(has),
    became: ['desk@example.com'],
  },
  {
    tool: 'Remove911Alert',
    row: () => {
      rig.sandbox.inventory.alerts.set(has, ['desk@example.com'])
      return { tn: has, email: 'desk@example.com' }
    },
    now: () => rig.sandbox.inventory.alerts.get(has),
    became: [],
  },
]

describe.each(cases)('$tool', ({ tool, row, now, became }) => {
  test('is sent once and done where a query shows it', async () => {
    const envelope = await perform(tool, row())
    expect(envelope).toMatchObject({ status: 'done', counts: { done: 1 }, results: [{ outcome: 'done', code: 100 }] })
    expect(now()).toEqual(became)
    expect(reached(tool)).toBe(1)
  })

  test('is done where it took effect and its answer was lost', async () => {
    const asked = row()
    rig.sandbox.inject({ name: 'reset after', operation: tool })
    expect(await perform(tool, asked)).toMatchObject({ status: 'done', results: [{ outcome: 'done', inferred: true }] })
    expect(reached(tool)).toBe(1)
  })

  test('is uncertain while it may still land, and told as what it came to', async () => {
    const asked = row()
    rig.sandbox.inject({ name: 'reset late', operation: tool })
    const lost = await perform(tool, asked)
    expect(lost).toMatchObject({ status: 'uncertain' })
    rig.sandbox.landNow()
    rig.clock.advance(quietMs + 10_000)
    await settleDue(rig.door)
    const { rows } = (await rig.journal.readOperation(lost.operationId ?? '')) ?? { rows: [] }
    expect(rows).toMatchObject([{ outcome: 'done', inferred: true }])
    expect(now()).toEqual(became)
  })

  test('failed where it never landed, once nothing can land any more', async () => {
    const asked = row()
    rig.sandbox.inject({ name: 'reset before', operation: tool })
    const lost = await perform(tool, asked)
    expect(lost).toMatchObject({ status: 'uncertain' })
    for (const ms of [quietMs + 1000, 10_000]) {
      rig.clock.advance(ms)
      await settleDue(rig.door)
    }
    const { rows } = (await rig.journal.readOperation(lost.operationId ?? '')) ?? { rows: [] }
    expect(rows).toMatchObject([{ outcome: 'failed' }])
    expect(reached(tool)).toBe(1)
  })

  test('is nothing for a number that is not ours', async () => {
    const envelope = await perform(tool, { ...row(), tn: '4355550105' })
    expect(envelope).toMatchObject({ status: 'failed', results: [{ outcome: 'failed' }] })
    expect(reached(tool)).toBe(0)
  })
})

test.each(['insert911', 'update911'] as const)('%s: an address that is not valid is never sent', async (tool) => {
  const tn = tool === 'insert911' ? hasNone : has
  const before = carried(tn)
  const envelope = await perform(tool, { tn, address: { ...address, address1: 'PO Box 7' } })
  expect(envelope).toMatchObject({
    status: 'failed',
    results: [{ outcome: 'not_attempted', meaning: expect.stringContaining('not good for 911') }],
  })
  expect([carried(tn), reached(tool), reached('validate911')]).toEqual([before, 0, 1])
})

test('an update that the carrier takes and that leaves the number with none is uncertain, and loud', async () => {
  // The carrier calls the address good, and finds out otherwise.
  const { locations } = rig.sandbox.inventory
  const { put } = locations
  locations.put = (tn, asked) => put(tn, { ...asked, zip: '00000' })
  const envelope = await perform('update911', { tn: has, address })
  expect(envelope).toMatchObject({
    status: 'uncertain',
    results: [{ outcome: 'uncertain', meaning: expect.stringContaining('neither as asked') }],
  })
  expect(carried(has)).toBeUndefined()
})

test('a lost addLocation stays uncertain where something alike was there before', async () => {
  added()
  rig.sandbox.inject({ name: 'reset after', operation: 'addLocation' })
  const lost = await perform('addLocation', { tn: has, address })
  expect(lost).toMatchObject({ status: 'uncertain' })
  for (const ms of [quietMs + 1000, 10_000]) {
    rig.clock.advance(ms)
    await settleDue(rig.door)
  }
  const { rows } = (await rig.journal.readOperation(lost.operationId ?? '')) ?? { rows: [] }
  expect(rows).toMatchObject([{ outcome: 'uncertain' }])
})

test('what stands in the way is said, and nothing is sent', async () => {
  const said = async (tool: WriteTool, row: object) => (await perform(tool, row)).results[0]?.meaning
  expect(await said('insert911', { tn: has, address })).toContain('use update911')
  expect(await said('update911', { tn: hasNone, address })).toContain('use insert911')
  expect(await said('remove911', { tn: hasNone })).toContain('nothing would change')
  expect(await said('provisionLocation', { tn: has, locationId: '1' })).toContain('no such location')
  expect(await said('removeLocation', { tn: has, locationId: '1' })).toContain('no such location')
  expect(await said('insert911', { tn: '8005550150', address })).toContain('911 is not enabled')
  expect(rig.sent()).toEqual([])
})

test('a person reads what is at stake before a removal, and what 911 carries now', async () => {
  await rig.close()
  rig = await openRig()
  let read = ''
  const person = typing('0150')
  const envelope = await rig.perform('remove911', [{ tn: has }], {
    put: (form, signal) => {
      read = form.lines.join('\n')
      return person(form, signal)
    },
  })
  expect(envelope).toMatchObject({ status: 'done', confirmedBy: 'person, in the client' })
  expect(read).toContain('Calls to 911 from them will carry NO address: nobody knows where to send help.')
  expect(read).toContain('911 carries "151 MAIN ST, VERNAL UT 80150" (unverified) now')
})

test('a protected number takes an address, and keeps it', async () => {
  rig.policy = { ...rig.policy, protected: [has, hasNone] }
  await expect(perform('remove911', { tn: has })).rejects.toMatchObject({ code: 'POLICY_DENIED' })
  expect(await perform('insert911', { tn: hasNone, address })).toMatchObject({ status: 'done' })
})

test('a caller name that the carrier keeps otherwise is told', async () => {
  const { locations } = rig.sandbox.inventory
  const { put } = locations
  locations.put = (tn, asked) => put(tn, { ...asked, callerName: 'SOMEBODY ELSE' })
  expect(await perform('update911', { tn: has, address })).toMatchObject({
    status: 'done',
    results: [{ outcome: 'done', differs: ['e911Name'], after: { e911: line, e911Name: 'SOMEBODY ELSE' } }],
  })
})
