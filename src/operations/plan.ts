import { unsendable } from '../carrier/sendable.ts'
import type { Asked, Facts } from '../domain/facts.ts'
import { harmless } from '../domain/untrusted.ts'
import type { WriteTool } from '../domain/write-tool.ts'
import type { IntentRow } from '../journal/operation.ts'
import { type Policy, tierAllowed } from '../policy/policy.ts'
import type { WriteRequest } from './door.ts'
import type { RowOutcome } from './envelope.ts'
import { type Reading, sameFacts } from './readings.ts'
import { Refusal } from './refusal.ts'

/** What becomes of each number of a request, seen fresh, before anybody is asked. Pure. */
export interface Plan {
  /** To be sent: as asked, with what configDID was not told filled in from the present. */
  rows: IntentRow[]
  /** Settled here and not sent, each with the reason. */
  refused: RowOutcome[]
  readings: ReadonlyMap<string, Reading>
}

/**
 * Step 1: the rows as asked, sorted by number.
 * @throws Refusal INVALID_INPUT where a number stands twice.
 */
export function resolve(rows: readonly Asked[]): Asked[] {
  const sorted = [...rows].sort((a, b) => (a.tn < b.tn ? -1 : 1))
  const twice = sorted.filter(({ tn }, index) => sorted[index - 1]?.tn === tn).map(({ tn }) => tn)
  if (twice.length > 0) {
    throw new Refusal('INVALID_INPUT', `${[...new Set(twice)].slice(0, 10).join(', ')} is asked for more than once`, {
      next: 'Name each number once.',
      details: { tns: [...new Set(twice)].slice(0, 100) },
    })
  }
  return sorted
}

/** Step 3: who can be sent and who cannot. */
export function plan(
  policy: Policy,
  tool: WriteRequest['tool'],
  asked: readonly Asked[],
  readings: readonly Reading[],
): Plan {
  const byNumber = new Map(readings.map((reading) => [reading.tn, reading]))
  const rows: IntentRow[] = []
  const refused: RowOutcome[] = []
  for (const row of asked) {
    const reading = byNumber.get(row.tn)
    if (reading === undefined) {
      refused.push({ tn: row.tn, outcome: 'failed', meaning: 'it could not be read' })
      continue
    }
    const before = reading.facts
    const resolved = tool.name === 'configDID' ? keepUntold(row, before) : row
    const reason = reading.refused ?? obstacles[tool.name](resolved, reading) ?? tierObstacle(policy, tool, before)
    if (reason === undefined) {
      const { tn, ...settings } = resolved
      rows.push({ tn, asked: settings, before })
    } else {
      const code = reading.refused === undefined ? {} : { code: reading.code }
      refused.push({ tn: row.tn, outcome: 'failed', ...code, meaning: reason, before })
    }
  }
  return { rows, refused, readings: byNumber }
}

/** configDID means something else by leaving a setting out, so what it was not told is sent as it is. */
function keepUntold(row: Asked, before: Facts): Asked {
  return {
    tn: row.tn,
    epg: row.epg ?? before.epg,
    cnam: row.cnam ?? before.cnam,
    refId: row.refId ?? before.refId ?? '',
  }
}

type Obstacle = (row: Asked, reading: Reading) => string | undefined

const notOurs: { readonly [status in Facts['status']]?: string } = {
  available: 'it is not yours: it is in the carrier’s inventory',
  taken: 'it is not yours: another company has it',
  unknown: 'the carrier does not know it, or does not say what it is',
}

const obstacles: { readonly [tool in WriteTool]: Obstacle } = {
  reserveDID: (_row, { facts, did }) =>
    ({
      available: undefined,
      reserved: `you hold it already${did?.expireDate ? `, until ${did.expireDate} by the carrier's clock` : ''}`,
      yours: 'it is already assigned to you',
      taken: 'another company has it',
      unknown: notOurs.unknown,
    })[facts.status],
  assignDID: (_row, { facts }) =>
    ({
      available: undefined,
      reserved: undefined,
      yours: `it is already assigned to you${facts.epg === undefined ? '' : `, on endpoint group ${facts.epg}`}: use configDID to change it`,
      taken: 'another company has it',
      unknown: notOurs.unknown,
    })[facts.status],
  configDID: (row, { facts }) => {
    if (facts.status === 'reserved') return 'you only hold it: assign it first'
    if (facts.status !== 'yours') return notOurs[facts.status]
    if (row.epg === undefined) return 'its present endpoint group cannot be read: state epg'
    if (row.cnam === undefined) return 'its present CNAM setting cannot be read: state cnam'
    // A request is refused whole for one such reference, and the others must not wait for it.
    const unfit = unsendable(row.refId ?? '')
    if (unfit !== undefined) return `its present reference cannot be sent back (it ${unfit}): state refId`
    return sameFacts({ ...facts, epg: row.epg, cnam: row.cnam, refId: row.refId }, facts)
      ? 'it is configured like that already: nothing would change'
      : undefined
  },
  releaseDID: (_row, { facts }) => notOurs[facts.status],
}

function tierObstacle(policy: Policy, tool: WriteRequest['tool'], { tier }: Facts): string | undefined {
  if (tierAllowed(policy, tool.effect, tier)) return undefined
  const allowed = policy.tiers?.join(', ')
  return tier === undefined
    ? `its tier, which is its price, is not known yet, and the policy allows tiers ${allowed} alone: reserving it with reserveDID shows the tier`
    : `its tier is ${harmless(tier, 10)}, and the policy allows tiers ${allowed} alone`
}
