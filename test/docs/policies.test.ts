import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { YesKind } from '../../src/domain/yes-kind.ts'
import { decide } from '../../src/policy/decide.ts'
import { parsePolicy, parseSystemPolicy } from '../../src/policy/file.ts'
import { type Policy, type SystemPolicy, silent, tierAllowed } from '../../src/policy/policy.ts'
import { tighten } from '../../src/policy/tighten.ts'
import { yesWanted } from '../../src/policy/yes.ts'
import { tools } from '../../src/tools/index.ts'
import { usedOf } from '../support/used.ts'

const folder = 'docs/policies'
const cookbook = readFileSync('docs/policy-cookbook.md', 'utf8')

/** The headings of the cookbook, and the file that each prints. */
const recipes: Readonly<Record<string, string>> = {
  'Read-only': 'read-only.json',
  'Buying within a budget': 'buying-within-a-budget.json',
  'Four eyes': 'four-eyes.json',
  'Unattended agent': 'unattended-agent.json',
  'Protect the main lines': 'protect-the-main-lines.json',
  'A system policy, for an administrator': 'system.json',
}

describe('the policy cookbook', () => {
  test('prints every file as it is, each under its heading', () => {
    const printed = [...cookbook.matchAll(/^## (.+)\n(?:(?!^## )[\s\S])*?^```json\n([\s\S]+?)^```$/gm)]
    const files = Object.entries(recipes).map(([heading, file]) => [heading, readFileSync(`${folder}/${file}`, 'utf8')])
    expect(printed.map(([, heading, json]) => [heading, json])).toEqual(files)
    expect(cookbook.match(/^```json$/gm)).toHaveLength(files.length)
    expect(readdirSync(folder).sort()).toEqual(Object.values(recipes).sort())
  })
})

describe('read-only', () => {
  const policy = open('read-only.json')

  test.each(tools.map(({ name, effect }) => ({ name, effect })))('$name ($effect)', ({ name, effect }) => {
    expect(asked(policy, { tool: name })).toBe(effect === 'read' ? 'allow' : 'POLICY_DENIED')
  })
})

describe('buying within a budget', () => {
  const policy = open('buying-within-a-budget.json')

  test.each<Case>([
    [{ tool: 'reserveDID', numbers: 10 }, 'allow'],
    [{ tool: 'reserveDID', numbers: 4, held: 16 }, 'allow'],
    [{ tool: 'reserveDID', numbers: 5, held: 16 }, 'LIMIT_EXCEEDED'],
    [{ tool: 'assignDID', numbers: 5, epg: 8674, assigned: 15 }, 'confirm'],
    [{ tool: 'assignDID', numbers: 5, epg: 8674, assigned: 16 }, 'LIMIT_EXCEEDED'],
    [{ tool: 'assignDID', numbers: 11, epg: 8674 }, 'LIMIT_EXCEEDED'],
    [{ tool: 'assignDID', epg: 8675 }, 'POLICY_DENIED'],
    [{ tool: 'configDID', epg: 8674 }, 'POLICY_DENIED'],
    [{ tool: 'releaseDID' }, 'POLICY_DENIED'],
    [{ tool: 'queryDID' }, 'allow'],
  ])('%o: %s', (ask, verdict) => expect(asked(policy, ask)).toBe(verdict))

  test('buys of two tiers, and of none that cannot be read', () => {
    expect(tiersToBuy(policy)).toEqual(['0', '1'])
  })
})

describe('four eyes', () => {
  const policy = open('four-eyes.json')

  test.each<Case>([
    [{ tool: 'reserveDID', numbers: 10 }, 'allow'],
    [{ tool: 'assignDID', epg: 8674 }, 'confirm'],
    [{ tool: 'releaseDID', numbers: 50 }, 'confirm'],
    [{ tool: 'configDID', epg: 8674 }, 'POLICY_DENIED'],
  ])('%o: %s', (ask, verdict) => expect(asked(policy, ask)).toBe(verdict))

  test.each([
    ['assignDID', 1],
    ['releaseDID', 1],
    ['releaseDID', 50],
  ] as const)('%s of %i: neither a ticket nor the person in the client will do', (tool, numbers) => {
    expect(whoSaysYes(policy, tool, numbers)).toBe('approval')
  })
})

describe('unattended agent', () => {
  const policy = open('unattended-agent.json')

  test.each<Case>([
    [{ tool: 'reserveDID', numbers: 5 }, 'allow'],
    [{ tool: 'assignDID', numbers: 5, epg: 8674, assigned: 5 }, 'allow'],
    [{ tool: 'assignDID', numbers: 5, epg: 8674, assigned: 6 }, 'LIMIT_EXCEEDED'],
    [{ tool: 'assignDID', numbers: 6, epg: 8674 }, 'LIMIT_EXCEEDED'],
    [{ tool: 'assignDID', epg: 8675 }, 'POLICY_DENIED'],
    [{ tool: 'configDID', epg: 8674 }, 'POLICY_DENIED'],
    [{ tool: 'releaseDID' }, 'POLICY_DENIED'],
  ])('%o: %s', (ask, verdict) => expect(asked(policy, ask)).toBe(verdict))

  test('buys of one tier', () => expect(tiersToBuy(policy)).toEqual(['0']))

  test('nothing waits for a person, whatever is asked', () => {
    for (const { name } of tools) {
      for (const numbers of [1, 5, 6]) {
        for (const assigned of [0, 5, 10]) {
          expect(asked(policy, { tool: name, numbers, epg: 8674, assigned })).not.toBe('confirm')
        }
      }
    }
  })

  test('but under a system policy that wants a yes for it, a purchase does', () => {
    const system = parseSystem({ effects: { spend: 'confirm' } })
    expect(asked(tighten(policy, system, tools), { tool: 'assignDID', epg: 8674 })).toBe('confirm')
  })
})

describe('protect the main lines', () => {
  const policy = open('protect-the-main-lines.json')

  test.each<Case>(
    ['releaseDID', 'configDID'].flatMap((tool): Case[] => [
      [{ tool, tns: ['4352154000'] }, 'POLICY_DENIED'],
      [{ tool, tns: ['4352154017'] }, 'POLICY_DENIED'],
      [{ tool, tns: ['8005550150'] }, 'POLICY_DENIED'],
      [{ tool, tns: ['4352154020'] }, 'confirm'],
    ]),
  )('%o: %s', (ask, verdict) => expect(asked(policy, ask)).toBe(verdict))

  test('one protected number refuses the call and is named', () => {
    const tool = toolCalled('releaseDID')
    const rows = [{ tn: '4352154000' }, { tn: '4352154020' }]
    expect(decide(policy, { tool, rows, used: usedOf({}) })).toMatchObject({
      verdict: 'deny',
      code: 'POLICY_DENIED',
      tns: ['4352154000'],
    })
  })

  test.each<Case>([
    [{ tool: 'reserveDID', tns: ['8005550150'] }, 'allow'],
    [{ tool: 'assignDID', tns: ['8005550150'], epg: 8674 }, 'confirm'],
  ])('%o: %s', (ask, verdict) => expect(asked(policy, ask)).toBe(verdict))
})

describe('a system policy', () => {
  const system = parseSystem(JSON.parse(readFileSync(`${folder}/system.json`, 'utf8')))
  const everything = parse({
    effects: { hold: 'allow', change: 'allow', spend: 'allow', destroy: 'allow' },
    limits: silent.limits,
  })
  const inForce = tighten(everything, system, tools)

  test.each<Case>([
    [{ tool: 'reserveDID', numbers: 200 }, 'allow'],
    [{ tool: 'configDID', tns: ['4352154020'], epg: 8674 }, 'allow'],
    [{ tool: 'configDID', tns: ['4352154000'], epg: 8674 }, 'POLICY_DENIED'],
    [{ tool: 'assignDID', numbers: 50, epg: 8674 }, 'confirm'],
    [{ tool: 'assignDID', numbers: 51, epg: 8674 }, 'LIMIT_EXCEEDED'],
    [{ tool: 'releaseDID', tns: ['4352154020'] }, 'POLICY_DENIED'],
  ])('%o: %s', (ask, verdict) => expect(asked(inForce, ask)).toBe(verdict))

  test('a yes is given at a terminal, whatever a person’s own policy says', () => {
    expect(whoSaysYes(inForce, 'assignDID', 1)).toBe('approval')
  })

  test('an empty one says nothing', () => {
    expect(tighten(everything, parseSystem({}), tools)).toEqual(everything)
  })
})

interface Ask {
  tool: string
  /** How many numbers, where it does not matter which. */
  numbers?: number
  tns?: readonly string[]
  epg?: number
  assigned?: number
  held?: number
}

type Verdict = 'allow' | 'confirm' | 'POLICY_DENIED' | 'LIMIT_EXCEEDED'
type Case = [Ask, Verdict]

function open(file: string): Policy {
  return parse(JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')))
}

function parse(json: unknown): Policy {
  const parsed = parsePolicy(json, tools)
  if ('problems' in parsed) throw new Error(parsed.problems.join('\n'))
  return parsed.policy
}

function asked(policy: Policy, { tool, numbers = 1, tns, epg, assigned = 0, held = 0 }: Ask): Verdict {
  const some = tns ?? Array.from({ length: numbers }, (_, index) => String(9195550100 + index))
  const rows = some.map((tn) => ({ tn, epg }))
  const decision = decide(policy, { tool: toolCalled(tool), rows, used: usedOf({ assigned, held }) })
  return decision.verdict === 'deny' ? decision.code : decision.verdict
}

function tiersToBuy(policy: Policy): (string | undefined)[] {
  return ['0', '1', '2', '777', undefined].filter((tier) => tierAllowed(policy, 'spend', tier))
}

function parseSystem(json: unknown): SystemPolicy {
  const parsed = parseSystemPolicy(json, tools)
  if ('problems' in parsed) throw new Error(parsed.problems.join('\n'))
  return parsed.policy
}

/** For a call of a client that can show a form. */
function whoSaysYes(policy: Policy, name: 'assignDID' | 'releaseDID', numbers: number): YesKind {
  return yesWanted(policy, { effect: name === 'assignDID' ? 'spend' : 'destroy', numbers, canAsk: true })
}

function toolCalled(name: string) {
  const tool = tools.find((one) => one.name === name)
  if (tool === undefined) throw new Error(`there is no tool ${name}`)
  return tool
}
