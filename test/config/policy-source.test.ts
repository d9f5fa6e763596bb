import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Machine } from '../../src/config/machine.ts'
import { builtIn } from '../../src/policy/policy.ts'
import { type PolicySource, PolicyUnreadable } from '../../src/policy/source.ts'
import { ownMachine } from './support/machine.ts'

const { path, write, judge, read } = ownMachine()

describe('the policy while the server runs', () => {
  let own = ''

  beforeEach(() => {
    own = write('policy.json', '{"effects":{"hold":"confirm"}}')
  })

  test('is read again when the file changes, at the same length too', () => {
    const { policy } = read({ DID_MCP_POLICY: own })
    expect(policy.current().protected).toEqual([])
    write('policy.json', '{"protected":["800*"]}')
    expect(policy.current().protected).toEqual(['800*'])
    write('policy.json', '{"protected":["900*"]}')
    expect(policy.current().protected).toEqual(['900*'])
    expect(policy.current()).toBe(policy.current())
  })

  test('closes when the file goes wrong or away, and opens when it is mended', () => {
    const { policy } = read({ DID_MCP_POLICY: own })
    const before = policy.current()
    write('policy.json', '{"effects":{"hold":"never"}}')
    expect(refusal(policy)).toEqual({
      message:
        `The policy cannot be read, so nothing is written until it is mended. DID_MCP_POLICY ${own}: ` +
        'effects.hold must be "allow", "confirm" or "deny", but is "never"',
      problems: [`DID_MCP_POLICY ${own}: effects.hold must be "allow", "confirm" or "deny", but is "never"`],
      last: before,
    })
    rmSync(own)
    expect(refusal(policy)?.problems).toEqual([`DID_MCP_POLICY ${own}: there is no such file`])
    expect(refusal(policy)?.problems).toEqual([`DID_MCP_POLICY ${own}: there is no such file`])
    write('policy.json', '{"effects":{"hold":"deny"}}')
    expect(policy.current().effects.hold).toBe('deny')
  })

  test('a system policy tightens it, from the moment it is there', () => {
    const { policy } = read({ DID_MCP_POLICY: own })
    write('system.json', '{"effects":{"destroy":"deny"},"protected":["435*"]}')
    expect(policy.current()).toEqual({
      ...builtIn,
      effects: { hold: 'confirm', change: 'confirm', safety: 'confirm', spend: 'confirm', destroy: 'deny' },
      protected: ['435*'],
    })
    write('system.json', '{')
    expect(refusal(policy)?.problems).toEqual([
      `system policy ${path('system.json')}: it is not JSON (line 1, column 2)`,
    ])
  })

  test('a system policy loosens nothing of the confirmation, and leaves trust to who knows the client', () => {
    write('policy.json', '{"confirmation":{"trustElicitation":false}}')
    const byPerson = read({ DID_MCP_POLICY: own, DID_MCP_CONFIRMATION: 'human' }).policy
    const byTicket = read({ DID_MCP_POLICY: own }).policy
    const distrusted = { ...builtIn.confirmation, trustElicitation: false }
    for (const text of ['{}', '{"confirmation":{"waitSeconds":60}}', '{"confirmation":{"trustElicitation":false}}']) {
      write('system.json', text)
      expect(byPerson.current().confirmation).toEqual({ ...distrusted, mode: 'human' })
      expect(byTicket.current().confirmation).toEqual(distrusted)
    }
    // Stated otherwise, neither a form nor a ticket is a yes.
    write('system.json', '{"confirmation":{"trustElicitation":true}}')
    expect(byPerson.current().confirmation).toEqual({ ...distrusted, mode: 'human', trustElicitation: 'disputed' })
    expect(byTicket.current().confirmation).toEqual({ ...distrusted, trustElicitation: 'disputed' })
  })

  test('a distrust that the system policy states holds where the environment asks for people', () => {
    write('system.json', '{"confirmation":{"trustElicitation":false}}')
    const { policy } = read({ DID_MCP_CONFIRMATION: 'human' })
    expect(policy.current().confirmation).toEqual({
      ...builtIn.confirmation,
      mode: 'human',
      trustElicitation: 'disputed',
    })
  })

  test('a system policy that was in force and is gone is missed, until it is back or the server starts anew', () => {
    const { policy } = read({ DID_MCP_POLICY: own })
    write('system.json', '{"effects":{"destroy":"deny"}}')
    const before = policy.current()
    rmSync(path('system.json'))
    const missed = {
      problems: [
        `system policy ${path('system.json')}: it was in force and is gone. Put it back; where it was taken away for good, start did-mcp anew`,
      ],
      last: before,
    }
    expect(refusal(policy)).toMatchObject(missed)
    write('policy.json', '{}')
    expect(refusal(policy)).toMatchObject(missed)
    write('system.json', '{"effects":{"hold":"deny"}}')
    expect(policy.current().effects.hold).toBe('deny')
    rmSync(path('system.json'))
    expect(read({ DID_MCP_POLICY: own }).policy.current().effects.hold).toBe('allow')
  })

  test('one that is gone while it is wrong is missed too', () => {
    write('system.json', '{"effects":{"destroy":"deny"}}')
    const { policy } = read({})
    write('system.json', '{')
    expect(refusal(policy)?.problems).toHaveLength(1)
    rmSync(path('system.json'))
    expect(refusal(policy)?.problems[0]).toContain('it was in force and is gone')
  })

  test.each<[string, (at: string) => void]>([
    ['a link whose target is away', (at) => symlinkSync(path('away.json'), at)],
    ['a link to a link whose target is away', (at) => symlinkSync(symlinked('one.json', 'away.json'), at)],
    ['a link to itself', (at) => symlinkSync(at, at)],
    ['a folder', (at) => mkdirSync(at)],
  ])('%s is no absent system policy: nothing starts, and what runs writes nothing', (_, make) => {
    const { policy } = read({})
    make(path('system.json'))
    expect(judge({})).toEqual({ problems: [expect.stringContaining(`system policy ${path('system.json')}: `)] })
    expect(refusal(policy)?.problems).toHaveLength(1)
  })

  test.each<[string, string, (at: string) => void]>([
    [
      'a link whose target is away',
      'something stands on the way to it that leads nowhere, a link without its target',
      (at) => symlinkSync(path('away'), at),
    ],
    ['a file', 'there is no such file', (at) => writeFileSync(at, '')],
  ])('nor one whose folder is %s', (_, problem, make) => {
    const systemPolicyPath = join(path('etc'), 'did-mcp', 'policy.json')
    expect(judge({}, { systemPolicyPath })).toHaveProperty('config')
    make(path('etc'))
    expect(judge({}, { systemPolicyPath })).toEqual({ problems: [`system policy ${systemPolicyPath}: ${problem}`] })
  })

  test.each([
    ['{"effects":{"destroy":"deny"},"effects":{"hold":"allow"}}', ['effects stands twice: keep one of them']],
    ['{"effects":{"destroy":"deny","destroy":"allow"}}', ['effects.destroy stands twice: keep one of them']],
    // However it is spelt, and whatever stands between.
    [
      '{"limits":{"heldAtOnce":1,"held\\u0041tOnce":9},"protected":["800*"],"protected":[]}',
      ['limits.heldAtOnce stands twice: keep one of them', 'protected stands twice: keep one of them'],
    ],
    // Beside what else is wrong.
    [
      '{"tools":{"releaseDID":"deny","releaseDID":"never"}}',
      [
        'tools.releaseDID stands twice: keep one of them',
        'tools.releaseDID must be "allow", "confirm" or "deny", but is "never"',
      ],
    ],
  ])('a key that stands twice is an error in either file: %s', (text, problems) => {
    write('policy.json', text)
    write('system.json', text)
    expect(judge({ DID_MCP_POLICY: own })).toEqual({
      problems: [
        ...problems.map((problem) => `DID_MCP_POLICY ${own}: ${problem}`),
        ...problems.map((problem) => `system policy ${path('system.json')}: ${problem}`),
      ],
    })
  })

  test('a system policy that cannot be looked at is not taken for absent', () => {
    const locked: Partial<Machine> = {
      stamp() {
        throw Object.assign(new Error('locked'), { code: 'EACCES' })
      },
      read() {
        throw Object.assign(new Error('locked'), { code: 'EACCES' })
      },
    }
    expect(judge({}, locked)).toEqual({
      problems: [`system policy ${path('system.json')}: permission is denied`],
    })
  })
})

function refusal(policy: PolicySource): Pick<PolicyUnreadable, 'message' | 'problems' | 'last'> | undefined {
  try {
    policy.current()
  } catch (error) {
    if (!(error instanceof PolicyUnreadable)) throw error
    return { message: error.message, problems: error.problems, last: error.last }
  }
  return undefined
}

/** A link in the test's folder to another name in it. */
function symlinked(name: string, target: string): string {
  symlinkSync(path(target), path(name))
  return path(name)
}
