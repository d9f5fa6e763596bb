import { afterAll, describe, expect, test } from 'vitest'
import { CarrierError } from '../../src/carrier/errors.ts'
import { JournalUnavailable } from '../../src/journal/journal.ts'
import { builtIn } from '../../src/policy/policy.ts'
import { openStage, stageWith } from '../support/stage.ts'
import { refusalAt } from './support/readings.ts'

const { client, close } = await openStage()
afterAll(close)

describe('what is offered', () => {
  test('single resources, and the first page of the account', async () => {
    const { resources, _meta } = await client.listResources()
    expect(resources.map(({ uri, mimeType }) => [uri, mimeType])).toEqual([
      ['did://account', 'application/json'],
      ['did://account/dids/1.csv', 'text/csv'],
      ['did://policy', 'application/json'],
      ['did://codes', 'application/json'],
    ])
    expect(resources.every(({ title, description }) => title && description)).toBe(true)
    expect(_meta).toEqual({ 'did-mcp/environment': 'sandbox' })
  })

  test('templates for pages, numbers and operations', async () => {
    const { resourceTemplates } = await client.listResourceTemplates()
    expect(resourceTemplates.map(({ uriTemplate, mimeType }) => [uriTemplate, mimeType])).toEqual([
      ['did://account/dids/{page}.csv', 'text/csv'],
      ['did://dids/{tn}', 'application/json'],
      ['did://operations/{id}', 'application/json'],
    ])
  })
})

describe('a reading tool that the policy denies', () => {
  const all = [
    'did://account',
    'did://account/dids/1.csv',
    'did://account/dids/{page}.csv',
    'did://codes',
    'did://dids/{tn}',
    'did://operations/{id}',
    'did://policy',
  ]

  test.each([
    ['auditDIDs', ['did://account', 'did://account/dids/1.csv', 'did://account/dids/{page}.csv'], 'did://account'],
    ['auditDIDs', ['did://account', 'did://account/dids/1.csv', 'did://account/dids/{page}.csv'], all[1]],
    ['queryDID', ['did://dids/{tn}'], 'did://dids/4355550150'],
    ['listOperations', ['did://operations/{id}'], 'did://operations/op_1'],
  ])('%s denies the resources that show the same', async (tool, hidden, uri = '') => {
    const stage = await stageWith({ policy: () => ({ ...builtIn, tools: { [tool]: 'deny' } }) })
    const { resources } = await stage.client.listResources()
    const { resourceTemplates } = await stage.client.listResourceTemplates()
    const offered = [...resources.map(({ uri }) => uri), ...resourceTemplates.map(({ uriTemplate }) => uriTemplate)]
    expect(offered.sort()).toEqual(all.filter((one) => !hidden.includes(one)))
    expect(await refusalAt(stage.client, uri)).toEqual({
      code: -32602,
      message: `${tool} is denied by the policy in force. Only a person can change the policy (DID_MCP_POLICY, or the system policy). Do not look for another way to do it.`,
      data: {
        'did-mcp/environment': 'sandbox',
        'did-mcp/error': { code: 'POLICY_DENIED', retryable: false, details: { tool, effect: 'read' } },
      },
    })
    expect(stage.sandbox.calls).toEqual([])
    expect(stage.asked).toEqual([])
  })
})

describe('a reading that fails', () => {
  test.each([
    'did://',
    'did://nothing',
    'did://account/',
    'did://dids/',
    'did://dids/%',
    'did://dids/4355550150/x',
    'file:///etc/passwd',
    `did://dids/${'1'.repeat(1_000)}`,
    'did://ac\u200bcount',
  ])('%s is no resource', async (uri) => {
    const { code, message } = await refusalAt(client, uri)
    expect(code).toBe(-32002)
    expect(message).toMatch(/^There is no resource [ -~…]{6,80}\. There are: did:\/\/account, .*did:\/\/codes\.$/)
  })

  test('and a URI is shown without what could act', async () => {
    const { message } = await refusalAt(client, 'did://x/[pay](http://evil.example)<b>')
    expect(message).toMatch(/^There is no resource did:\/\/x\/\(pay\)\(http: \/evil\.example\)‹b›\. /)
    const { message: kept } = await refusalAt(client, 'did://operations/op_k-_-x__y')
    expect(kept).toMatch(/^There is no resource did:\/\/operations\/op_k-_-x__y\. /)
  })

  test('says what the carrier did, in our words', async () => {
    const stage = await stageWith({
      carrier: {
        async queryDID() {
          throw new CarrierError('timeout', 'The carrier did not answer within 30 s.', { maybeSent: true })
        },
      },
    })
    expect(await refusalAt(stage.client, 'did://dids/4355550150')).toEqual({
      code: -32603,
      message:
        'The carrier did not answer within 30 s. Ask for less (more criteria, fewer numbers), or try again later.',
      data: {
        'did-mcp/environment': 'sandbox',
        'did-mcp/error': { code: 'CARRIER_TIMEOUT', retryable: true, details: {} },
      },
    })
  })

  test('says that the journal is away', async () => {
    const stage = await stageWith({
      journal: async () => {
        throw new JournalUnavailable('The journal cannot be opened: the disk is full.')
      },
    })
    const { code, message } = await refusalAt(stage.client, 'did://operations/op_1')
    expect(code).toBe(-32603)
    expect(message).toMatch(/^The journal cannot be opened: the disk is full\. No write is sent/)
  })

  test('inside says nothing of itself: it is logged under the reference that the answer names', async () => {
    const stage = await stageWith({
      carrier: {
        async queryDID() {
          throw new Error('connect https://user:secret-marked-4711@host failed')
        },
      },
    })
    const answer = await refusalAt(stage.client, 'did://dids/4355550150')
    expect(JSON.stringify(answer)).not.toMatch(/secret-marked|https|\.ts/)
    const reference = /\(reference ([0-9a-z]{6,8}) in its log\)/.exec(answer.message)?.[1]
    expect(answer).toMatchObject({
      code: -32603,
      data: { 'did-mcp/error': { code: 'INTERNAL', retryable: true, details: { reference } } },
    })
    expect(stage.logged).toEqual([
      {
        message: 'a call failed inside',
        fields: {
          tool: 'resources/read',
          reference,
          error: expect.objectContaining({ message: expect.stringContaining('secret-marked-4711') }),
        },
      },
    ])
  })
})

test('who asked for progress hears how many numbers were read', async () => {
  const stage = await stageWith({
    carrier: {
      async auditDIDs(row) {
        for (let line = 0; line < 5_000; line++) row({ tn: String(2_125_550_000 + line), statusCode: 100 })
        return {}
      },
    },
  })
  const heard: unknown[] = []
  const uri = 'did://account/dids/1.csv'
  await stage.client.readResource({ uri }, { onprogress: (progress) => heard.push(progress) })
  expect(heard).toEqual([{ progress: 5000, message: '5000 numbers read' }])
})
