import { rmSync } from 'node:fs'
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
      effects: { hold: 'confirm', change: 'confirm', spend: 'confirm', destroy: 'deny' },
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
    // Stated, it counts: a form is stricter than a ticket, and an approval outside of the client than a form.
    write('system.json', '{"confirmation":{"trustElicitation":true}}')
    expect(byPerson.current().confirmation).toEqual({ ...distrusted, mode: 'human' })
    expect(byTicket.current().confirmation).toEqual({ ...distrusted, trustElicitation: true })
  })

  test('a distrust that the system policy states holds where the environment asks for people', () => {
    write('system.json', '{"confirmation":{"trustElicitation":false}}')
    const { policy } = read({ DID_MCP_CONFIRMATION: 'human' })
    expect(policy.current().confirmation).toEqual({
      ...builtIn.confirmation,
      mode: 'human',
      trustElicitation: false,
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
