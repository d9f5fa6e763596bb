import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Carrier, Criteria, Locator } from '../../src/carrier/carrier.ts'
import { CarrierError } from '../../src/carrier/errors.ts'
import { ListingTooLarge } from '../../src/listings/download.ts'
import { createListings, heldMs } from '../../src/listings/snapshot.ts'
import { endLast, openCarrier } from './support/carrier.ts'

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
    const listings = createListings({
      carrier,
      clock: { now: () => 0, ticks: () => 0, after: () => () => undefined },
      mostRows: 10,
    })
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
