import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Used } from '../../src/domain/budget.ts'
import { effects } from '../../src/domain/effect.ts'
import { decide } from '../../src/policy/decide.ts'
import { builtIn, type Policy, silent, tierAllowed } from '../../src/policy/policy.ts'
import { ruleFor } from '../../src/policy/ruling.ts'
import { allAllowed } from '../support/policies.ts'
import { usedOf } from '../support/used.ts'
import { asks, policies } from './support/arbitraries.ts'
import { tools } from './support/tools.ts'

const unused = usedOf({})
const tool = (name: string) => tools.find((one) => one.name === name) ?? expect.fail(name)
const ask = (name: string, tns: string[], more: { epg?: number; used?: Used } = {}) => ({
  tool: tool(name),
  rows: tns.map((tn) => ({ tn, epg: more.epg })),
  used: more.used ?? unused,
})
const line = (count: number) => Array.from({ length: count }, (_, at) => String(4355550100 + at))

test('built in: reads and holds go ahead, the rest needs a yes', () => {
  const verdicts = tools.map((one) => [one.name, decide(builtIn, ask(one.name, ['4355550100'])).verdict])
  expect(Object.fromEntries(verdicts)).toEqual({
    auditDIDs: 'allow',
    queryDID: 'allow',
    getDIDs: 'allow',
    getDIDCount: 'allow',
    isPortable: 'allow',
    getPortDetails: 'allow',
    reserveDID: 'allow',
    assignDID: 'confirm',
    configDID: 'confirm',
    releaseDID: 'confirm',
    listOperations: 'allow',
  })
})

test('the built-in rules are those of the effects table', () => {
  const { read: _, ...writes } = effects
  expect(builtIn.effects).toEqual(Object.fromEntries(Object.entries(writes).map(([name, { rule }]) => [name, rule])))
})

test('the rule of a tool beats that of its effect, either way', () => {
  const policy: Policy = {
    ...builtIn,
    effects: { ...builtIn.effects, destroy: 'deny' },
    tools: { releaseDID: 'allow', assignDID: 'deny', queryDID: 'deny' },
  }
  expect(decide(policy, ask('releaseDID', ['4355550100']))).toEqual({ verdict: 'allow' })
  expect(decide(policy, ask('assignDID', ['4355550100']))).toEqual({
    verdict: 'deny',
    code: 'POLICY_DENIED',
    reason: 'The policy denies assignDID (tools.assignDID is "deny"). Only whoever keeps the policy file can allow it.',
  })
  expect(ruleFor(policy, tool('queryDID'))).toBe('deny')
  expect(decide(policy, ask('queryDID', []))).toEqual({
    verdict: 'deny',
    code: 'POLICY_DENIED',
    reason: 'The policy denies queryDID (tools.queryDID is "deny"). Only whoever keeps the policy file can allow it.',
  })
})

test('a denied effect names its rule, and a tool called like an inherited property has none', () => {
  const policy: Policy = { ...builtIn, effects: { ...builtIn.effects, destroy: 'deny' } }
  expect(decide(policy, { tool: { name: 'constructor', effect: 'destroy' }, rows: [], used: unused })).toEqual({
    verdict: 'deny',
    code: 'POLICY_DENIED',
    reason:
      'The policy denies constructor (effects.destroy is "deny"). Only whoever keeps the policy file can allow it.',
  })
})

describe('protected numbers', () => {
  const policy: Policy = {
    ...builtIn,
    effects: { ...builtIn.effects, destroy: 'allow' },
    protected: ['4355550100', '800*'],
  }

  test('are never released or reconfigured', () => {
    expect(decide(policy, ask('releaseDID', ['4355550100', '4355550101', '8005550100']))).toEqual({
      verdict: 'deny',
      code: 'POLICY_DENIED',
      reason:
        'The policy protects 4355550100, 8005550100 (protected: 4355550100, 800*). ' +
        'Protected numbers are never reconfigured or released, whoever confirms. Call again without them.',
      tns: ['4355550100', '8005550100'],
    })
    expect(decide(policy, ask('configDID', ['8005550100'], { epg: 8674 }))).toEqual({
      verdict: 'deny',
      code: 'POLICY_DENIED',
      reason:
        'The policy protects 8005550100 (protected: 800*). ' +
        'Protected numbers are never reconfigured or released, whoever confirms. ' +
        'Only whoever keeps the policy file can lift this.',
      tns: ['8005550100'],
    })
  })

  test('may be reserved and assigned', () => {
    expect(decide(policy, ask('reserveDID', ['8005550100']))).toEqual({ verdict: 'allow' })
    expect(decide(policy, ask('assignDID', ['8005550100'], { epg: 1 }))).toEqual({ verdict: 'confirm' })
  })

  test('at most ten are named, all are told', () => {
    const decision = decide({ ...policy, protected: ['435*'] }, ask('releaseDID', line(12)))
    expect(decision).toEqual({
      verdict: 'deny',
      code: 'POLICY_DENIED',
      reason:
        `The policy protects ${line(10).join(', ')} and 2 more (protected: 435*). ` +
        'Protected numbers are never reconfigured or released, whoever confirms. ' +
        'Only whoever keeps the policy file can lift this.',
      tns: line(12),
    })
  })
})

describe('endpoint groups', () => {
  const policy: Policy = { ...builtIn, endpointGroups: [8674, 8675] }

  test.each(['reserveDID', 'assignDID', 'configDID'])('%s routes only to those allowed', (name) => {
    expect(decide(policy, ask(name, ['4355550100'], { epg: 13550 }))).toEqual({
      verdict: 'deny',
      code: 'POLICY_DENIED',
      reason:
        'The policy does not allow endpoint group 13550 (endpointGroups), asked for 4355550100. Use one of 8674, 8675.',
      tns: ['4355550100'],
    })
    expect(decide(policy, ask(name, ['4355550100'], { epg: 8675 })).verdict).not.toBe('deny')
    expect(decide(policy, ask(name, ['4355550100'])).verdict).not.toBe('deny')
  })

  test('none at all', () => {
    expect(decide({ ...builtIn, endpointGroups: [] }, ask('assignDID', ['4355550100'], { epg: 1 }))).toEqual({
      verdict: 'deny',
      code: 'POLICY_DENIED',
      reason: 'The policy does not allow endpoint group 1 (endpointGroups), asked for 4355550100. It allows none.',
      tns: ['4355550100'],
    })
  })
})

describe('limits', () => {
  test('numbers per call', () => {
    expect(decide(builtIn, ask('configDID', line(100)))).toEqual({ verdict: 'confirm' })
    expect(decide(builtIn, ask('configDID', line(101)))).toEqual({
      verdict: 'deny',
      code: 'LIMIT_EXCEEDED',
      reason:
        'The call names 101 numbers; the policy allows 100 in one call (limits.didsPerCall). Make several calls of at most 100.',
    })
  })

  test.each([
    [
      'assignDID',
      usedOf({ assigned: 99 }),
      'The policy allows 100 numbers assigned in the last 24 hours (limits.assignedPerDay); 99 used, 2 asked, 1 left. ' +
        'Ask for at most 1 now. Numbers assigned earlier stop counting 24 hours after they were.',
    ],
    [
      'releaseDID',
      usedOf({ released: 100 }),
      'The policy allows 100 numbers released in the last 24 hours (limits.releasedPerDay); 100 used, 2 asked, 0 left. ' +
        'Numbers released earlier stop counting 24 hours after they were.',
    ],
    [
      'reserveDID',
      usedOf({ held: 120 }),
      'The policy allows 100 numbers held now (limits.heldAtOnce); 120 used, 2 asked, 0 left. ' +
        'A hold ends when the number is assigned or released, at the latest after 30 minutes.',
    ],
  ])('%s draws on its budget', (name, used, reason) => {
    expect(decide(builtIn, ask(name, line(2), { used }))).toEqual({ verdict: 'deny', code: 'LIMIT_EXCEEDED', reason })
  })

  test.each([
    [
      'assignDID',
      usedOf({ assigned: 20 }, { assigned: 4 }),
      'The policy allows 5 numbers assigned in the last hour (limits.assignedPerHour); 4 used, 2 asked, 1 left. ' +
        'Ask for at most 1 now. Numbers assigned earlier stop counting 60 minutes after they were.',
    ],
    [
      'releaseDID',
      usedOf({ released: 20 }, { released: 5 }),
      'The policy allows 5 numbers released in the last hour (limits.releasedPerHour); 5 used, 2 asked, 0 left. ' +
        'Numbers released earlier stop counting 60 minutes after they were.',
    ],
  ])('%s in a burst is bounded where a file says so', (name, used, reason) => {
    const limits = { ...builtIn.limits, assignedPerHour: 5, releasedPerHour: 5 }
    const refused = { verdict: 'deny', code: 'LIMIT_EXCEEDED', reason }
    expect(decide({ ...builtIn, limits }, ask(name, line(2), { used }))).toEqual(refused)
    expect(decide(builtIn, ask(name, line(2), { used }))).toEqual({ verdict: 'confirm' })
  })

  test('a budget may be used up to its last number, and null lifts it', () => {
    expect(decide(builtIn, ask('assignDID', line(1), { used: usedOf({ assigned: 99 }) }))).toEqual({
      verdict: 'confirm',
    })
    const policy = { ...builtIn, limits: silent.limits }
    expect(decide(policy, ask('assignDID', line(1000), { used: usedOf({ assigned: 1e6 }) }))).toEqual({
      verdict: 'confirm',
    })
  })
})

test('tiers limit what is bought, and an unknown tier is refused', () => {
  const policy: Policy = { ...builtIn, tiers: ['0', '1'] }
  expect(tierAllowed(policy, 'spend', '1')).toBe(true)
  expect(tierAllowed(policy, 'spend', '777')).toBe(false)
  expect(tierAllowed(policy, 'spend', undefined)).toBe(false)
  expect(tierAllowed(policy, 'change', '777')).toBe(true)
  expect(tierAllowed(builtIn, 'spend', undefined)).toBe(true)
})

test('nothing denied, protected, misrouted or over a limit is ever allowed, whatever is asked', () => {
  fc.assert(
    fc.property(policies, asks, (policy, asked) => {
      if (decide(policy, asked).verdict === 'deny') return
      const { effect } = asked.tool
      expect(ruleFor(policy, asked.tool)).not.toBe('deny')
      if (effect === 'read') return
      const { limits } = policy
      const under = (used: number, limit: number | null) =>
        expect(used + asked.rows.length).toBeLessThanOrEqual(limit ?? Number.POSITIVE_INFINITY)
      under(0, limits.didsPerCall)
      if (effect === 'spend') under(asked.used.day.spend, limits.assignedPerDay)
      if (effect === 'spend') under(asked.used.hour.spend, limits.assignedPerHour)
      if (effect === 'destroy') under(asked.used.day.destroy, limits.releasedPerDay)
      if (effect === 'destroy') under(asked.used.hour.destroy, limits.releasedPerHour)
      if (effect === 'hold') under(asked.used.held, limits.heldAtOnce)
      for (const { tn, epg } of asked.rows) {
        const covered = policy.protected.filter((entry) => new RegExp(`^${entry.replace('*', '.*')}$`).test(tn))
        if (effect === 'change' || effect === 'destroy') expect(covered).toEqual([])
        if (effect !== 'destroy' && epg !== undefined) expect(policy.endpointGroups ?? [epg]).toContain(epg)
      }
    }),
    { numRuns: 1000 },
  )
})

test('what is allowed to one number of many is allowed to it alone', () => {
  fc.assert(
    fc.property(policies, asks, (policy, asked) => {
      const whole = decide(policy, asked)
      if (whole.verdict === 'deny') return
      for (const row of asked.rows) expect(decide(policy, { ...asked, rows: [row] })).toEqual(whole)
    }),
  )
})

test('a confirm is never taken for an allow', () => {
  fc.assert(
    fc.property(policies, asks, (policy, asked) => {
      const { verdict } = decide(policy, asked)
      if (verdict !== 'deny' && asked.tool.effect !== 'read') expect(verdict).toBe(ruleFor(policy, asked.tool))
    }),
  )
})

describe('failover and forward', () => {
  const tool = { name: 'UpdateDIDFailover', effect: 'change' } as const
  const to = (failover: string) => ({ tool, rows: [{ tn: '4355550150', failover }], used: unused })
  const limited = { ...builtIn, ...allAllowed, endpointGroups: [8674] }
  test('go anywhere while endpoint groups are free, and where these are limited only to what the policy names', () => {
    expect(decide({ ...builtIn, ...allAllowed }, to('4155550100')).verdict).toBe('allow')
    expect(decide(limited, to('4155550100'))).toMatchObject({
      verdict: 'deny',
      code: 'POLICY_DENIED',
      tns: ['4355550150'],
      reason: expect.stringContaining('It names none.'),
    })
    expect(decide({ ...limited, forwardTo: ['4155550100'] }, to('4155550100')).verdict).toBe('allow')
    expect(decide({ ...limited, forwardTo: ['4155550100'] }, to('4155550199')).verdict).toBe('deny')
  })
})

test('a protected number takes an address and keeps it', () => {
  const policy = { ...builtIn, ...allAllowed, protected: ['4355550150'] }
  const verdict = (name: string) =>
    decide(policy, { tool: { name, effect: 'safety' }, rows: [{ tn: '4355550150' }], used: unused }).verdict
  expect(['insert911', 'update911', 'addLocation', 'provisionLocation', 'Add911Alert'].map(verdict)).toEqual(
    Array.from({ length: 5 }, () => 'allow'),
  )
  expect(['remove911', 'removeLocation', 'Remove911Alert'].map(verdict)).toEqual(
    Array.from({ length: 3 }, () => 'deny'),
  )
})
