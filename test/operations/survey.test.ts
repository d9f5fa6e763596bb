import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { unlimited } from '../support/policies.ts'
import { openRig, type Rig } from '../support/rig.ts'
import { typing } from './support/person.ts'

let rig: Rig
let ours: string[]
beforeEach(async () => {
  rig = await openRig({ owned: 200, policy: unlimited })
  ours = [...rig.sandbox.inventory.owned()].map(({ tn }) => tn).sort()
})
afterEach(() => rig.close())

/** How often the carrier was asked: one audit or one query each. */
function asked() {
  const count = (name: string) => rig.sandbox.calls.filter(({ operation }) => operation === name).length
  return { audits: count('auditDIDs'), queries: count('queryDID') }
}

const queried = () => rig.sandbox.calls.flatMap(({ operation, tns }) => (operation === 'queryDID' ? tns : []))

const rows = (tns: readonly string[]) => tns.map((tn) => ({ tn }))

describe('a long list of numbers of the account', () => {
  test('is previewed by one audit, and looked at again after the claim by one for all chunks', async () => {
    const tns = ours.slice(0, 120)
    const envelope = await rig.perform('releaseDID', rows(tns), { put: typing('120') })
    expect(envelope).toMatchObject({ status: 'done', counts: { done: 120 } })
    expect(asked()).toEqual({ audits: 2, queries: 0 })
    expect(rig.sent()).toHaveLength(3)
  })

  test('and by another where the first no longer serves', async () => {
    const tns = ours.slice(0, 120)
    const progress = (done: number) => {
      if (done === 50) rig.clock.advance(10_001)
    }
    const envelope = await rig.perform('releaseDID', rows(tns), { put: typing('120'), progress })
    expect(envelope).toMatchObject({ status: 'done', counts: { done: 120 } })
    expect(asked()).toEqual({ audits: 3, queries: 0 })
  })

  test('what changed between preview and sending is queried, and not sent', async () => {
    const tns = ours.slice(0, 60)
    const [moved = '', gone = ''] = [tns[3], tns[55]]
    const put = typing('60', () => {
      rig.clock.advance(5000)
      rig.sandbox.inventory.config({ tn: moved, epg: 13550, cnam: true, refId: 'another desk' })
      rig.sandbox.inventory.release({ tn: gone, epg: 0, cnam: false, refId: '' })
    })
    const envelope = await rig.perform('releaseDID', rows(tns), { put })
    expect(envelope).toMatchObject({ status: 'partly_done', counts: { done: 58, notAttempted: 2 } })
    expect(envelope.results.filter(({ outcome }) => outcome === 'not_attempted')).toMatchObject([
      { tn: moved, after: { status: 'yours', epg: 13550, refId: 'another desk' } },
      { tn: gone, after: { status: 'available' } },
    ])
    expect(queried()).toEqual([moved, gone])
    expect(rig.sent().join(' ')).not.toMatch(new RegExp(`${moved}|${gone}`))
  })

  test('numbers that the audit does not show are queried: held ones go, strangers do not', async () => {
    const held = '4355550105'
    const stranger = '4355550190'
    await rig.perform('reserveDID', [{ tn: held }])
    const before = queried().length
    const tns = [...ours.slice(0, 50), held, stranger]
    const envelope = await rig.perform('releaseDID', rows(tns), { put: typing('51') })
    expect(envelope).toMatchObject({ status: 'partly_done', counts: { done: 51, failed: 1 } })
    expect(envelope.results[0]).toMatchObject({ tn: stranger, outcome: 'failed' })
    expect(queried().slice(before).sort()).toEqual([held, held, stranger])
  })

  test('is configured after two audits too, with what was not told kept as it is', async () => {
    const tns = ours.slice(0, 40)
    const envelope = await rig.perform(
      'configDID',
      tns.map((tn) => ({ tn, refId: 'moved' })),
      { put: typing('40') },
    )
    expect(envelope).toMatchObject({ status: 'done', counts: { done: 40 } })
    expect(asked()).toEqual({ audits: 2, queries: 0 })
  })
})

describe('a query for each number', () => {
  test('where they are few', async () => {
    await rig.perform('releaseDID', rows(ours.slice(0, 10)), { put: typing('10') })
    expect(asked()).toEqual({ audits: 0, queries: 20 })
  })

  test('where the last audit took longer than they would', async () => {
    rig.door.pace.queried(100, 500)
    rig.door.pace.audited(60_000)
    await rig.perform('releaseDID', rows(ours.slice(0, 40)), { put: typing('40') })
    expect(asked()).toEqual({ audits: 0, queries: 80 })
  })

  test('where an audit is given up, because they would have been answered by then', async () => {
    rig.sandbox.inject({ name: 'silence', operation: 'auditDIDs' })
    const released = rig.perform('releaseDID', rows(ours.slice(0, 40)), { put: typing('40') })
    await vi.waitFor(() => expect(asked().audits).toBe(1))
    rig.clock.advance(1000)
    expect(await released).toMatchObject({ status: 'done', counts: { done: 40 } })
    expect(asked()).toEqual({ audits: 2, queries: 40 })
  })

  test('where the audit cannot be read', async () => {
    rig.sandbox.inject({ name: 'cut', operation: 'auditDIDs' })
    const envelope = await rig.perform('releaseDID', rows(ours.slice(0, 40)), { put: typing('40') })
    expect(envelope).toMatchObject({ status: 'done', counts: { done: 40 } })
    expect(asked()).toEqual({ audits: 2, queries: 40 })
  })
})

test('a caller who gives up during the audit ends it, and nothing is sent', async () => {
  rig.sandbox.inject({ name: 'silence', operation: 'auditDIDs' })
  const controller = new AbortController()
  const released = rig.perform('releaseDID', rows(ours.slice(0, 40)), { signal: controller.signal })
  await vi.waitFor(() => expect(asked().audits).toBe(1))
  controller.abort()
  await expect(released).rejects.toMatchObject({ kind: 'cancelled' })
  expect(rig.sent()).toEqual([])
})
