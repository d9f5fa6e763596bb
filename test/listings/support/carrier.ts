import type { Carrier, Count, Did, Listed, Locator } from '../../../src/carrier/carrier.ts'
import { CarrierError } from '../../../src/carrier/errors.ts'
import { createListings } from '../../../src/listings/snapshot.ts'

/** A carrier whose listings end when the test says so. */
export function openCarrier(rows: readonly string[] = ['4355550101', '4355550100']) {
  const downloads: { asked: unknown; signal: AbortSignal | undefined; end(): void; fail(error: Error): void }[] = []
  const begin = (asked: unknown, signal: AbortSignal | undefined, give: () => void) =>
    new Promise<Listed>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(new CarrierError('cancelled', 'aborted', { maybeSent: true })))
      const end = () => {
        give()
        resolve({})
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
    ticks: () => time,
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
export const endLast = (downloads: { end(): void }[]) => downloads.at(-1)?.end()
