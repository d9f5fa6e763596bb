import fc from 'fast-check'
import { expect, test } from 'vitest'
import { yesKinds } from '../../src/domain/yes-kind.ts'
import { type AskedCall, decide } from '../../src/policy/decide.ts'
import { parsePolicy, parseSystemPolicy } from '../../src/policy/file.ts'
import { builtIn, type Policy, type SystemPolicy, silent, tierAllowed } from '../../src/policy/policy.ts'
import { ruleFor } from '../../src/policy/ruling.ts'
import { tighten } from '../../src/policy/tighten.ts'
import { type Wanting, yesWanted } from '../../src/policy/yes.ts'
import { asks, policies, systemPolicies } from './support/arbitraries.ts'
import { tools } from './support/tools.ts'

test('a system policy closes what a file opened, and opens nothing', () => {
  const file: Policy = {
    effects: { hold: 'allow', change: 'allow', safety: 'allow', spend: 'confirm', destroy: 'deny' },
    tools: { releaseDID: 'allow', assignDID: 'allow' },
    confirmation: { mode: 'auto', expiresInSeconds: 3600, waitSeconds: 20, trustElicitation: true, ticketMaxDids: 50 },
    limits: { ...silent.limits, didsPerCall: 500, releasedPerDay: 5, assignedPerHour: 3 },
    protected: ['8005550100'],
    endpointGroups: [8674, 8675],
    forwardTo: ['4155550100', '2125550100'],
    tiers: null,
    minimumBalance: 5,
  }
  const system: Policy = {
    effects: { hold: 'allow', change: 'confirm', safety: 'confirm', spend: 'confirm', destroy: 'confirm' },
    tools: { auditDIDs: 'deny' },
    confirmation: { mode: 'human', expiresInSeconds: 300, waitSeconds: 50, trustElicitation: true, ticketMaxDids: 10 },
    limits: { ...silent.limits, didsPerCall: 100, assignedPerDay: 10, releasedPerDay: 100, assignedPerHour: 4 },
    protected: ['435*'],
    endpointGroups: [8675, 13550],
    forwardTo: ['2125550100'],
    tiers: ['0'],
    minimumBalance: 50,
  }
  expect(tighten(file, system, tools)).toEqual({
    effects: { hold: 'allow', change: 'confirm', safety: 'confirm', spend: 'confirm', destroy: 'deny' },
    // releaseDID: allowed by the file's own rule, but the system policy's effect wants a yes.
    tools: { releaseDID: 'confirm', assignDID: 'confirm', auditDIDs: 'deny' },
    confirmation: { mode: 'human', expiresInSeconds: 300, waitSeconds: 20, trustElicitation: true, ticketMaxDids: 10 },
    limits: { ...silent.limits, didsPerCall: 100, assignedPerDay: 10, releasedPerDay: 5, assignedPerHour: 3 },
    protected: ['435*', '8005550100'],
    endpointGroups: [8675],
    forwardTo: ['2125550100'],
    tiers: ['0'],
    minimumBalance: 50,
  })
})

/** Who may say yes to `numbers` of a purchase. */
const wanting = (numbers: number, canAsk: boolean): Wanting => ({ effect: 'spend', numbers, canAsk })

test.each([
  // Own, system: merged; where the client can ask, and where it cannot.
  ['auto', true, 'auto', true, 'form', 'ticket'],
  ['auto', false, 'auto', false, 'ticket', 'ticket'],
  ['auto', false, 'auto', true, 'approval', 'ticket'],
  ['auto', true, 'auto', false, 'approval', 'ticket'],
  ['auto', false, 'human', true, 'approval', 'approval'],
  ['auto', false, 'human', false, 'approval', 'approval'],
  ['human', true, 'human', false, 'approval', 'approval'],
  ['human', true, 'auto', true, 'form', 'approval'],
  // A system policy that says nothing of trust leaves it to who knows the client.
  ['auto', true, 'auto', undefined, 'form', 'ticket'],
  ['auto', false, 'auto', undefined, 'ticket', 'ticket'],
  ['auto', true, 'human', undefined, 'form', 'approval'],
  ['auto', false, 'human', undefined, 'approval', 'approval'],
  ['human', false, 'auto', undefined, 'approval', 'approval'],
] as const)(
  '%s, trust %s under %s, trust %s: %s, without forms %s',
  (mode, trust, systemMode, systemTrust, asked, not) => {
    const own: Policy = { ...builtIn, confirmation: { ...builtIn.confirmation, mode, trustElicitation: trust } }
    const stated = systemTrust === undefined ? {} : { trustElicitation: systemTrust }
    const merged = tighten(own, systemPolicy({ confirmation: { mode: systemMode, ...stated } }), tools)
    expect(yesWanted(merged, wanting(1, true))).toBe(asked)
    expect(yesWanted(merged, wanting(1, false))).toBe(not)
  },
)

test('a distrust of one’s own buys nothing under a system policy that trusts', () => {
  // Twenty releases waited under each alone, and one ticket sent them under both.
  const own: Policy = { ...builtIn, confirmation: { ...builtIn.confirmation, trustElicitation: false } }
  const merged = tighten(own, systemPolicy({ confirmation: { trustElicitation: true, ticketMaxDids: 1000 } }), tools)
  expect(yesWanted(merged, { effect: 'destroy', numbers: 20, canAsk: true })).toBe('approval')
})

test('a key that a system policy leaves out says nothing', () => {
  expect(systemPolicy({})).toEqual(silent)
  expect(systemPolicy({ effects: { destroy: 'deny' }, limits: { heldAtOnce: 3 } })).toEqual({
    ...silent,
    effects: { ...silent.effects, destroy: 'deny' },
    limits: { ...silent.limits, heldAtOnce: 3 },
  })
  fc.assert(
    fc.property(policies, (own) => {
      expect(tighten(own, silent, tools)).toEqual({ ...own, protected: [...own.protected].sort() })
    }),
  )
})

const strictness = { allow: 0, confirm: 1, deny: 2 }

test('whatever is asked, the merged policy is at least as strict as each of the two', () => {
  fc.assert(
    fc.property(
      policies,
      policies,
      asks,
      fc.option(fc.constantFrom('0', '1', '2', '777'), { nil: undefined }),
      (a, b, asked, tier) => {
        const merged = tighten(a, b, tools)
        const verdict = (policy: Policy) => strictness[decide(policy, asked).verdict]
        expect(verdict(merged)).toBeGreaterThanOrEqual(Math.max(verdict(a), verdict(b)))
        const { effect } = asked.tool
        expect(tierAllowed(merged, effect, tier)).toBe(tierAllowed(a, effect, tier) && tierAllowed(b, effect, tier))
      },
    ),
    { numRuns: 1000 },
  )
})

test('whatever is asked, the merged policy wants no weaker kind of yes', () => {
  const kind = (policy: Policy, { tool, rows }: AskedCall, canAsk: boolean) =>
    yesKinds.indexOf(yesWanted(policy, { effect: tool.effect, numbers: rows.length, canAsk }))
  fc.assert(
    fc.property(policies, systemPolicies, asks, fc.boolean(), (own, system, asked, canAsk) => {
      const merged = tighten(own, system, tools)
      const { trustElicitation: trust = own.confirmation.trustElicitation } = system.confirmation
      // What a system policy does not say of the client is as each person's own has it.
      const spoken: Policy = { ...system, confirmation: { ...system.confirmation, trustElicitation: trust } }
      const strictest = Math.max(kind(own, asked, canAsk), kind(spoken, asked, canAsk))
      expect(kind(merged, asked, canAsk)).toBeGreaterThanOrEqual(strictest)
      if (canAsk && trust !== own.confirmation.trustElicitation) {
        expect(yesKinds[kind(merged, asked, canAsk)]).toBe('approval')
      }
    }),
    { numRuns: 1000 },
  )
})

test('no rule of any tool and no part of the confirmation is looser', () => {
  const modes = ['auto', 'human']
  fc.assert(
    fc.property(policies, systemPolicies, (a, b) => {
      const merged = tighten(a, b, tools)
      for (const tool of tools) {
        const expected = Math.max(strictness[ruleFor(a, tool)], strictness[ruleFor(b, tool)])
        expect(strictness[ruleFor(merged, tool)]).toBe(expected)
      }
      const mode = Math.max(modes.indexOf(a.confirmation.mode), modes.indexOf(b.confirmation.mode))
      expect(merged.confirmation.mode).toBe(modes[mode])
      for (const key of ['expiresInSeconds', 'waitSeconds', 'ticketMaxDids'] as const) {
        expect(merged.confirmation[key]).toBe(Math.min(a.confirmation[key], b.confirmation[key]))
      }
    }),
  )
})

test('merging twice changes nothing more', () => {
  fc.assert(
    fc.property(policies, systemPolicies, (a, b) => {
      const once = tighten(a, b, tools)
      expect(tighten(once, b, tools)).toEqual(once)
      expect(tighten(once, a, tools)).toEqual(once)
      expect(tighten(once, once, tools)).toEqual(once)
    }),
  )
})

test('a file says the same in whatever order its keys stand', () => {
  const reversed = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .map(([key, inner]) => [key, reversed(inner)])
            .reverse(),
        )
      : value
  fc.assert(
    fc.property(policies, (policy) => {
      const file = { ...policy, limits: { ...policy.limits, didsPerCall: policy.limits.didsPerCall || null } }
      expect(parsePolicy(reversed(file), tools)).toEqual({ policy: file })
    }),
  )
})

function systemPolicy(json: object): SystemPolicy {
  const parsed = parseSystemPolicy(json, tools)
  if ('problems' in parsed) throw new Error(parsed.problems.join('\n'))
  return parsed.policy
}
