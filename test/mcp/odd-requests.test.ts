import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Message } from '../../src/mcp/json-rpc.ts'
import { openStage, type Stage } from '../support/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

/** What one request is answered, raw: no client of the SDK writes such ones. */
async function ask(method: string, params?: unknown): Promise<unknown> {
  const [near, far] = InMemoryTransport.createLinkedPair()
  await stage.connect(far)
  const answered = new Promise<Message>((resolve) => {
    near.onmessage = (message) => resolve(message as Message)
  })
  await near.start()
  await near.send({
    jsonrpc: '2.0',
    id: 7,
    method,
    ...(params !== undefined && { params: params as Record<string, unknown> }),
  })
  const { id, ...answer } = (await answered) as Message & { id: unknown }
  expect(id).toBe(7)
  return answer
}

const failed = (code: number, message: string | RegExp, data?: object) => ({
  jsonrpc: '2.0',
  error: {
    code,
    message: typeof message === 'string' ? message : expect.stringMatching(message),
    ...(data && { data: expect.objectContaining({ 'did-mcp/error': expect.objectContaining(data) }) }),
  },
})
const invalid = { code: 'INVALID_INPUT', retryable: false }

describe('params that say nothing are none', () => {
  test.each([
    ['tools/list', { cursor: null }],
    ['tools/list', { cursor: '' }],
    ['prompts/list', {}],
    ['tools/call', { name: 'listOperations', arguments: null }],
    ['tools/call', { name: 'listOperations' }],
    ['tools/call', { name: 'listOperations', arguments: '{"limit":1}' }],
    ['tools/call', { name: 'listOperations', task: { ttl: 60_000 } }],
    ['tools/call', { name: 'listOperations', _meta: { 'io.modelcontextprotocol/related-task': 5 } }],
    ['prompts/get', { name: 'review-account', arguments: null }],
    ['prompts/get', { name: 'review-account', arguments: { state: '', epg: 8674, npa: null } }],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'review-account' }, argument: { name: 'state', value: 'U' }, context: null },
    ],
  ])('%s %j', async (method, params) => {
    expect(await ask(method, params)).toEqual({ jsonrpc: '2.0', result: expect.any(Object) })
  })
})

describe('params that cannot be meant are refused in our own words', () => {
  const reference = (ref: unknown) => ({ ref, argument: { name: 'tn', value: '4' } })
  test.each([
    [
      'tools/list',
      { cursor: 'page-2' },
      'This cursor was not given by this server: its lists are one page each. Ask again without a cursor.',
    ],
    ['resources/list', { cursor: 5 }, /^This cursor was not given/],
    ['resources/templates/list', { cursor: 'x' }, /^This cursor was not given/],
    ['prompts/list', { cursor: 'x' }, /^This cursor was not given/],
    ['tools/call', {}, /^tools\/call: name is missing: a string is needed/],
    ['tools/call', { name: ['queryDID'] }, /^tools\/call: name: expected a string, got a list of 1/],
    [
      'tools/call',
      { name: 'queryDID', arguments: [1] },
      'tools/call: arguments: expected an object. Send {"name": value, …}, or leave arguments out.',
    ],
    ['resources/read', {}, /^resources\/read: uri is missing: a string is needed/],
    ['prompts/get', { name: 'review-account', arguments: 'UT' }, /^prompts\/get: arguments: expected an object/],
    [
      'completion/complete',
      reference({ type: 'ref/tool', name: 'x' }),
      /^completion\/complete: ref\.type: expected one of ref\/prompt, ref\/resource, got "ref\/tool"/,
    ],
    ['completion/complete', reference(null), /^completion\/complete: ref is missing/],
    [
      'completion/complete',
      reference({ type: 'ref/prompt' }),
      /^completion\/complete: a ref of type ref\/prompt needs name/,
    ],
    [
      'completion/complete',
      reference({ type: 'ref/resource', name: 'x' }),
      /^completion\/complete: a ref of type ref\/resource needs uri/,
    ],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'review-account' } },
      /^completion\/complete: argument is missing/,
    ],
  ])('%s %j', async (method, params, message) => {
    expect(await ask(method, params)).toEqual(failed(-32602, message, invalid))
  })
})

test.each(['logging/setLevel', 'resources/subscribe', 'tasks/list', 'constructor', 'x'])(
  'there is no method %s',
  async (method) => {
    expect(await ask(method)).toEqual(
      failed(-32601, new RegExp(`^There is no method "${method}"\\. There are: tools/list, `)),
    )
  },
)

test('an initialize that is none is refused by its id, in our words', async () => {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x' } }
  expect(await ask('initialize', params)).toEqual(
    failed(
      -32602,
      'initialize: params.clientInfo.version is missing or not as the protocol has it. It needs protocolVersion, capabilities and clientInfo with name and version.',
    ),
  )
  expect(await ask('initialize')).toMatchObject({ error: { code: -32602 } })
})
