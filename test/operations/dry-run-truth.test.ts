import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Asked } from '../../src/domain/facts.ts'
import type { WriteTool } from '../../src/domain/write-tool.ts'
import type { Envelope } from '../../src/operations/envelope.ts'
import { Refusal } from '../../src/operations/refusal.ts'
import { builtIn, type Policy } from '../../src/policy/policy.ts'
import { openRig, type Rig } from '../support/rig.ts'
import { sixty } from './support/numbers.ts'

// What a dry run says comes true: each is followed by the same call without it, whatever was bought, moved and given back
// before, and whatever the policy says.

const numbers = [
  '3035550150',
  '3035550151',
  '8005550150',
  '2125550150',
  ...sixty()
    .slice(0, 12)
    .map(({ tn }) => tn),
]
const rule = fc.constantFrom('allow' as const, 'confirm' as const)
const confirmations = fc.record({
  mode: fc.constantFrom('auto' as const, 'human' as const),
  trustElicitation: fc.constantFrom(true, true, false, 'disputed' as const),
  ticketMaxDids: fc.constantFrom(1, 10),
})
const policies: fc.Arbitrary<Policy> = fc
  .record({
    effects: fc.record({ hold: rule, change: rule, spend: rule, destroy: rule }),
    confirmation: confirmations,
    limits: fc.record({
      didsPerCall: fc.constantFrom(2, 100, 100, null),
      releasedPerDay: fc.constantFrom(1, 100, 100),
    }),
    protected: fc.constantFrom([], [], ['800*']),
    endpointGroups: fc.constantFrom(null, null, [8674]),
    tiers: fc.constantFrom(null, null, ['0', '1']),
  })
  .map(({ effects, confirmation, limits, ...rest }) => ({
    ...builtIn,
    ...rest,
    effects: { ...builtIn.effects, ...effects },
    confirmation: { ...builtIn.confirmation, ...confirmation },
    limits: { ...builtIn.limits, ...limits },
  }))
const calls = fc.record({
  tool: fc.constantFrom<WriteTool>('reserveDID', 'assignDID', 'configDID', 'releaseDID'),
  tns: fc.uniqueArray(fc.constantFrom(...numbers), { minLength: 1, maxLength: 4 }),
  epg: fc.constantFrom(8674, 8675),
  canAsk: fc.boolean(),
  policy: policies,
})

type Call = typeof calls extends fc.Arbitrary<infer One> ? One : never

/** What became of a call, in the words of a dry run. */
type Came = 'refused' | 'nothing to send' | 'went' | 'form' | 'ticket' | 'approval'

function foretold({ summary, counts, confirmation }: Envelope): Came | undefined {
  if (confirmation?.preview.some((line) => line.startsWith('Would be refused: '))) return 'refused'
  if (counts.notAttempted === 0) return 'nothing to send'
  if (confirmation?.wouldAsk !== 'nothing') return confirmation?.wouldAsk
  return summary.includes('go ahead') ? 'went' : undefined
}

async function made(call: (put: () => void) => Promise<Envelope>): Promise<{ came: Came; preview?: string[] }> {
  let form = false
  try {
    const { status, operationId, confirmation } = await call(() => {
      form = true
    })
    if (form) return { came: 'form' }
    if (status === 'confirmation_required') return { came: 'ticket', preview: confirmation?.preview ?? [] }
    if (status === 'waiting') return { came: 'approval' }
    return { came: operationId === undefined ? 'nothing to send' : 'went' }
  } catch (error) {
    if (error instanceof Refusal) return { came: 'refused' }
    throw error
  }
}

async function follows(rig: Rig, { tool, tns, epg, canAsk, policy }: Call): Promise<Came> {
  rig.policy = policy
  const rows: Asked[] = tns.map((tn) => (tool === 'releaseDID' ? { tn } : { tn, epg }))
  const write = (dryRun: boolean, put: () => void) =>
    rig.perform(tool, rows, {
      dryRun,
      ...(canAsk && {
        put: async () => {
          put()
          return { ended: 'cancelled' as const }
        },
      }),
    })
  const sent = rig.sent().length
  const said = await write(true, () => {
    throw new Error('a dry run asked somebody')
  })
  expect(said.status).toBe('preview')
  expect(rig.sent()).toHaveLength(sent)
  const { came, preview } = await made((put) => write(false, put))
  expect({ tool, came: foretold(said) }).toEqual({ tool, came })
  if (preview) expect(said.confirmation?.preview).toEqual(preview)
  return came
}

test('what a dry run says of a call comes true', { timeout: 60_000 }, async () => {
  await using rig = Object.assign(await openRig(), {
    async [Symbol.asyncDispose]() {
      await rig.close()
    },
  })
  const seen = new Set<Came>()
  await fc.assert(
    fc.asyncProperty(calls, async (call) => {
      seen.add(await follows(rig, call))
    }),
    { numRuns: 300, endOnFailure: true },
  )
  expect([...seen].sort()).toEqual(['approval', 'form', 'nothing to send', 'refused', 'ticket', 'went'])
})
