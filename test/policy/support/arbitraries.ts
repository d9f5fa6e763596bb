import fc from 'fast-check'
import type { AskedCall } from '../../../src/policy/decide.ts'
import type { Policy, SystemPolicy } from '../../../src/policy/policy.ts'
import { tools } from './tools.ts'

/** Few digits and groups, so that policies and asks often meet. */
const tn = fc
  .tuple(fc.constantFrom('435', '800'), fc.integer({ min: 0, max: 12 }))
  .map(([npa, at]) => `${npa}${5550100 + at}`)
const target = fc.constantFrom('4155550100', '2125550100', 'sip:desk@example.com')
const epg = fc.constantFrom(8674, 8675, 13550)
const rule = fc.constantFrom('allow', 'confirm', 'deny')
const readRule = fc.constantFrom('allow', 'deny')
const limit = fc.option(fc.integer({ min: 0, max: 8 }))

/** Any policy that a file can state. */
export const policies: fc.Arbitrary<Policy> = fc.record({
  effects: fc.record({ hold: rule, change: rule, safety: rule, spend: rule, destroy: rule }),
  tools: fc
    .uniqueArray(
      fc
        .constantFrom(...tools)
        .chain(({ name, effect }) => fc.tuple(fc.constant(name), effect === 'read' ? readRule : rule)),
      { selector: ([name]) => name },
    )
    .map((rules) => Object.fromEntries(rules)),
  confirmation: fc.record({
    mode: fc.constantFrom('auto', 'human'),
    expiresInSeconds: fc.integer({ min: 1, max: 3600 }),
    waitSeconds: fc.integer({ min: 1, max: 600 }),
    trustElicitation: fc.boolean(),
    ticketMaxDids: fc.integer({ min: 0, max: 1000 }),
  }),
  limits: fc.record({
    didsPerCall: limit,
    assignedPerDay: limit,
    assignedPerHour: limit,
    releasedPerDay: limit,
    releasedPerHour: limit,
    safetyPerDay: limit,
    heldAtOnce: limit,
  }),
  protected: fc.uniqueArray(
    fc.oneof(
      tn,
      tn.chain((digits) => fc.integer({ min: 1, max: 9 }).map((length) => `${digits.slice(0, length)}*`)),
    ),
    { maxLength: 3 },
  ),
  endpointGroups: fc.option(fc.uniqueArray(epg)),
  forwardTo: fc.uniqueArray(target),
  tiers: fc.option(fc.uniqueArray(fc.constantFrom('0', '1', '2', '777'))),
  minimumBalance: fc.option(fc.integer({ min: 0, max: 100 })),
})

/** Any system policy that a file can state. */
export const systemPolicies: fc.Arbitrary<SystemPolicy> = fc
  .tuple(policies, fc.boolean())
  .map(([policy, silent]) =>
    silent ? { ...policy, confirmation: { ...policy.confirmation, trustElicitation: undefined } } : policy,
  )

const taken = fc.record({ change: fc.nat(6), safety: fc.nat(6), spend: fc.nat(6), destroy: fc.nat(6) })

/** Any call of any tool. */
export const asks: fc.Arbitrary<AskedCall> = fc.record({
  tool: fc.constantFrom(...tools),
  rows: fc.uniqueArray(
    fc.record({
      tn,
      epg: fc.option(epg, { nil: undefined }),
      failover: fc.option(target, { nil: undefined }),
      forward: fc.option(target, { nil: undefined }),
    }),
    { selector: (row) => row.tn },
  ),
  used: fc.record({ hour: taken, day: taken, held: fc.nat(6) }),
})
