import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { CarrierError } from '../../src/carrier/errors.ts'
import { progressRows } from '../../src/listings/download.ts'
import { heldMs } from '../../src/listings/snapshot.ts'

import { endLast, openCarrier } from './support/carrier.ts'

const sorted = [
  { tn: '4355550100', statusCode: 100 },
  { tn: '4355550101', statusCode: 100 },
]

describe('one download', () => {
  test('serves everybody who asks while it runs, and for a minute after', async () => {
    const { open, downloads, clock } = openCarrier()
    const listings = open()
    const asked = [listings.audit({}), listings.audit({}), listings.audit({})]
    expect(downloads).toHaveLength(1)
    clock.pass(200)
    endLast(downloads)
    const expected = { rows: sorted, asOf: 1_000_000 }
    expect(await Promise.all(asked)).toEqual([expected, expected, expected])
    clock.pass(heldMs - 1)
    expect(await listings.audit({})).toEqual(expected)
    clock.pass(1)
    const later = listings.audit({})
    expect(downloads).toHaveLength(2)
    endLast(downloads)
    expect(await later).toEqual({ rows: sorted, asOf: 1_000_200 + heldMs })
  })

  test('is held for a minute from its end, however long it took, and says when it began', async () => {
    const { open, downloads, clock } = openCarrier()
    const listings = open()
    const asked = listings.audit({})
    clock.pass(2 * heldMs)
    endLast(downloads)
    const expected = { rows: sorted, asOf: 1_000_000 }
    expect(await asked).toEqual(expected)
    clock.pass(heldMs - 1)
    expect(await listings.audit({})).toEqual(expected)
    expect(await listings.heldAudit()).toEqual(expected)
    expect(downloads).toHaveLength(1)
    clock.pass(1)
    expect(listings.heldAudit()).toBeUndefined()
  })

  test('goes on when an asker gives up, for those who stay and those who come', async () => {
    const { open, downloads } = openCarrier()
    const listings = open()
    const impatient = new AbortController()
    const first = listings.audit({ signal: impatient.signal })
    const second = listings.audit({})
    impatient.abort()
    await expect(first).rejects.toMatchObject({ name: 'CarrierError', kind: 'cancelled' })
    expect(downloads[0]?.signal?.aborted).toBe(false)
    endLast(downloads)
    expect((await second).rows).toEqual(sorted)
    expect((await listings.audit({})).rows).toEqual(sorted)
    expect(downloads).toHaveLength(1)
  })

  test('is not even waited for by who gave up before asking', async () => {
    const { open } = openCarrier()
    await expect(open().audit({ signal: AbortSignal.abort() })).rejects.toMatchObject({ kind: 'cancelled' })
  })

  test('that failed is held for nobody', async () => {
    const { open, downloads } = openCarrier()
    const listings = open()
    const first = listings.audit({})
    downloads[0]?.fail(new CarrierError('timeout', 'too slow', { maybeSent: true }))
    await expect(first).rejects.toMatchObject({ kind: 'timeout' })
    const second = listings.audit({})
    endLast(downloads)
    expect((await second).rows).toEqual(sorted)
  })

  test('tells all who wait how far it is', async () => {
    const { open, downloads } = openCarrier(Array.from({ length: progressRows * 2 + 1 }, (_, index) => String(index)))
    const listings = open()
    const heard: number[][] = [[], []]
    const asked = heard.map((rows) => listings.audit({ progress: (read) => rows.push(read) }))
    endLast(downloads)
    await Promise.all(asked)
    expect(heard).toEqual([
      [progressRows, 2 * progressRows],
      [progressRows, 2 * progressRows],
    ])
  })
})

describe('a write', () => {
  test('makes what is held stale', async () => {
    const { open, downloads, timers } = openCarrier()
    const listings = open()
    const before = listings.audit({})
    endLast(downloads)
    await before
    await setImmediate()
    expect(timers.size).toBe(1)
    listings.stale()
    expect(timers.size).toBe(0)
    void listings.audit({})
    expect(downloads).toHaveLength(2)
  })

  test('makes what was begun before it stale for those who ask after it, not for those who wait', async () => {
    const { open, downloads } = openCarrier()
    const listings = open()
    const before = listings.audit({})
    listings.stale()
    const after = listings.audit({})
    expect(downloads).toHaveLength(2)
    downloads[0]?.end()
    expect((await before).rows).toEqual(sorted)
    const also = listings.audit({})
    expect(downloads).toHaveLength(2)
    downloads[1]?.end()
    expect((await after).rows).toEqual(sorted)
    expect(await also).toEqual(await after)
  })
})

test('searches of the same criteria in any order are one listing; others are their own', async () => {
  const { open, downloads } = openCarrier()
  const listings = open()
  void listings.search({ npa: '435', sms: true }, {})
  void listings.search({ sms: true, npa: '435', state: undefined }, {})
  void listings.search({ npa: '435' }, {})
  void listings.counts({ npa: '435' }, undefined, {})
  void listings.counts({ npa: '435' }, 'rc', {})
  expect(downloads.map(({ asked }) => asked)).toEqual([
    { npa: '435', sms: true },
    { npa: '435' },
    { npa: '435' },
    { npa: '435', orderby: 'rc' },
  ])
})
