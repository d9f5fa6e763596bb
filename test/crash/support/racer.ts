import { setTimeout as sleep } from 'node:timers/promises'
import { createSoapCarrier } from '../../../src/carrier/soap/soap-carrier.ts'
import { journalAccount } from '../../../src/domain/account.ts'
import { systemClock } from '../../../src/domain/clock.ts'
import type { Asked } from '../../../src/domain/facts.ts'
import type { DidWriteTool } from '../../../src/domain/write-tool.ts'
import { openDoor } from '../../../src/operations/create-operations.ts'
import { perform } from '../../../src/operations/perform.ts'
import { builtIn } from '../../../src/policy/policy.ts'
import { openPlace, type Place } from '../../journal/support/places.ts'
import { allAllowed, unlimited } from '../../support/policies.ts'

/** What one server of a race does: calls that overlap with each other, and with those of other servers. */
export interface Race {
  place: Place
  endpoint: string
  quietMs: number
  calls: { tool: DidWriteTool; rows: Asked[]; afterMs: number }[]
}

const { place, endpoint, quietMs, calls }: Race = JSON.parse(process.env.RACE ?? '{}')
const effects = { reserveDID: 'hold', assignDID: 'spend', configDID: 'change', releaseDID: 'destroy' } as const
const account = { endpoint, login: 'sandbox', environment: 'sandbox' as const }
const timeoutMs = { call: 10_000, listing: 10_000 }
const carrier = createSoapCarrier({ account, secret: 'sandbox', timeoutMs, concurrency: 8 })
const journal = await openPlace(place)
const door = openDoor({
  account: journalAccount(account),
  carrier,
  journal: async () => journal,
  policy: () => ({ ...builtIn, ...allAllowed, ...unlimited }),
  clock: { ...systemClock, after: () => () => undefined },
  quietMs,
  deadlineMs: timeoutMs.call,
  log: { warn: () => undefined },
})
await Promise.all(
  calls.map(async ({ tool, rows, afterMs }) => {
    await sleep(afterMs)
    // Most are refused: another call holds the number, or it is not what the tool wants.
    await perform(door, { tool: { name: tool, effect: effects[tool] }, rows }, { name: 'race' }).catch(() => undefined)
  }),
)
await journal.close()
await carrier.close()
process.exit(0)
