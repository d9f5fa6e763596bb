import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { PassThrough, Writable } from 'node:stream'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { CallToolRequestSchema, EmptyResultSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { describe, expect, test, vi } from 'vitest'
import { legacyTransport } from '../../src/mcp/legacy-wire.ts'
import { type StdioOptions, stdioTransport } from '../../src/transports/stdio.ts'

/** A server whose one tool answers when the test says so, at the end of two streams. */
async function open(options: Partial<StdioOptions> = {}) {
  const stdin = new PassThrough()
  const stdout = new PassThrough()
  const logged: { message: string; fields: unknown }[] = []
  const log = { warn: (message: string, fields?: unknown) => void logged.push({ message, fields }) }
  const transport = stdioTransport({ stdin, stdout, log, ...options })
  const server = new Server({ name: 'test', version: '1' }, { capabilities: { tools: {} } })
  const calls: { id: unknown; signal: AbortSignal; answer(): void }[] = []
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [] }))
  server.setRequestHandler(
    CallToolRequestSchema,
    (_request, { requestId: id, signal }) =>
      new Promise((resolve) => calls.push({ id, signal, answer: () => resolve({ content: [] }) })),
  )
  await server.connect(legacyTransport(transport))
  const write = (message: object) => stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  /** The next message that comes out. */
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<unknown> => JSON.parse(String((await lines.next()).value))
  return { stdin, stdout, logged, transport, server, calls, write, next }
}

const list = (id: number | string) => ({ id, method: 'tools/list' })
const call = (id: number | string) => ({ id, method: 'tools/call', params: { name: 'x' } })

test('one message a line, both ways', async () => {
  const { write, next } = await open()
  write(list(1))
  write(list('b'))
  expect(await next()).toEqual({ jsonrpc: '2.0', id: 1, result: { tools: [] } })
  expect(await next()).toEqual({ jsonrpc: '2.0', id: 'b', result: { tools: [] } })
})

test('what is no message is logged, gets no answer and ends nothing', async () => {
  const { stdin, write, next, logged } = await open()
  stdin.write('{"jsonrpc":"2.0",\n')
  stdin.write('{"jsonrpc":"2.0","params":null}\n[]\n\n')
  write(list(2))
  expect(await next()).toMatchObject({ id: 2 })
  expect(logged).toEqual([
    { message: 'a line of the input is not JSON', fields: { characters: 17 } },
    { message: 'a line of the input is no JSON-RPC message', fields: { characters: 31, why: 'it has no method' } },
    { message: 'a line of the input is no JSON-RPC message', fields: { characters: 2, why: 'it is no object' } },
  ])
})

test('a line that is too long is logged, its request answered with an error, and the connection goes on', async () => {
  const { write, next, logged } = await open({ mostBytes: 300 })
  write({ method: 'tools/call', params: { name: 'x', arguments: { did: 'x'.repeat(1000) } }, id: 7 })
  write(list(8))
  expect(await next()).toEqual({
    jsonrpc: '2.0',
    id: 7,
    error: { code: -32600, message: 'The request has 1091 bytes; at most 300 are read. Nothing was done.' },
  })
  expect(await next()).toMatchObject({ id: 8 })
  expect(logged).toEqual([
    { message: 'a line of the input is too long and was dropped', fields: { bytes: 1091, mostBytes: 300 } },
  ])
})

describe('a batch', () => {
  const initialize = (protocolVersion: string) => ({
    id: 'init',
    method: 'initialize',
    params: { protocolVersion, capabilities: {}, clientInfo: { name: 'test', version: '1' } },
  })
  const message = (frame: object) => ({ jsonrpc: '2.0', ...frame })
  const listed = (id: unknown) => ({ jsonrpc: '2.0', id, result: { tools: [] } })
  const refused = (id: unknown, why: string) => {
    return { jsonrpc: '2.0', id, error: { code: -32600, message: `This is no request: ${why}. Nothing was done.` } }
  }

  async function agreed(revision: string) {
    const opened = await open()
    opened.write(initialize(revision))
    expect(await opened.next()).toMatchObject({ result: { protocolVersion: revision } })
    const batch = (...frames: unknown[]) => opened.stdin.write(`${JSON.stringify(frames)}\n`)
    return { ...opened, batch }
  }

  test('is answered in one line where the agreed revision has them, what is no request in it as well', async () => {
    const { batch, calls, next, write } = await agreed('2025-03-26')
    batch(message(list(1)), message(call(2)), { id: 3, method: 'x' }, message({ method: 'notifications/x' }), 5)
    await turns(5)
    write(list(4))
    expect(await next()).toEqual(listed(4))
    calls[0]?.answer()
    const answers = [
      refused(3, 'it lacks "jsonrpc": "2.0"'),
      listed(1),
      { jsonrpc: '2.0', id: 2, result: { content: [] } },
    ]
    expect(await next()).toEqual(answers)
  })

  test('lacks the answers to what was cancelled, in work or waiting', async () => {
    const { batch, calls, next, write } = await agreed('2025-03-26')
    for (let id = 100; id < 163; id++) write(call(id))
    batch(message(call(1)), message(call(2)), message(list(3)))
    await turns(5)
    for (const requestId of [2, 1]) write({ method: 'notifications/cancelled', params: { requestId } })
    expect(await next()).toEqual([listed(3)])
    expect(calls).toHaveLength(64)
    batch(message(call(4)))
    await turns(5)
    write({ method: 'notifications/cancelled', params: { requestId: 4 } })
    write(list(5))
    expect(await next()).toEqual(listed(5))
  })

  test('of notifications alone gets no answer, and initialize stands in none', async () => {
    const { batch, next, write } = await agreed('2025-03-26')
    batch(message({ method: 'notifications/x' }))
    batch(message(initialize('2025-03-26')))
    expect(await next()).toEqual([refused('init', 'initialize cannot stand in a batch')])
    write(list(1))
    expect(await next()).toEqual(listed(1))
  })

  test('of more than a hundred is taken no further than to say so', async () => {
    const { batch, next, calls, write } = await agreed('2025-03-26')
    batch(...Array.from({ length: 101 }, (_, id) => message(call(id))))
    for (let id = 0; id < 100; id++) {
      expect(await next()).toEqual(refused(id, 'it stands in a batch of 101, and at most 100 are read'))
    }
    write(list('next'))
    expect(await next()).toEqual(listed('next'))
    expect(calls).toEqual([])
  })

  test.each(['2024-11-05', '2025-06-18', '2025-11-25'])(
    'is refused by each id where %s was agreed',
    async (revision) => {
      const { batch, next, calls, logged } = await agreed(revision)
      batch(message(call(1)), message({ method: 'notifications/x' }), message(call('b')))
      const why =
        'it stands in a batch, which the agreed revision of the protocol does not have; send each message in a line of its own'
      expect([await next(), await next()]).toEqual([refused(1, why), refused('b', why)])
      expect(calls).toEqual([])
      expect(logged).toEqual([{ message: 'a batch was not taken', fields: { messages: 3 } }])
    },
  )
})

test('a client that does not read why it is refused is not read from, either', async () => {
  const stdout = new Writable({ highWaterMark: 1000, write: () => undefined })
  const { stdin } = await open({ stdout })
  for (let line = 0; line < 1000; line++) stdin.write('{"id":1}\n'.repeat(100))
  await turns(20)
  expect(stdin.isPaused()).toBe(true)
  expect(stdout.writableLength).toBeLessThan(2_000_000)
})

describe('a client that asks and does not read', () => {
  /** An output that is taken from only when the test says so, and what the server made for it. */
  function slowOutput() {
    const taken: string[] = []
    let next: (() => void) | undefined
    const stdout = new Writable({
      highWaterMark: 1000,
      write(chunk, _encoding, done) {
        next = () => {
          taken.push(String(chunk))
          done()
        }
      },
    })
    const takeOne = () => next?.()
    return { stdout, taken, takeOne }
  }

  test('is answered no further than its output takes, read no further than a bound, and later answered whole', async () => {
    const { stdout, taken, takeOne } = slowOutput()
    const { stdin, calls, write } = await open({ stdout })
    const asked = 30_000
    stdin.write(
      Array.from({ length: asked }, (_, id) => `${JSON.stringify({ jsonrpc: '2.0', ...list(id) })}\n`).join(''),
    )
    await turns(50)
    expect(stdout.writableLength).toBeLessThan(5_000)
    expect(stdin.isPaused()).toBe(true)
    expect(calls).toHaveLength(0)
    while (taken.length < asked) {
      takeOne()
      await turns(1)
    }
    expect(taken.map((text) => (JSON.parse(text) as { id: number }).id)).toEqual(Array.from(Array(asked).keys()))
    expect(stdin.isPaused()).toBe(false)
    write(list('last'))
    await turns(2)
    takeOne()
    expect(taken.at(-1)).toContain('"last"')
  })

  test('has no more than 64 calls in work, however fast they come, and those that wait can be cancelled', async () => {
    const { calls, write, next } = await open()
    for (let id = 0; id < 70; id++) write(call(id))
    await turns(5)
    expect(calls.map(({ id }) => id)).toEqual(['did-mcp:0', ...Array.from({ length: 63 }, (_, index) => index + 1)])
    write({ method: 'notifications/cancelled', params: { requestId: 65 } })
    for (const one of calls.slice(0, 3)) one.answer()
    expect([await next(), await next(), await next()]).toMatchObject([{ id: 0 }, { id: 1 }, { id: 2 }])
    await turns(5)
    expect(calls.slice(64).map(({ id }) => id)).toEqual([64, 66, 67])
  })

  test('and asks twice under one id is answered one after the other', async () => {
    const { calls, write, next } = await open()
    write(call(1))
    write(call(1))
    await turns(5)
    expect(calls).toHaveLength(1)
    calls[0]?.answer()
    expect(await next()).toMatchObject({ id: 1 })
    await turns(5)
    expect(calls).toHaveLength(2)
  })

  test('what is no request passes those that wait: it may be what they wait for', async () => {
    const { calls, write, server, next } = await open()
    for (let id = 1; id <= 65; id++) write(call(id))
    const asked = server.request({ method: 'ping' }, EmptyResultSchema)
    const { id } = (await next()) as { id: number }
    write({ id, result: {} })
    expect(await asked).toEqual({})
    expect(calls).toHaveLength(64)
  })
})

describe('the end of the input', () => {
  test('ends the connection at once where nothing is asked', async () => {
    const { stdin, transport, server } = await open()
    const closed = vi.fn()
    server.onclose = closed
    stdin.end()
    expect(await transport.ended).toBe('eof')
    expect(closed).toHaveBeenCalledTimes(1)
  })

  test('waits for what was asked, the last line without an end included', async () => {
    const order: string[] = []
    const { stdin, transport, calls, next, write } = await open({
      graceMs: 60_000,
      ending: () => order.push('ending'),
    })
    write(call(1))
    stdin.end(JSON.stringify({ jsonrpc: '2.0', ...list(2) }))
    expect(await next()).toMatchObject({ id: 2 })
    expect(order).toEqual(['ending'])
    calls[0]?.answer()
    expect(await next()).toMatchObject({ id: 1 })
    expect(await transport.ended).toBe('eof')
  })

  test('does not wait for a call that was cancelled', async () => {
    const { stdin, transport, write } = await open({ graceMs: 60_000 })
    write(call(1))
    write({ method: 'notifications/cancelled', params: { requestId: 1 } })
    stdin.end()
    expect(await transport.ended).toBe('eof')
  })

  test('waits no longer than the grace, and aborts what still runs', async () => {
    const { stdin, transport, calls, write } = await open({ graceMs: 1 })
    write(call(1))
    stdin.end()
    expect(await transport.ended).toBe('eof')
    expect(calls[0]?.signal.aborted).toBe(true)
    calls[0]?.answer()
  })
})

describe('a stream that breaks', () => {
  test('EPIPE on the output ends the connection and nothing is thrown', async () => {
    const stdout = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
    })
    const ending = vi.fn()
    const { transport, write, logged, server } = await open({ stdout, ending })
    write(list(1))
    expect(await transport.ended).toBe('broken')
    expect(ending).toHaveBeenCalledTimes(1)
    expect(logged).toEqual([{ message: 'a standard stream failed', fields: { error: 'write EPIPE' } }])
    await expect(server.notification({ method: 'notifications/tools/list_changed' })).rejects.toThrow('Not connected')
    await transport.send({ jsonrpc: '2.0', id: 1, result: {} })
  })

  test('an input that fails ends it as well', async () => {
    const { stdin, transport } = await open()
    stdin.destroy(new Error('read EIO'))
    expect(await transport.ended).toBe('broken')
  })
})

test('closing it from our side', async () => {
  const { transport, server } = await open()
  await server.close()
  expect(await transport.ended).toBe('closed')
})

describe('request id 0', () => {
  test('of the client is answered as 0, and can be cancelled', async () => {
    const { write, next, calls } = await open()
    write(list(0))
    expect(await next()).toEqual({ jsonrpc: '2.0', id: 0, result: { tools: [] } })
    write(call(0))
    await vi.waitFor(() => expect(calls).toHaveLength(1))
    const aborted = once(calls[0]?.signal as AbortSignal, 'abort')
    write({ method: 'notifications/cancelled', params: { requestId: 0 } })
    await aborted
  })

  test('of ours is not 0 outside, so that a client built on the SDK hears its cancellation', async () => {
    const { server, next, write } = await open()
    const cancel = new AbortController()
    const asked = server.request({ method: 'ping' }, EmptyResultSchema, { signal: cancel.signal })
    expect(await next()).toEqual({ jsonrpc: '2.0', id: 'did-mcp:0', method: 'ping' })
    cancel.abort('enough')
    await expect(asked).rejects.toThrow('enough')
    expect(await next()).toEqual({
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId: 'did-mcp:0', reason: 'enough' },
    })
    const again = server.request({ method: 'ping' }, EmptyResultSchema)
    expect(await next()).toMatchObject({ id: 1 })
    write({ id: 1, result: {} })
    expect(await again).toEqual({})
  })

  test('an answer to it comes back to who asked', async () => {
    const { server, next, write } = await open()
    const asked = server.request({ method: 'ping' }, EmptyResultSchema)
    expect(await next()).toMatchObject({ id: 'did-mcp:0' })
    write({ id: 'did-mcp:0', result: {} })
    expect(await asked).toEqual({})
  })
})

async function turns(many: number): Promise<void> {
  for (let turn = 0; turn < many; turn++) await new Promise(setImmediate)
}
