import { expect, test } from 'vitest'
import { builtIn } from '../../src/policy/policy.ts'
import { PolicyUnreadable } from '../../src/policy/source.ts'
import { stageWith, textOf } from '../support/stage.ts'

test('the sandbox says so in its title, in its instructions and in every text', async () => {
  const stage = await stageWith()
  expect(stage.client.getServerVersion()).toEqual({ name: 'did-mcp', title: 'did-mcp (sandbox)', version: '1.2.3' })
  expect(stage.client.getInstructions()?.split('\n')[0]).toBe(
    'This is the embedded sandbox: no number, order or charge is real, and no carrier is reached.',
  )
  const answers = [await stage.call('queryDID', { did: '4355550150' }), await stage.call('queryDID', { did: 'x' })]
  // First in an answer, since some clients cut; in an error the first line is what happened.
  expect(
    answers.map((answer) => textOf(answer).split('\n').indexOf('environment: sandbox (nothing here is real)')),
  ).toEqual([0, 4])
  expect(answers[0]?.structuredContent?.environment).toBe('sandbox')
  for (const answer of answers) {
    expect(answer._meta?.['did-mcp/environment']).toBe('sandbox')
  }
})

test('a live account is not called a sandbox anywhere', async () => {
  const stage = await stageWith({ environment: 'live' })
  expect(stage.client.getServerVersion()?.title).toBe('did-mcp')
  expect(stage.client.getInstructions()).not.toContain('sandbox')
  const answer = await stage.call('queryDID', { did: '4355550150' })
  expect(textOf(answer)).not.toContain('sandbox')
  expect(answer._meta).toEqual({ 'did-mcp/environment': 'live' })
})

test('the instructions are a few lines that name the tools in the order of their use', async () => {
  const stage = await stageWith({ environment: 'live' })
  const lines = stage.client.getInstructions()?.split('\n') ?? []
  expect(lines.length).toBeLessThanOrEqual(7)
  expect(lines[1]).toMatch(/getDIDCount.*getDIDs.*reserveDID.*assignDID.*auditDIDs.*queryDID.*configDID.*releaseDID/)
})

test('the instructions say what the policy denies, wants a yes for and limits, and where what is left of it stands', async () => {
  const policy = {
    ...builtIn,
    tools: { releaseDID: 'deny' as const },
    limits: { ...builtIn.limits, assignedPerDay: 7 },
  }
  const stage = await stageWith({ environment: 'live', policy: () => policy })
  const lines = stage.client.getInstructions()?.split('\n') ?? []
  expect(lines.at(-1)).toBe(
    'Policy in force: reserveDID allowed; assignDID, configDID after a yes; releaseDID denied. ' +
      'yes is said by a person in the client; where it cannot ask, by a ticket (at most 10 numbers where it costs money or cannot be undone). ' +
      'numbers a call: 100; bought a day: 7; released a day: 100; held at once: 100. ' +
      'protected: none; endpoint groups: any; tiers: any. did://policy says what is left of each limit.',
  )
})

test('a policy that cannot be read is told with what still stands', async () => {
  const stage = await stageWith({
    policy: () => {
      throw new PolicyUnreadable(['DID_MCP_POLICY /p.json: it is not JSON'], builtIn)
    },
  })
  const lines = stage.client.getInstructions()?.split('\n') ?? []
  expect(lines.at(-2)).toBe('The policy cannot be read: nothing is written until a person mends it.')
  expect(lines.at(-1)).toMatch(/^Policy in force: reserveDID allowed; assignDID, configDID, releaseDID after a yes/)
})

test('nothing is said to announce its changes or to be subscribed to, because nothing does', async () => {
  const stage = await stageWith()
  expect(stage.client.getServerCapabilities()).toEqual({ tools: {}, resources: {}, prompts: {}, completions: {} })
})

test('the hook for recovery is called once, when the client is ready', async () => {
  let ready = 0
  const stage = await stageWith({ onInitialized: () => ready++ })
  await stage.call('listOperations')
  expect(ready).toBe(1)
})
