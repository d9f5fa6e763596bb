import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decide } from '../../src/policy/decide.ts'
import { parsePolicy, parseSystemPolicy } from '../../src/policy/file.ts'
import { builtIn, type Policy, ruleFor, type SystemPolicy, tierAllowed } from '../../src/policy/policy.ts'
import { tighten } from '../../src/policy/tighten.ts'
import { asks, policies, systemPolicies } from './support/arbitraries.ts'
import { tools } from './support/tools.ts'

test('a system policy closes what a file opened, and opens nothing', () => {
  const file: Policy = {
    effects: { hold: 'allow', change: 'allow', spend: 'confirm', destroy: 'deny' },
    tools: { releaseDID: 'allow', assignDID: 'allow' },
    confirmation: { mode: 'auto', expiresInSeconds: 3600, waitSeconds: 20, trustElicitation: true, ticketMaxDids: 50 },
    limits: { didsPerCall: 500, assignedPerDay: null, releasedPerDay: 5, heldAtOnce: null },
    protected: ['8005550100'],
    endpointGroups: [8674, 8675],
    tiers: null,
  }
  const system: Policy = {
    effects: { hold: 'allow', change: 'confirm', spend: 'confirm', destroy: 'confirm' },
    tools: { auditDIDs: 'deny' },
    confirmation: { mode: 'human', expiresInSeconds: 300, waitSeconds: 50, trustElicitation: true, ticketMaxDids: 10 },
    limits: { didsPerCall: 100, assignedPerDay: 10, releasedPerDay: 100, heldAtOnce: null },
    protected: ['435*'],
    endpointGroups: [8675, 13550],
    tiers: ['0'],
  }
  expect(tighten(file, system, tools)).toEqual({
    effects: { hold: 'allow', change: 'confirm', spend: 'confirm', destroy: 'deny' },
    // releaseDID: allowed by the file's own rule, but the system policy's effect wants a yes.
    tools: { releaseDID: 'confirm', assignDID: 'confirm', auditDIDs: 'deny' },
    confirmation: { mode: 'human', expiresInSeconds: 300, waitSeconds: 20, trustElicitation: true, ticketMaxDids: 10 },
    limits: { didsPerCall: 100, assignedPerDay: 10, releasedPerDay: 5, heldAtOnce: null },
    protected: ['435*', '8005550100'],
    endpointGroups: [8675],
    tiers: ['0'],
  })
})

test.each([
  // Without trust a ticket takes the form's place, and a ticket asks nobody.
  ['auto', false, 'auto', true, 'auto', true],
  ['auto', false, 'auto', false, 'auto', false],
  // Without trust an approval takes the form's place, and no agent can answer that.
  ['human', true, 'human', false, 'human', false],
  ['auto', false, 'human', true, 'human', false],
  ['auto', true, 'human', true, 'human', true],
] as const)(
  '%s, trust %s and %s, trust %s: %s, trust %s',
  (mode, trust, otherMode, otherTrust, result, resultTrust) => {
    const confirming = (mode: 'auto' | 'human', trustElicitation: boolean): Policy => ({
      ...builtIn,
      confirmation: { ...builtIn.confirmation, mode, trustElicitation },
    })
    const expected = confirming(result, resultTrust)
    expect(tighten(confirming(mode, trust), confirming(otherMode, otherTrust), tools)).toEqual(expected)
    expect(tighten(confirming(otherMode, otherTrust), confirming(mode, trust), tools)).toEqual(expected)
  },
)

test.each([
  ['auto', false, 'auto', 'auto', false],
  ['auto', true, 'auto', 'auto', true],
  ['auto', false, 'human', 'human', false],
  ['auto', true, 'human', 'human', true],
  ['human', false, 'auto', 'human', false],
  ['human', true, 'auto', 'human', true],
] as const)(
  '%s, trust %s under a system policy of %s that says nothing of trust: %s, trust %s',
  (mode, trustElicitation, systemMode, resultMode, resultTrust) => {
    const own: Policy = { ...builtIn, confirmation: { ...builtIn.confirmation, mode, trustElicitation } }
    const system = systemPolicy({ confirmation: { mode: systemMode } })
    expect(tighten(own, system, tools).confirmation).toEqual({
      ...builtIn.confirmation,
      mode: resultMode,
      trustElicitation: resultTrust,
    })
  },
)

test('an empty system policy says as much as the built-in one, but nothing of trust', () => {
  const { trustElicitation: _, ...confirmation } = builtIn.confirmation
  expect(systemPolicy({})).toEqual({ ...builtIn, confirmation })
  expect(systemPolicy({ confirmation: { trustElicitation: true } })).toEqual(builtIn)
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

test('no rule of any tool and no part of the confirmation is looser', () => {
  // From a ticket that asks nobody, over a form in the client, to an approval outside of it.
  const walls = ['auto false', 'auto true', 'human true', 'human false']
  // What a system policy does not say is no wall.
  const wall = ({ confirmation }: SystemPolicy) =>
    walls.indexOf(`${confirmation.mode} ${confirmation.trustElicitation}`)
  const modes = ['auto', 'human']
  fc.assert(
    fc.property(policies, systemPolicies, (a, b) => {
      const merged = tighten(a, b, tools)
      for (const tool of tools) {
        const expected = Math.max(strictness[ruleFor(a, tool)], strictness[ruleFor(b, tool)])
        expect(strictness[ruleFor(merged, tool)]).toBe(expected)
      }
      expect(wall(merged)).toBeGreaterThanOrEqual(Math.max(wall(a), wall(b)))
      expect(modes.indexOf(merged.confirmation.mode)).toBeGreaterThanOrEqual(modes.indexOf(b.confirmation.mode))
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
