import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parsePolicy, policySchema } from '../../src/policy/file.ts'
import { builtIn } from '../../src/policy/policy.ts'
import { tools } from './support/tools.ts'

const read = (json: unknown) => parsePolicy(json, tools)

test('an empty file is the built-in policy', () => {
  expect(read({})).toEqual({ policy: builtIn })
  expect(builtIn).toEqual({
    effects: { hold: 'allow', change: 'confirm', safety: 'confirm', spend: 'confirm', destroy: 'confirm' },
    tools: {},
    confirmation: { mode: 'auto', expiresInSeconds: 300, waitSeconds: 50, trustElicitation: true, ticketMaxDids: 10 },
    limits: {
      didsPerCall: 100,
      assignedPerDay: 100,
      assignedPerHour: null,
      releasedPerDay: 100,
      releasedPerHour: null,
      safetyPerDay: null,
      heldAtOnce: 100,
    },
    protected: [],
    endpointGroups: null,
    forwardTo: [],
    tiers: null,
    minimumBalance: null,
  })
})

test('a file that states everything is read as it stands', () => {
  const file = {
    effects: { hold: 'confirm', change: 'deny', safety: 'deny', spend: 'allow', destroy: 'deny' },
    tools: { releaseDID: 'deny', auditDIDs: 'deny', queryDID: 'allow' },
    confirmation: { mode: 'human', expiresInSeconds: 60, waitSeconds: 10, trustElicitation: false, ticketMaxDids: 0 },
    limits: {
      didsPerCall: null,
      assignedPerDay: 5,
      assignedPerHour: 2,
      releasedPerDay: 0,
      releasedPerHour: 0,
      safetyPerDay: 7,
      heldAtOnce: null,
    },
    protected: ['4352154006', '800*'],
    endpointGroups: [8674],
    forwardTo: ['4155550100'],
    tiers: ['0', '1', '2'],
    minimumBalance: 12.5,
  }
  expect(read({ $schema: './policy.schema.json', ...file })).toEqual({ policy: file })
})

test('a key left out keeps its built-in value, null lifts a limit', () => {
  expect(read({ limits: { didsPerCall: null }, effects: { hold: 'confirm' } })).toEqual({
    policy: {
      ...builtIn,
      effects: { ...builtIn.effects, hold: 'confirm' },
      limits: { ...builtIn.limits, didsPerCall: null },
    },
  })
})

test('every problem is named at once, with what is expected', () => {
  const file = JSON.parse(`{
    "effect": {}, "effects": { "read": "deny", "hold": "yes" },
    "tools": { "releaseDid": "deny", "queryDID": "confirm", "assignDID": true, "__proto__": "allow" },
    "confirmation": { "mode": "robot", "expiresInSeconds": 0, "waitSeconds": "50", "trustElicitation": "no", "ticketMaxDids": 1.5 },
    "limits": { "didsPerCall": 0, "assignedPerDay": -1, "perDay": 3 },
    "protected": ["4352154006", "+14352154006", "*", "800?", 8005550100, "80055501000"],
    "endpointGroups": [0, "8674"], "tiers": [1, ""]
  }`)
  const known =
    'auditDIDs, queryDID, getDIDs, getDIDCount, isPortable, getPortDetails, reserveDID, assignDID, configDID, releaseDID, listOperations'
  const pattern = 'must be ten digits, or one to nine leading digits and "*", like "4352154006" or "800*"'
  const group = 'must be an endpoint group id: a whole number of at least 1'
  const answer = read(file)
  expect('problems' in answer && answer.problems.toSorted()).toEqual(
    [
      'unknown key effect (known here: $schema, effects, tools, confirmation, limits, protected, endpointGroups, forwardTo, tiers, minimumBalance)',
      'unknown key effects.read (known here: hold, change, safety, spend, destroy)',
      'effects.hold must be "allow", "confirm" or "deny", but is "yes"',
      'tools.assignDID must be "allow", "confirm" or "deny", but is true',
      `unknown tool tools.releaseDid (known: ${known})`,
      `unknown tool tools.__proto__ (known: ${known})`,
      'tools.queryDID is "confirm", but queryDID only reads: "deny" hides it, "allow" shows it',
      'confirmation.mode must be "auto" or "human", but is "robot"',
      'confirmation.expiresInSeconds must be a whole number from 1 to 3600, but is 0',
      'confirmation.waitSeconds must be a whole number from 1 to 600, but is "50"',
      'confirmation.trustElicitation must be true or false, but is "no"',
      'confirmation.ticketMaxDids must be a whole number from 0 to 1000, but is 1.5',
      'limits.didsPerCall must be a whole number from 1 to 1000, or null for no limit, but is 0',
      'limits.assignedPerDay must be a whole number from 0 to 1000000, or null for no limit, but is -1',
      'unknown key limits.perDay (known here: didsPerCall, assignedPerDay, assignedPerHour, releasedPerDay, releasedPerHour, safetyPerDay, heldAtOnce)',
      `protected.1 ${pattern}, but is "+14352154006"`,
      `protected.2 ${pattern}, but is "*"`,
      `protected.3 ${pattern}, but is "800?"`,
      `protected.4 ${pattern}, but is 8005550100`,
      `protected.5 ${pattern}, but is "80055501000"`,
      `endpointGroups.0 ${group}, but is 0`,
      `endpointGroups.1 ${group}, but is "8674"`,
      'tiers.0 must be a tier in quotes, like "1", but is 1',
      'tiers.1 must be a tier in quotes, like "1", but is ""',
    ].toSorted(),
  )
})

describe('what is no policy at all', () => {
  test.each([
    [[], 'the policy must be an object, but is []'],
    [null, 'the policy must be an object, but is null'],
    ['deny', 'the policy must be an object, but is "deny"'],
    [{ effects: [] }, 'effects must be an object, but is []'],
    [{ tools: 'x'.repeat(100) }, `tools must be an object, but is "${'x'.repeat(59)}…`],
    [{ protected: '800*' }, 'protected must be a list of numbers, but is "800*"'],
    [{ limits: null }, 'limits must be an object, but is null'],
  ])('%j', (json, problem) => {
    expect(read(json)).toEqual({ problems: [problem] })
  })
})

test('the shipped JSON Schema is current (else run scripts/policy-schema.mjs)', () => {
  const shipped = JSON.parse(readFileSync(new URL('../../policy.schema.json', import.meta.url), 'utf8'))
  expect(shipped).toEqual(policySchema())
})
