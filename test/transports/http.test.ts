import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { Request, Wire } from '../../src/mcp/json-rpc.ts'
import { listenHttp } from '../../src/transports/http.ts'

/** A server that answers `big` with much, `hold` when the test says so, and anything else at once. */
async function served() {
  const held: (() => void)[] = []
  const warnings: string[] = []
  const answer = (wire: Wire, { id, method }: Request) => {
    const send = (result: Record<string, unknown>) => void wire.send({ jsonrpc: '2.0', id, result })
    if (method === 'hold') held.push(() => send({}))
    else send(method === 'big' ? { text: 'x'.repeat(64 * 2 ** 20) } : {})
  }
  const transport = await listenHttp({
    host: '127.0.0.1',
    port: 0,
    wall: async () => ({ documents: {}, admit: async () => ({ who: { name: 'x' } }), forbidden: () => undefined }),
    open: () => ({
      async connect(wire) {
        await wire.start()
        wire.onmessage = (message) => answer(wire, message as Request)
      },
    }),
    speaks: () => true,
    ready: async () => true,
    log: { warn: (message) => void warnings.push(message) },
    limits: { callsOfOne: 2, headersMs: 400, bodyMs: 800, takeMs: 300 },
  })
  onTestFinished(() => transport.close(0))
  return { port: Number(transport.url.port), held, warnings, close: transport.close }
}

/** What comes back for these bytes until the other side closes. */
function raw(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.on('data', (piece) => {
      text += piece
    })
    socket.on('error', () => undefined).on('close', () => resolve(text))
  })
}

const head = (lines: readonly string[]) => `${lines.join('\r\n')}\r\n\r\n`
const common = ['POST /mcp HTTP/1.1', 'Host: 127.0.0.1', 'Content-Type: application/json', 'Connection: close']
const withBody = (body: string | Buffer, more: readonly string[] = []) =>
  Buffer.concat([
    Buffer.from(head([...common, `Content-Length: ${Buffer.byteLength(body)}`, ...more])),
    Buffer.from(body),
  ])
const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}'

test.each<[string, string | Buffer, number]>([
  ['no HTTP at all', 'hello\r\n\r\n', 400],
  ['no Host', head(['POST /mcp HTTP/1.1', 'Connection: close']), 400],
  ['two Hosts', withBody(ping, ['Host: evil.example']), 400],
  ['two tokens', withBody(ping, ['Authorization: Bearer a', 'Authorization: Bearer b']), 400],
  ['a Host that is none', head(['GET /mcp HTTP/1.1', 'Host: a b', 'Connection: close']), 400],
  [
    'a foreign absolute target',
    head(['GET http://evil.example/mcp HTTP/1.1', 'Host: 127.0.0.1', 'Connection: close']),
    404,
  ],
  ['a way out of the path', head(['GET /../../etc/passwd HTTP/1.1', 'Host: 127.0.0.1', 'Connection: close']), 404],
  ['two lengths', withBody(ping, ['Content-Length: 3']), 400],
  ['a length and chunks', withBody(ping, ['Transfer-Encoding: chunked']), 400],
  ['chunks by another name', withBody(ping, ['Transfer-Encoding: xchunked']), 400],
  ['a length that is no number', head([...common, 'Content-Length: 0x10']), 400],
  ['a header folded', head([...common, 'X-A: b', ' c']), 400],
  ['headers without end', head([...common, `X-A: ${'a'.repeat(20_000)}`]), 431],
  ['a body that is no UTF-8', withBody(Buffer.from([0x22, 0xff, 0x22])), 400],
  ['a body too large by its length', head([...common, 'Content-Length: 99999999999']), 413],
  ['an id that is an object', withBody('{"jsonrpc":"2.0","id":{},"method":"ping"}'), 400],
  ['no method', withBody('{"jsonrpc":"2.0","id":1}'), 400],
  ['a deep nest', withBody(`${'['.repeat(100_000)}${']'.repeat(100_000)}`), 400],
  ['an expectation', withBody(ping, ['Expect: a-pony']), 417],
  ['headers that do not end in time', 'POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\n', 408],
  ['a body that does not end in time', head([...common, 'Content-Length: 50']), 408],
])('%s is refused in JSON, without a word of how this is made', async (_, bytes, status) => {
  const { port, warnings } = await served()
  const text = await raw(port, bytes)
  expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  const body = text.slice(text.indexOf('\r\n\r\n') + 4)
  expect(JSON.parse(body)).toMatchObject({ jsonrpc: '2.0', error: { message: expect.any(String) } })
  expect(body).not.toMatch(/\n +at |node:|\.ts|\.js/)
  expect(warnings).toEqual([])
  // It goes on as if nothing had been.
  expect(await raw(port, withBody(ping))).toMatch(/^HTTP\/1.1 200 /)
})

test('a caller has so many calls in flight and no more; the others are told when to come back', async () => {
  const { port, held } = await served()
  const hold = withBody('{"jsonrpc":"2.0","id":1,"method":"hold"}')
  const first = [raw(port, hold), raw(port, hold)]
  await expect.poll(() => held.length).toBe(2)
  expect(await raw(port, withBody(ping))).toMatch(/^HTTP\/1.1 429 [\s\S]*retry-after: 1\r\n/i)
  for (const release of held) release()
  expect((await Promise.all(first)).every((text) => text.startsWith('HTTP/1.1 200 '))).toBe(true)
  expect(await raw(port, withBody(ping))).toMatch(/^HTTP\/1.1 200 /)
})

test('who asks for much and does not read it is cut off', async () => {
  const { port, close } = await served()
  const socket = connect(port, '127.0.0.1').on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  socket.write(withBody('{"jsonrpc":"2.0","id":1,"method":"big"}'))
  await new Promise<void>((resolve) => {
    socket.once('data', () => {
      socket.pause()
      resolve()
    })
  })
  // It waits for whoever is still served, and would for longer than a test may take.
  await close(60_000)
})
