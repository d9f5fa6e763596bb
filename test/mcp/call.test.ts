import { EventEmitter, once } from 'node:events'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { describe, expect, onTestFinished, test } from 'vitest'
import { CarrierError, type CarrierErrorKind } from '../../src/carrier/errors.ts'
import { JournalUnavailable } from '../../src/journal/journal.ts'
import { Refusal } from '../../src/operations/refusal.ts'
import { builtIn } from '../../src/policy/policy.ts'
import { PolicyUnreadable } from '../../src/policy/source.ts'
import { allDone, openStage, type StageOptions, textOf } from './stage.ts'

async function stageWith(options: StageOptions = {}) {
  const stage = await openStage(options)
  onTestFinished(() => stage.close())
  return stage
}

/** Text and machine part of an error; it must have nothing else. */
function errorOf(result: CallToolResult) {
  expect(result.isError).toBe(true)
  expect(result).not.toHaveProperty('structuredContent')
  return { text: textOf(result).split('\n'), error: result._meta?.['did-mcp/error'] }
}

const sandboxLine = 'environment: sandbox (nothing here is real)'

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
          confirmer: undefined,
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
            'operationId: op-1',
            '2 done.',
            'counts: done=2, failed=0, uncertain=0, notAttempted=0',
            'results (2): tn|outcome|code',
            '4355550150|done|100',
            '4355550151|done|100',
            sandboxLine,
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
  test('an unknown tool', async () => {
    const stage = await stageWith()
    const { text, error } = errorOf(await stage.call('dropDatabase\u202e'))
    expect(text[0]).toBe('There is no tool "dropDatabase".')
    expect(text[2]).toMatch(/^The tools are: auditDIDs, .*, listOperations\.$/)
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

describe('a carrier that fails', () => {
  const kinds: [CarrierErrorKind, number | undefined, string, boolean, RegExp][] = [
    ['auth', 902, 'CARRIER_AUTH', false, /registered IP address in the carrier's Back Office \(Add-Ons, API Users\)/],
    ['rejected', 900, 'CARRIER_REJECTED', false, /change the arguments/],
    ['unavailable', 503, 'CARRIER_UNAVAILABLE', true, /in a minute/],
    ['timeout', undefined, 'CARRIER_TIMEOUT', true, /Ask for less/],
    ['protocol', undefined, 'CARRIER_PROTOCOL', true, /doctor/],
    ['argument', undefined, 'INVALID_INPUT', false, /Correct the arguments/],
    ['cancelled', undefined, 'CANCELLED', true, /Call again/],
  ]
  test.each(kinds)('%s', async (kind, code, expected, retryable, next) => {
    const stage = await stageWith({
      carrier: {
        async queryDID() {
          throw new CarrierError(kind, `words of ${kind}`, { maybeSent: true, code })
        },
      },
    })
    const { text, error } = errorOf(await stage.call('queryDID', { did: '4355550150' }))
    expect(text[0]).toBe(`words of ${kind}`)
    expect(text[1]).toBe('Nothing was changed at the carrier.')
    expect(text[2]).toMatch(next)
    expect(error).toEqual({ code: expected, retryable, details: code === undefined ? {} : { carrierCode: code } })
    expect(stage.logged).toEqual([])
  })
})

test('an account that is too large to be held', async () => {
  const stage = await stageWith({
    carrier: {
      async auditDIDs(row) {
        for (let number = 2_000_000_000; number <= 2_000_500_000; number++) row({ tn: String(number), statusCode: 100 })
      },
    },
  })
  const { text, error } = errorOf(await stage.call('auditDIDs'))
  expect(text[0]).toBe('This listing has more than 500000 rows.')
  expect(text[2]).toMatch(/did-mcp audit --csv FILE$/)
  expect(error).toEqual({ code: 'LIMIT_EXCEEDED', retryable: false, details: {} })
})

test('a journal that is away', async () => {
  const stage = await stageWith({
    journal: async () => {
      throw new JournalUnavailable('The journal at /state cannot be opened: the disk is full.')
    },
  })
  const { text, error } = errorOf(await stage.call('listOperations'))
  expect(text[0]).toBe('The journal at /state cannot be opened: the disk is full.')
  expect(error).toEqual({ code: 'JOURNAL_UNAVAILABLE', retryable: true, details: {} })
})

test('an error of ours says nothing of itself: it is logged under the reference that the answer names', async () => {
  const stage = await stageWith({
    carrier: {
      async queryDID() {
        throw new Error('connect https://user:secret-marked-4711@host failed')
      },
    },
  })
  const answer = await stage.call('queryDID', { did: '4355550150' })
  const { text, error } = errorOf(answer)
  expect(JSON.stringify(answer)).not.toContain('secret-marked-4711')
  const reference = /\(reference ([0-9a-z]{6,8}) in its log\)/.exec(text[0] ?? '')?.[1]
  expect(error).toEqual({ code: 'INTERNAL', retryable: true, details: { reference } })
  expect(stage.logged).toEqual([
    {
      message: 'a call failed inside',
      fields: { tool: 'queryDID', reference, error: expect.stringContaining('secret-marked-4711') },
    },
  ])
})

describe('while a call runs', () => {
  test('cancelling it aborts what it waits for, and no answer comes', async () => {
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

  test('a large listing says how many rows were read', async () => {
    const stage = await stageWith({
      carrier: {
        async getDIDs(_criteria, row) {
          for (let number = 2_000_000_000; number < 2_000_010_000; number++) row({ tn: String(number) })
        },
      },
    })
    const heard: unknown[] = []
    const args = { name: 'getDIDs', arguments: { npa: '200', limit: 1 } }
    await stage.client.callTool(args, undefined, { onprogress: (progress) => heard.push(progress) })
    expect(heard).toEqual([
      { progress: 5000, message: '5000 numbers found' },
      { progress: 10000, message: '10000 numbers found' },
    ])
  })

  test('a caller with a token hears how far it is, each value above the one before; nothing after the answer', async () => {
    let late: (() => void) | undefined
    const stage = await stageWith({
      perform: async (request, { progress }) => {
        progress?.(0, 2, 'begun')
        progress?.(1, 2, 'one sent')
        progress?.(1, 2, 'still one')
        progress?.(2, 2, 'both sent')
        late = () => progress?.(3, 3, 'too late')
        return allDone(request)
      },
    })
    const heard: unknown[] = []
    const args = { name: 'reserveDID', arguments: { didParams: ['4355550150', '4355550151'] } }
    await stage.client.callTool(args, undefined, { onprogress: (progress) => heard.push(progress) })
    late?.()
    expect(heard).toEqual([
      { progress: 0, total: 2, message: 'begun' },
      { progress: 1, total: 2, message: 'one sent' },
      { progress: 1.001, total: 2, message: 'still one' },
      { progress: 2, total: 2, message: 'both sent' },
    ])
  })
})
