import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readFrame } from '../../src/mcp/frames.ts'

const request = { jsonrpc: '2.0', id: 7, method: 'tools/list' }
const refused = (id: unknown, code: number, problem: string) => ({
  refused: { jsonrpc: '2.0', id, error: { code, message: `This is no request: ${problem}. Nothing was done.` } },
})

describe('what clients write for absent is absent', () => {
  test.each([
    ['params', { ...request, params: null }, request],
    ['_meta', { ...request, params: { _meta: null } }, { ...request, params: {} }],
    [
      'progressToken',
      { ...request, params: { _meta: { progressToken: null } } },
      { ...request, params: { _meta: {} } },
    ],
    ['params of a notification', { jsonrpc: '2.0', method: 'x', params: null }, { jsonrpc: '2.0', method: 'x' }],
  ])('%s', (_name, frame, message) => {
    expect(readFrame(frame)).toEqual({ message })
  })
})

describe('a message is taken', () => {
  test.each([
    ['id 0', { ...request, id: 0 }],
    ['an id that is a text', { ...request, id: '' }],
    ['params', { ...request, params: { cursor: 'x', _meta: { progressToken: 0, traceparent: 'x' } } }],
    ['a result', { jsonrpc: '2.0', id: 1, result: { action: 'accept' } }],
    ['an error', { jsonrpc: '2.0', id: 1, error: { code: -1, message: 'no', data: { a: 1 } } }],
  ])('with %s', (_name, message) => {
    expect(readFrame(message)).toEqual({ message })
  })

  test('without members that JSON-RPC does not know', () => {
    expect(readFrame({ ...request, seen: true })).toEqual({ message: request })
  })
})

describe('what is no request is refused by its id', () => {
  test.each([
    ['no jsonrpc', { id: 7, method: 'tools/list' }, -32600, 'it lacks "jsonrpc": "2.0"'],
    ['another jsonrpc', { ...request, jsonrpc: '1.0' }, -32600, 'it lacks "jsonrpc": "2.0"'],
    ['jsonrpc as a number', { ...request, jsonrpc: 2.0 }, -32600, 'it lacks "jsonrpc": "2.0"'],
    ['no method', { jsonrpc: '2.0', id: 7 }, -32600, 'it has no method'],
    ['an odd method', { ...request, method: 5 }, -32600, 'it has no method'],
    ['params by position', { ...request, params: [1] }, -32602, 'its params are no object'],
    ['params as text', { ...request, params: '{}' }, -32602, 'its params are no object'],
    ['an odd _meta', { ...request, params: { _meta: 'x' } }, -32602, 'params._meta is no object'],
    [
      'an odd token',
      { ...request, params: { _meta: { progressToken: {} } } },
      -32602,
      'params._meta.progressToken is neither a text nor a whole number',
    ],
  ])('%s', (_name, frame, code, problem) => {
    expect(readFrame(frame)).toEqual(refused(7, code, problem))
  })
})

test.each([
  ['a list', []],
  ['a text', 'tools/list'],
  ['null', null],
  ['an object without anything', {}],
  ['a request whose id is null', { ...request, id: null }],
  ['a request whose id is a fraction', { ...request, id: 1.5 }],
])('%s cannot be answered, and says why', (_name, frame) => {
  expect(readFrame(frame)).toEqual({ unreadable: expect.stringMatching(/^it(s)? /) })
})

test.each([
  ['a result that is null', { jsonrpc: '2.0', id: 1, result: null }],
  ['a result without jsonrpc', { id: 1, result: {} }],
  ['an error without a code', { jsonrpc: '2.0', id: 1, error: { message: 'no' } }],
])('%s ends the question that it answers: nobody waits for another one', (_name, frame) => {
  expect(readFrame(frame)).toEqual({
    message: { jsonrpc: '2.0', id: 1, error: { code: -32600, message: 'the answer cannot be read' } },
  })
})

test('whatever comes, a frame with a readable id is taken or answered under that id, and never thrown over', () => {
  const odd = fc.jsonValue({ maxDepth: 2 })
  const frame = fc.record({ jsonrpc: odd, id: odd, method: odd, params: odd, result: odd }, { requiredKeys: [] })
  fc.assert(
    fc.property(
      fc.oneof(frame, fc.record({ jsonrpc: fc.constant('2.0'), id: odd, method: fc.string(), params: odd })),
      (written) => {
        const value = JSON.parse(JSON.stringify(written))
        const read = readFrame(value)
        const readable = typeof value.id === 'string' || Number.isSafeInteger(value.id)
        if (!readable) return
        expect('message' in read ? read.message : 'refused' in read ? read.refused : {}).toMatchObject({ id: value.id })
      },
    ),
  )
})
