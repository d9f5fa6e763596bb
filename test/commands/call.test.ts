import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { callTool } from '../../src/commands/call-tool.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/service.ts'
import { temporaryFolder } from '../support/folder.ts'
import { type TestTerminal, testTerminal } from '../support/terminal.ts'

const tn = '4355550105'

let sandbox: Sandbox
let env: Record<string, string>
beforeEach(async () => {
  sandbox = await startSandbox({ owned: 3 })
  env = {
    DID_MCP_LOGIN: sandbox.login,
    DID_MCP_SECRET: sandbox.secret,
    DID_MCP_ENDPOINT: sandbox.endpoint,
    DID_MCP_STATE_DIR: join(temporaryFolder(), 'state'),
  }
})
afterEach(() => sandbox.close())

async function call(tool: string, args: object, terminal: TestTerminal) {
  const code = await callTool({ tool, json: JSON.stringify(args), env, program: 'dist/main.js' }, terminal)
  // What a person was shown stands before the answer.
  const at = terminal.lines.indexOf('{')
  return { code, shown: terminal.lines.slice(0, at).join('\n'), value: JSON.parse(terminal.lines.slice(at).join('\n')) }
}

/** A person who takes as long to read as people do. */
function slowly(typed: string): TestTerminal {
  const terminal = testTerminal([typed])
  const { ask } = terminal
  terminal.ask = ask && ((question) => new Promise((done) => setTimeout(() => done(ask(question)), 1200)))
  return terminal
}

test('at a terminal the person there is asked, with the facts, and then it goes', async () => {
  const terminal = slowly(tn.slice(-4))
  const { code, shown, value } = await call('assignDID', { didParams: [tn], epg: 8674 }, terminal)
  expect(shown).toContain(tn)
  expect(terminal.asked).toHaveLength(1)
  expect([code, value.answer.status]).toEqual([0, 'done'])
  expect([...sandbox.inventory.owned()].map((did) => did.tn)).toContain(tn)
})

test('an empty answer is a no', async () => {
  const { code, value } = await call('assignDID', { didParams: [tn], epg: 8674 }, slowly(''))
  expect([code, value.answer.status]).toEqual([1, 'declined'])
})

test('where nobody sits at it, no ticket is given: a person approves elsewhere', async () => {
  const { code, value } = await call('assignDID', { didParams: [tn], epg: 8674 }, testTerminal())
  expect([code, value.answer.status]).toEqual([1, 'waiting'])
  expect(value.answer.confirmation.ticket).toBeUndefined()
})

test('a dry run asks nobody at the terminal and does what was asked of it', async () => {
  const terminal = slowly('')
  const { code, value } = await call('assignDID', { didParams: [tn], epg: 8674, dryRun: true }, terminal)
  expect([code, value.answer.status, value.answer.confirmation.wouldAsk]).toEqual([0, 'preview', 'form'])
  expect(terminal.asked).toEqual([])
  const reached = sandbox.calls.map(({ operation }) => operation)
  expect(reached).toEqual(['queryDID'])
})

test('an unknown tool is an error that names those that there are', async () => {
  const { code, value } = await call('deleteDID', {}, testTerminal())
  expect(code).toBe(1)
  expect(value).toMatchObject({ version: 1, isError: true, error: { code: 'INVALID_INPUT' } })
  expect(value.error.message).toContain('The tools are: ')
})
