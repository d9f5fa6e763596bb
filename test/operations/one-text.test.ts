import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CarrierError } from '../../src/carrier/errors.ts'
import type { Settings } from '../../src/domain/facts.ts'
import type { WriteTool } from '../../src/domain/write-tool.ts'
import { settleDue } from '../../src/operations/orphans.ts'
import { writes } from '../../src/operations/writes.ts'
import { allAllowed } from '../support/policies.ts'
import { openRig, quietMs, type Rig } from '../support/rig.ts'
import { typing } from './support/person.ts'

/** What sets one text of a number: each write with what it is asked, what it makes of the number, and how it is undone. */
const owned = '4355550150'
let rig: Rig
beforeEach(async () => {
  rig = await openRig({ policy: allAllowed })
})
afterEach(() => rig.close())

const storable = () => [...rig.sandbox.inventory.owned()].find(({ listing }) => listing?.outboundCNAM)?.tn ?? ''
const truth = (tn: string) => {
  const { failover, forward, cnamName, epg } = rig.sandbox.inventory.truth(tn)
  return { failover, forward, cnamName, epg }
}
const reached = (tool: string) => rig.sandbox.calls.filter(({ operation }) => operation === tool).length

const cases = [
  { tool: 'UpdateDIDFailover', tn: () => owned, asked: { failover: '4155550100' }, became: { failover: '4155550100' } },
  { tool: 'SetDIDForward', tn: () => owned, asked: { forward: '2125550100' }, became: { forward: '2125550100' } },
  { tool: 'UpdateCNAMDisplay', tn: storable, asked: { cnamName: 'ACME DENTAL' }, became: { cnamName: 'ACME DENTAL' } },
  { tool: 'RemoveCNAM', tn: storable, asked: { cnamName: '' }, became: { cnamName: '' } },
  {
    tool: 'RemoveDIDForward',
    tn: () => owned,
    asked: { forward: '', epg: 8675 },
    became: { forward: '', epg: 8675 },
    first: (tn: string) => rig.sandbox.inventory.adjust(tn, { forward: '2125550100' }),
  },
] as const satisfies readonly {
  tool: WriteTool
  tn: () => string
  asked: object
  became: object
  first?: (tn: string) => void
}[]

describe.each(cases)('$tool', ({ tool, tn: of, asked, became, ...more }) => {
  const begin = () => {
    const tn = of()
    if ('first' in more) more.first(tn)
    return tn
  }

  test('is sent once, read back, and told with what it was before', async () => {
    const tn = begin()
    const before = truth(tn)
    const envelope = await rig.perform(tool, [{ tn, ...asked }])
    expect(envelope).toMatchObject({
      status: 'done',
      counts: { done: 1 },
      results: [{ tn, outcome: 'done', code: 100 }],
    })
    expect(truth(tn)).toEqual({ ...before, ...became })
    expect(reached(tool)).toBe(1)
    expect(envelope.results[0]).toMatchObject({ after: { status: 'yours', ...became } })
  })

  test('changes nothing where it is like that already', async () => {
    const tn = begin()
    await rig.perform(tool, [{ tn, ...asked }])
    const again = await rig.perform(tool, [{ tn, ...asked }])
    expect(again).toMatchObject({ status: 'failed', results: [{ outcome: 'failed' }] })
    expect(again.operationId).toBeUndefined()
    expect(reached(tool)).toBe(1)
  })

  test('is done where it took effect and its answer was lost', async () => {
    const tn = begin()
    rig.sandbox.inject({ name: 'reset after', operation: tool })
    expect(await rig.perform(tool, [{ tn, ...asked }])).toMatchObject({
      status: 'done',
      results: [{ outcome: 'done', inferred: true }],
    })
    expect(reached(tool)).toBe(1)
  })

  test('is uncertain while it may still land, and is told as what it came to', async () => {
    const tn = begin()
    rig.sandbox.inject({ name: 'reset late', operation: tool })
    const lost = await rig.perform(tool, [{ tn, ...asked }])
    expect(lost).toMatchObject({ status: 'uncertain', results: [{ outcome: 'uncertain' }] })
    rig.sandbox.landNow()
    rig.clock.advance(quietMs + 10_000)
    await settleDue(rig.door)
    const { rows } = (await rig.journal.readOperation(lost.operationId ?? '')) ?? { rows: [] }
    expect(rows).toMatchObject([{ tn, outcome: 'done', inferred: true }])
    expect(truth(tn)).toMatchObject(became)
    expect(reached(tool)).toBe(1)
  })

  test('failed where it never landed, once nothing can land any more and two looks agree', async () => {
    const tn = begin()
    rig.sandbox.inject({ name: 'reset before', operation: tool })
    const lost = await rig.perform(tool, [{ tn, ...asked }])
    expect(lost).toMatchObject({ status: 'uncertain' })
    rig.clock.advance(quietMs + 1000)
    await settleDue(rig.door)
    rig.clock.advance(10_000)
    await settleDue(rig.door)
    const { rows } = (await rig.journal.readOperation(lost.operationId ?? '')) ?? { rows: [] }
    expect(rows).toMatchObject([{ tn, outcome: 'failed' }])
  })

  test('is uncertain where the carrier says that it worked and the number shows otherwise', async () => {
    const tn = begin()
    const { [tool]: write } = rig.carrier as unknown as Record<string, () => Promise<object>>
    expect(write).toBeTypeOf('function')
    Object.assign(rig.carrier, {
      async [tool](params: { tn: string }[], call: { prepare(turn: object): Promise<unknown>; sending(): void }) {
        await call.prepare(rig.carrier)
        call.sending()
        return { code: 100, dids: params.map((param) => ({ tn: param.tn, statusCode: 100 })) }
      },
    })
    expect(await rig.perform(tool, [{ tn, ...asked }])).toMatchObject({ status: 'uncertain' })
    Object.assign(rig.carrier, { [tool]: write })
  })

  test('is nothing for a number that is not ours', async () => {
    const envelope = await rig.perform(tool, [{ tn: '4355550105', ...asked }])
    expect(envelope).toMatchObject({
      status: 'failed',
      results: [{ outcome: 'failed', meaning: expect.stringContaining('not yours') }],
    })
    expect(reached(tool)).toBe(0)
  })

  test('concludes nothing of what a query cannot show', () => {
    const before = { status: 'yours' } as const
    const row = { tn: owned, asked: asked as Settings, before }
    const seen = (facts: { status: 'yours' | 'unknown' | 'taken'; forward?: string }) =>
      writes[tool].conclude(row, { tn: owned, at: 0, code: 100, facts })
    expect(seen({ status: 'unknown' })).toBeUndefined()
    expect(seen({ status: 'taken' })).toMatchObject({ outcome: 'failed', when: 'quiet' })
  })
})

test('a person reads where calls go now and then, whole, before saying yes', async () => {
  await rig.close()
  rig = await openRig()
  rig.sandbox.inventory.adjust(owned, { failover: '8005550199' })
  let read = ''
  const person = typing('0150')
  const put: typeof person = (form, signal) => {
    read = form.lines.join('\n')
    return person(form, signal)
  }
  const envelope = await rig.perform(
    'UpdateDIDFailover',
    [{ tn: owned, failover: 'sip:desk@example.com' } as { tn: string }],
    { put },
  )
  expect(envelope).toMatchObject({ status: 'done', confirmedBy: 'person, in the client' })
  expect(read).toContain('Change where calls go when the endpoint is away, of 1 number in service.')
  expect(read).toContain(
    'failover "8005550199" (unverified) -> "sip:desk＠example.com" (as asked), written with ＠ for U+0040',
  )
})

test('where endpoint groups are limited, calls go only to what the policy names', async () => {
  rig.policy = { ...rig.policy, endpointGroups: [8674], forwardTo: ['4155550100'] }
  const to = (forward: string) => rig.perform('SetDIDForward', [{ tn: owned, forward } as { tn: string }])
  await expect(to('2125550100')).rejects.toMatchObject({ code: 'POLICY_DENIED' })
  expect(await to('4155550100')).toMatchObject({ status: 'done' })
  const back = (epg: number) => rig.perform('RemoveDIDForward', [{ tn: owned, forward: '', epg } as { tn: string }])
  await expect(back(8675)).rejects.toMatchObject({ code: 'POLICY_DENIED' })
  expect(await back(8674)).toMatchObject({ status: 'done' })
})

test('below the balance that the policy wants nothing is bought, and all else goes on', async () => {
  rig.policy = { ...rig.policy, minimumBalance: 499 }
  const buy = (tn: string) => rig.perform('assignDID', [{ tn, epg: 8674 }])
  expect(await buy('4355550105')).toMatchObject({ status: 'done' })
  await expect(buy('4355550110')).rejects.toMatchObject({
    code: 'LIMIT_EXCEEDED',
    message: 'The prepaid balance is 498.5, and the policy buys nothing below 499 (minimumBalance)',
  })
  const shown = await rig.perform('assignDID', [{ tn: '4355550110', epg: 8674 }], { dryRun: true })
  expect(shown.confirmation?.preview.join(' ')).toContain('The prepaid balance is 498.5')
  expect(rig.sent()).toEqual(['assignDID 4355550105'])
  expect(await rig.perform('reserveDID', [{ tn: '4355550110' }])).toMatchObject({ status: 'done' })

  rig.carrier.GetPrepaidBalance = () =>
    Promise.reject(new CarrierError('unavailable', 'no answer', { maybeSent: false }))
  await expect(buy('4355550111')).rejects.toMatchObject({ kind: 'unavailable' })
  expect(rig.sent()).toEqual(['assignDID 4355550105', 'reserveDID 4355550110'])
})
