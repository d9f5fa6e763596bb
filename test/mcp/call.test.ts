import { EventEmitter, once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { Refusal } from '../../src/operations/refusal.ts'
import { builtIn } from '../../src/policy/policy.ts'
import { PolicyUnreadable } from '../../src/policy/source.ts'
import { allDone, errorOf, sandboxLine, stageWith } from '../support/stage.ts'

describe('a write', () => {
  test('goes through the door with its rows, its words and its caller, and answers the envelope', async () => {
    const stage = await stageWith()
    const answer = await stage.call('assignDID', {
      didParams: ['(435) 555-0150', { tn: '4355550151', epg: 8675, cnam: false, refId: '' }],
      epg: 8674,
      refId: 'ours',
      reason: 'new office',
      confirmation: 'ticket-1',
    })
    expect(stage.writes).toEqual([
      {
        request: {
          tool: { name: 'assignDID', effect: 'spend' },
          rows: [
            { tn: '4355550150', epg: 8674, refId: 'ours' },
            { tn: '4355550151', epg: 8675, cnam: false, refId: '' },
          ],
          reason: 'new office',
          confirmation: 'ticket-1',
        },
        caller: {
          name: 'eva@desk',
          client: 'test',
          signal: expect.any(AbortSignal),
          progress: expect.any(Function),
        },
      },
    ])
    expect(answer).toEqual({
      structuredContent: {
        status: 'done',
        environment: 'sandbox',
        operationId: 'op-1',
        summary: '2 done.',
        counts: { done: 2, failed: 0, uncertain: 0, notAttempted: 0 },
        results: [
          { tn: '4355550150', outcome: 'done', code: 100 },
          { tn: '4355550151', outcome: 'done', code: 100 },
        ],
      },
      content: [
        {
          type: 'text',
          text: [
            'status: done',
            sandboxLine,
            'operationId: op-1',
            '2 done.',
            'counts: done=2, failed=0, uncertain=0, notAttempted=0',
            'results (2): tn|outcome|code',
            '4355550150|done|100',
            '4355550151|done|100',
          ].join('\n'),
        },
      ],
      _meta: { 'did-mcp/environment': 'sandbox' },
    })
  })

  test('that is refused says what was not changed and what to do', async () => {
    const stage = await stageWith({
      perform: async () => {
        throw new Refusal('NUMBER_BUSY', 'Another operation holds 4355550150.', {
          next: 'Ask listOperations.',
          retryable: true,
          details: { tns: ['4355550150'] },
        })
      },
    })
    expect(errorOf(await stage.call('releaseDID', { didParams: ['4355550150'] }))).toEqual({
      text: [
        'Another operation holds 4355550150.',
        'Nothing was changed at the carrier.',
        'Ask listOperations.',
        'code: NUMBER_BUSY (the same call may work later)',
        sandboxLine,
      ],
      error: { code: 'NUMBER_BUSY', retryable: true, details: { tns: ['4355550150'] } },
    })
  })

  test('that failed inside does not claim that nothing was changed', async () => {
    const stage = await stageWith({
      perform: async () => {
        throw new TypeError('secret-marked-4711')
      },
    })
    const { text, error } = errorOf(await stage.call('releaseDID', { didParams: ['4355550150'] }))
    expect(text.slice(1)).toEqual([
      'It is not known whether anything was changed.',
      'Ask listOperations and queryDID what became of the numbers before anything else.',
      'code: INTERNAL',
      sandboxLine,
    ])
    expect(error).toMatchObject({ code: 'INTERNAL', retryable: false })
  })
})

describe('what cannot be called', () => {
  test('an unknown tool; what is named instead is what the policy leaves', async () => {
    const stage = await stageWith({
      policy: () => ({ ...builtIn, effects: { ...builtIn.effects, spend: 'deny' }, tools: { queryDID: 'deny' } }),
    })
    const { text, error } = errorOf(await stage.call('dropDatabase\u202e'))
    expect(text[0]).toBe('There is no tool "dropDatabase".')
    expect(text[2]).toBe(
      'The tools are: auditDIDs, getDIDs, getDIDCount, isPortable, getPortDetails, reserveDID, configDID, releaseDID, listOperations.',
    )
    expect(error).toEqual({ code: 'INVALID_INPUT', retryable: false, details: {} })
  })

  test('a tool that the policy denies', async () => {
    const stage = await stageWith({ policy: () => ({ ...builtIn, tools: { releaseDID: 'deny', queryDID: 'deny' } }) })
    for (const [tool, effect] of [
      ['releaseDID', 'destroy'],
      ['queryDID', 'read'],
    ] as const) {
      const { text, error } = errorOf(await stage.call(tool, { didParams: ['4355550150'] }))
      expect(text[0]).toBe(`${tool} is denied by the policy in force.`)
      expect(error).toEqual({ code: 'POLICY_DENIED', retryable: false, details: { tool, effect } })
    }
    expect(stage.writes).toEqual([])
  })

  test('a write, where the policy can no longer be read; reading goes on as before', async () => {
    const stage = await stageWith({
      policy: () => {
        throw new PolicyUnreadable(['/home/eva/policy.json: not JSON'], builtIn)
      },
    })
    const { text, error } = errorOf(await stage.call('reserveDID', { didParams: ['4355550150'] }))
    expect(text[0]).toBe(
      'The policy cannot be read, so nothing is written until it is mended. /home/eva/policy.json: not JSON',
    )
    expect(error).toEqual({ code: 'POLICY_DENIED', retryable: false, details: {} })
    expect(stage.writes).toEqual([])
    expect((await stage.call('queryDID', { did: '4355550150' })).isError).toBeUndefined()
  })
})

test('cancelling a call aborts what it waits for, and no answer comes', async () => {
  const stages = new EventEmitter()
  const stage = await stageWith({
    perform: (request, { signal }) =>
      new Promise((resolve) => {
        signal?.addEventListener('abort', () => {
          stages.emit('aborted', signal.reason)
          resolve(allDone(request))
        })
        stages.emit('begun')
      }),
  })
  const cancel = new AbortController()
  const begun = once(stages, 'begun')
  const aborted = once(stages, 'aborted')
  const args = { name: 'reserveDID', arguments: { didParams: ['4355550150'] } }
  const call = stage.client.callTool(args, undefined, { signal: cancel.signal })
  await begun
  cancel.abort('enough')
  await expect(call).rejects.toThrow('enough')
  expect(await aborted).toEqual(['enough'])
})
