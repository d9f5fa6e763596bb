import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { found, numbers, queried, reserved } from '../support/answers.ts'
import { certificate } from '../support/certificate.ts'
import { failed, failure } from '../support/failures.ts'
import { answerXml, carrierAt, peer } from '../support/peer.ts'

afterEach(() => vi.unstubAllEnvs())

const operationOf = (headers: IncomingHttpHeaders) => String(headers.soapaction).slice(20, -1)

const queriesAndReservations = (response: ServerResponse, { headers }: { headers: IncomingHttpHeaders }) =>
  answerXml(response, operationOf(headers) === 'reserveDID' ? reserved : queried)

describe('where the request goes', () => {
  it.each([301, 302, 307, 308])('a redirect (%i) is an error: the secret is not posted again', async (status) => {
    await using elsewhere = await peer((response) => answerXml(response, queried))
    await using server = await peer((response) => response.writeHead(status, { location: elsewhere.endpoint }).end())
    await using carrier = carrierAt(server.endpoint)
    expect(await failure(carrier.queryDID('4352154006', {}))).toEqual(
      failed(
        'protocol',
        true,
        `The carrier's server answered with a redirect (HTTP ${status}), which is not followed.`,
        status,
      ),
    )
    expect(elsewhere.received).toEqual([])
  })

  it('a proxy in the environment is not used', async () => {
    await using proxy = await peer((response) => answerXml(response, queried))
    for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'all_proxy']) vi.stubEnv(name, proxy.endpoint)
    await using server = await peer((response) => answerXml(response, queried))
    await using carrier = carrierAt(server.endpoint)
    await carrier.queryDID('4352154006', {})
    expect([server.received.length, proxy.received.length]).toEqual([1, 0])
  })
})

describe('connections', () => {
  it('are kept for reads; each write has its own', async () => {
    await using server = await peer(queriesAndReservations)
    await using carrier = carrierAt(server.endpoint)
    await carrier.queryDID('4352154006', {})
    await carrier.reserveDID(numbers, {})
    await carrier.reserveDID(numbers, {})
    await carrier.queryDID('4352154006', {})
    expect(server.received.map(({ connection }) => connection)).toEqual([1, 2, 3, 1])
  })

  it('of a peer that closes each one unannounced cost no write and no read', async () => {
    await using server = await peer((response, received) => {
      response.shouldKeepAlive = true
      response.once('finish', () => response.socket?.end())
      queriesAndReservations(response, received)
    })
    await using carrier = carrierAt(server.endpoint, { concurrency: 1, retryDelayMs: 60_000 })
    for (let call = 0; call < 8; call++) {
      expect(await carrier.queryDID('4352154006', {})).toMatchObject(found)
      expect(await carrier.reserveDID(numbers, {})).toMatchObject({ code: 100 })
    }
    expect(server.received.map(({ headers }) => operationOf(headers))).toEqual(
      Array.from({ length: 8 }, () => ['queryDID', 'reserveDID']).flat(),
    )
  })

  it('that have ended under a read are replaced at once, and the read is asked again', async () => {
    // Each connection answers once, and is reset as its second request arrives.
    await using server = await peer((response, { connection }) => {
      const first = server.received.filter((one) => one.connection === connection).length === 1
      if (first) answerXml(response, queried)
      else response.socket?.resetAndDestroy()
    })
    await using carrier = carrierAt(server.endpoint, { retryDelayMs: 60_000 })
    for (let call = 0; call < 4; call++) expect(await carrier.queryDID('4352154006', {})).toMatchObject(found)
    expect(server.received.map(({ connection }) => connection)).toEqual([1, 1, 2, 2, 3, 3, 4])
  })

  it.each(['at once', 'a moment later', 'in part'])(
    'on which the peer says %s what nobody asked for are ended, and nothing of it is read',
    async (when) => {
      const lie = `HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: ${queried.length}\r\n\r\n${queried.replace('>assigned<', '>available<')}`
      await using server = await peer((response, received) => {
        const { socket } = response
        const speak = () => socket?.write(when === 'in part' ? lie.slice(0, 30) : lie.slice(0, -3))
        response.once('finish', () => (when === 'at once' ? speak() : setTimeout(speak, 5)))
        queriesAndReservations(response, received)
      })
      await using carrier = carrierAt(server.endpoint)
      expect(await carrier.queryDID('4352154006', {})).toMatchObject({ did: { availability: 'assigned' } })
      await vi.waitFor(() => expect(server.open()).toBe(0), { interval: 2 })
      expect(await carrier.queryDID('4352154006', {})).toMatchObject({ did: { availability: 'assigned' } })
      expect(server.received.map(({ connection }) => connection)).toEqual([1, 2])
    },
  )

  it('that speak before they are asked carry no write', async () => {
    const lie = `HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: ${reserved.length}\r\n\r\n${reserved}`
    await using server = await peer((response) => answerXml(response, reserved), { greeting: lie })
    await using carrier = carrierAt(server.endpoint)
    const sending = vi.fn()
    expect(await failure(carrier.reserveDID(numbers, { sending }))).toMatchObject({
      kind: 'unavailable',
      maybeSent: false,
    })
    expect([sending.mock.calls.length, server.received.length]).toEqual([0, 0])
  })

  it.each([false, true])('of a request that was given up are reset, not closed (TLS: %s)', async (tls) => {
    await using server = await peer(() => undefined, { tls })
    await using carrier = carrierAt(server.endpoint, {
      ca: certificate.cert,
      timeoutMs: { call: 1000, listing: 1000 },
      now: () => 1_000,
    })
    const error = await carrier.reserveDID(numbers, {}).catch((error: unknown) => error)
    expect(error).toMatchObject({ kind: 'timeout', maybeSent: true, givenUpAt: 1_000 })
    await vi.waitFor(() => expect(server.ended).toEqual(['ECONNRESET']), { interval: 2 })
  })

  it('are at most as many as asked for, and writes go ahead of reads that wait', async () => {
    const open: (() => void)[] = []
    await using server = await peer((response, { headers }) => {
      open.push(() => queriesAndReservations(response, { headers }))
    })
    await using carrier = carrierAt(server.endpoint, { concurrency: 1 })
    const all = [
      carrier.queryDID('4352154006', {}),
      carrier.queryDID('4352154006', {}),
      carrier.reserveDID(numbers, {}),
    ]
    for (let answered = 0; answered < 3; answered++) {
      await vi.waitFor(() => expect(open.length).toBe(answered + 1), { interval: 2 })
      open[answered]?.()
    }
    await Promise.all(all)
    expect(server.received.map(({ headers }) => operationOf(headers))).toEqual(['queryDID', 'reserveDID', 'queryDID'])
  })

  it('a write reads under its own turn: in its place, ahead of reads that wait, and never beside more than may be', async () => {
    let inFlight = 0
    let most = 0
    await using server = await peer((response, { headers }) => {
      most = Math.max(most, ++inFlight)
      setImmediate(() => {
        inFlight--
        answerXml(response, String(headers.soapaction).includes('reserve') ? reserved : queried)
      })
    })
    for (const concurrency of [1, 3]) {
      await using carrier = carrierAt(server.endpoint, { concurrency })
      const order: string[] = []
      const others: Promise<unknown>[] = []
      await carrier.reserveDID([...numbers, { tn: '4352154099' }], {
        prepare: async (turn) => {
          for (let count = 0; count < 8; count++) {
            others.push(carrier.queryDID('4352154006', {}).then(() => order.push('other')))
          }
          const under = Array.from({ length: 8 }, () => turn.queryDID('4352154006', {}))
          await Promise.all(under.map((read) => read.then(() => order.push('turn'))))
          return numbers
        },
      })
      await Promise.all(others)
      // Those that had a place already when the turn began to read.
      expect(order.slice(0, 8 + concurrency - 1).filter((one) => one === 'turn')).toHaveLength(8)
    }
    expect(most).toBe(3)
    const writes = server.received.filter(({ headers }) => String(headers.soapaction).includes('reserve'))
    expect(writes.map(({ body }) => [body.includes('4352154006'), body.includes('4352154099')])).toEqual([
      [true, false],
      [true, false],
    ])
  })

  it('end with close(), and calls after it reject', async () => {
    await using server = await peer((response) => answerXml(response, queried))
    const carrier = carrierAt(server.endpoint)
    await carrier.queryDID('4352154006', {})
    await carrier.close()
    expect(await failure(carrier.queryDID('4352154006', {}))).toEqual(
      failed('cancelled', false, 'The carrier is closed. Nothing was sent.'),
    )
  })
})
