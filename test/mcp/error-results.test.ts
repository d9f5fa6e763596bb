import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js'
import { describe, expect, onTestFinished, test } from 'vitest'
import { CarrierError, type CarrierErrorKind } from '../../src/carrier/errors.ts'
import { JournalUnavailable } from '../../src/journal/journal.ts'
import { builtIn } from '../../src/policy/policy.ts'
import { PolicyUnreadable } from '../../src/policy/source.ts'
import { openRig } from '../support/rig.ts'
import { errorOf, sandboxLine, stageWith } from '../support/stage.ts'

describe('a carrier that fails', () => {
  const kinds: [CarrierErrorKind, number | undefined, string, boolean, RegExp][] = [
    ['auth', 902, 'CARRIER_AUTH', false, /registered IP address in the carrier's Back Office \(Add-Ons, API Users\)/],
    ['rejected', 404, 'CARRIER_REJECTED', false, /change the arguments/],
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
        return {}
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

test('a policy that breaks while a person is asked denies the write, and nothing was changed', async () => {
  const rig = await openRig()
  onTestFinished(() => rig.close())
  const client = await rig.client(() => {
    rig.door.policy = () => {
      throw new PolicyUnreadable(['/home/eva/policy.json: not JSON'], builtIn)
    }
    return { action: 'accept', content: { answer: '0150' } }
  })
  const answer = await client.callTool({ name: 'releaseDID', arguments: { didParams: ['4355550150'] } })
  expect(errorOf(CallToolResultSchema.parse(answer))).toEqual({
    text: [
      'The policy cannot be read, so nothing is written until it is mended. /home/eva/policy.json: not JSON',
      'Nothing was changed at the carrier.',
      'A person must mend the policy file; then call again.',
      'code: POLICY_DENIED',
      sandboxLine,
    ],
    error: { code: 'POLICY_DENIED', retryable: false, details: {} },
  })
  expect(rig.sent()).toEqual([])
  expect(rig.logged).toEqual([])
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
      fields: {
        tool: 'queryDID',
        reference,
        error: expect.objectContaining({ message: expect.stringContaining('secret-marked-4711') }),
      },
    },
  ])
})
