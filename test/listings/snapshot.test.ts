import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Carrier, Count, Criteria, Did, Locator } from '../../src/carrier/carrier.ts'
import { CarrierError } from '../../src/carrier/errors.ts'
import { ListingTooLarge, progressRows } from '../../src/listings/download.ts'
import { createListings, heldMs } from '../../src/listings/snapshot.ts'

/** A carrier whose listings end when the test says so. */
function openCarrier(rows: readonly string[] = ['4355550101', '4355550100']) {
  const downloads: { asked: unknown; signal: AbortSignal | undefined; end(): void; fail(error: Error): void }[] = []
  const begin = (asked: unknown, signal: AbortSignal | undefined, give: () => void) =>
    new Promise<void>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(new CarrierError('cancelled', 'aborted', { maybeSent: true })))
      const end = () => {
        give()
        resolve()
      }
      downloads.push({ asked, signal, end, fail: reject })
    })
  const carrier: Pick<Carrier, 'auditDIDs' | 'getDIDs' | 'getDIDCount'> = {
    auditDIDs: (row: (did: Did) => void, { signal }) =>
      begin('audit', signal, () => {
        for (const tn of rows) row({ tn, statusCode: 100 })
      }),
    getDIDs: (criteria, row: (locator: Locator) => void, { signal }) =>
      begin(criteria, signal, () => {
        for (const tn of rows) row({ tn })
      }),
    getDIDCount: (criteria, row: (count: Count) => void, { signal }) =>
      begin(criteria, signal, () => row({ didCount: 7, state: 'UT' })),
  }
  const timers = new Set<{ at: number; task: () => void }>()
  let time = 1_000_000
  const clock = {
    now: () => time,
    after(ms: number, task: () => void) {
      const timer = { at: time + ms, task }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    pass(ms: number) {
      time += ms
      for (const timer of timers) {
        if (timer.at > time) continue
        timers.delete(timer)
        timer.task()
      }
    },
  }
  const open = (mostRows?: number) =>
    createListings({ carrier: carrier as Carrier, clock, ...(mostRows !== undefined && { mostRows }) })
  return { open, downloads, clock, timers }
}

/** Ends the newest download. */
const endLast = (downloads: { end(): void }[]) => downloads.at(-1)?.end()

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

describe('bounds', () => {
  test('more rows than may be held end the download and say how to narrow it', async () => {
    const { open, downloads } = openCarrier(['1', '2', '3', '4'])
    const listings = open(3)
    const audit = listings.audit({})
    endLast(downloads)
    await expect(audit).rejects.toEqual(
      new ListingTooLarge(
        'This listing has more than 3 rows.',
        'The carrier cannot narrow an audit. Write the account to a file with: did-mcp audit --csv FILE',
        false,
      ),
    )
    expect(downloads[0]?.signal?.aborted).toBe(true)
    const search = listings.search({ state: 'UT' }, {})
    endLast(downloads)
    await expect(search).rejects.toMatchObject({
      next: 'Narrow the search with more criteria: state, npa, nxx, rateCenter, tier or capabilities.',
    })
  })

  test('the oldest listing makes room for the newest', async () => {
    const { open, downloads } = openCarrier(['1', '2'])
    const listings = open(5)
    for (const npa of ['201', '202', '203']) {
      const search = listings.search({ npa }, {})
      endLast(downloads)
      await search
      await setImmediate()
    }
    void listings.search({ npa: '202' }, {})
    void listings.search({ npa: '203' }, {})
    expect(downloads).toHaveLength(3)
    void listings.search({ npa: '201' }, {})
    expect(downloads).toHaveLength(4)
  })

  test('two that do not fit side by side do not end each other, however long a connection takes to end', async () => {
    const feed =
      (first: number) =>
      async (row: (one: Locator) => void, { signal }: { signal?: AbortSignal | undefined }) => {
        for (let tn = first; tn < first + 6; tn++) {
          if (signal?.aborted) {
            await setImmediate()
            throw new Error('ended')
          }
          row({ tn: String(tn) })
          await setImmediate()
        }
      }
    const carrier = {
      getDIDs: ({ npa }: Criteria, row: (one: Locator) => void, options: { signal?: AbortSignal }) =>
        feed(Number(`${npa}5550100`))(row, options),
    } as unknown as Carrier
    const listings = createListings({ carrier, clock: { now: () => 0, after: () => () => undefined }, mostRows: 10 })
    const both = await Promise.allSettled(['201', '202'].map((npa) => listings.search({ npa }, {})))
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  test('what is on its way counts too: the download that passes the bound ends, and may be had later', async () => {
    const { open, downloads } = openCarrier(['1', '2', '3'])
    const listings = open(5)
    const [first, second] = ['201', '202'].map((npa) => listings.search({ npa }, {}))
    for (const { end } of downloads) end()
    await expect(second).rejects.toEqual(
      new ListingTooLarge(
        'This listing does not fit beside the others that are being read: at most 5 rows are held.',
        'Ask again when they are there. Narrow the search with more criteria: state, npa, nxx, rateCenter, tier or capabilities.',
        true,
      ),
    )
    expect(downloads.map(({ signal }) => signal?.aborted)).toEqual([false, true])
    expect((await first)?.rows).toHaveLength(3)
    const again = listings.search({ npa: '202' }, {})
    endLast(downloads)
    expect((await again).rows).toHaveLength(3)
    // The first one made room for it.
    void listings.search({ npa: '201' }, {})
    expect(downloads).toHaveLength(4)
  })

  test('what a write made stale counts until it is there, and no longer', async () => {
    const { open, downloads } = openCarrier(['1', '2', '3'])
    const listings = open(5)
    const before = listings.audit({})
    listings.stale()
    const after = listings.audit({})
    downloads[0]?.end()
    downloads[1]?.end()
    await expect(after).rejects.toMatchObject({ name: 'ListingTooLarge', retryable: true })
    expect((await before).rows).toHaveLength(3)
    const again = listings.audit({})
    endLast(downloads)
    expect((await again).rows).toHaveLength(3)
    expect(downloads).toHaveLength(3)
  })

  test('what failed or was forgotten leaves its places', async () => {
    const { open, downloads, clock } = openCarrier(['1', '2', '3'])
    const listings = open(3)
    for (const again of [1, 2, 3]) {
      const audit = listings.audit({})
      endLast(downloads)
      expect((await audit).rows).toHaveLength(3)
      await setImmediate()
      if (again === 1) listings.stale()
      else clock.pass(heldMs)
    }
    const failing = listings.search({ npa: '435' }, {})
    downloads.at(-1)?.fail(new CarrierError('timeout', 'too slow', { maybeSent: true }))
    await expect(failing).rejects.toMatchObject({ kind: 'timeout' })
    const audit = listings.audit({})
    endLast(downloads)
    expect((await audit).rows).toHaveLength(3)
  })

  test('closing ends what runs and forgets what is held', async () => {
    const { open, downloads, timers } = openCarrier()
    const listings = open()
    const held = listings.search({ npa: '435' }, {})
    endLast(downloads)
    await held
    await setImmediate()
    const running = listings.audit({})
    listings.close()
    await expect(running).rejects.toMatchObject({ kind: 'cancelled' })
    expect(downloads[1]?.signal?.aborted).toBe(true)
    expect(timers.size).toBe(0)
  })
})
