import { createSoapCarrier } from '../../../src/carrier/soap/soap-carrier.ts'
import { journalAccount } from '../../../src/domain/account.ts'
import type { Journal } from '../../../src/journal/journal.ts'
import { type OpenDoor, openDoor } from '../../../src/operations/create-operations.ts'
import { builtIn } from '../../../src/policy/policy.ts'
import { openPlace, type Place } from '../../journal/support/places.ts'
import { manualClock } from '../../support/clock.ts'

/** What a process that starts now has: an owner of its own in the journal, and a clock that begins now and is the test's. */
export interface Fresh {
  journal: Journal
  door: OpenDoor
  clock: ReturnType<typeof manualClock>
  close(): Promise<void>
}

/** How long the carrier has for a call of it, milliseconds. */
export const deadlineMs = 10_000

export async function freshProcess(endpoint: string, place: Place, quietMs: number): Promise<Fresh> {
  const clock = manualClock(Date.now())
  const account = { endpoint, login: 'sandbox', environment: 'sandbox' as const }
  const carrier = createSoapCarrier({
    account,
    secret: 'sandbox',
    timeoutMs: { call: deadlineMs, listing: deadlineMs },
    concurrency: 8,
  })
  const journal = await openPlace(place)
  const door = openDoor({
    account: journalAccount(account),
    carrier,
    journal: async () => journal,
    policy: () => builtIn,
    clock,
    quietMs,
    deadlineMs,
    log: { warn: (message, fields) => void process.stderr.write(`${message} ${JSON.stringify(fields)}\n`) },
  })
  return {
    journal,
    door,
    clock,
    async close() {
      await journal.close()
      await carrier.close()
    },
  }
}
