import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { describe, expect, it, vi } from 'vitest'
import { found, numbers, queried, reserved } from '../support/answers.ts'
import { certificate } from '../support/certificate.ts'
import { failure } from '../support/failures.ts'
import { answerXml, carrierAt, deadEndpoint, peer, secret } from '../support/peer.ts'
import { proxyPassword, startProxy } from '../support/proxy.ts'

const answers = (response: ServerResponse, { headers }: { headers: IncomingHttpHeaders }) =>
  answerXml(response, String(headers.soapaction).includes('reserveDID') ? reserved : queried)

const trusted = { ca: certificate.cert }

describe('through a proxy', () => {
  it('everything goes in tunnels that it sees nothing of; each write has one of its own', async () => {
    await using server = await peer(answers, { tls: true })
    await using proxy = await startProxy(() => 'open')
    await using carrier = carrierAt(server.endpoint, { ...trusted, proxy: proxy.url })
    expect(await carrier.queryDID('4352154006', {})).toMatchObject(found)
    await carrier.reserveDID(numbers, {})
    await carrier.reserveDID(numbers, {})
    await carrier.queryDID('4352154006', {})
    expect(server.received.map(({ connection }) => connection)).toEqual([1, 2, 3, 1])
    const as = `Basic ${Buffer.from(`user:${proxyPassword}`).toString('base64')}`
    expect(proxy.asked).toEqual(Array.from({ length: 3 }, () => ({ to: new URL(server.endpoint).host, as })))
    expect(proxy.seen()).not.toMatch(/S3CRET|queryDID|soap/i)
    expect(server.received.map(({ headers }) => headers['proxy-authorization'])).toEqual(Array(4).fill(undefined))
  })

  it('a certificate that is not the carrier’s is refused, and nothing is sent', async () => {
    await using server = await peer(answers, { tls: true })
    await using proxy = await startProxy(() => 'open')
    await using carrier = carrierAt(server.endpoint, { proxy: proxy.url })
    const sending = vi.fn()
    expect(await failure(carrier.reserveDID(numbers, { sending }))).toMatchObject({
      kind: 'unavailable',
      maybeSent: false,
      message: 'The connection to the carrier failed (DEPTH_ZERO_SELF_SIGNED_CERT).',
    })
    expect(sending).not.toHaveBeenCalled()
    expect(server.received).toEqual([])
  })

  it.each([
    [407, 'answered with HTTP 407', 'It wants a user and a password that it knows: check those in DID_MCP_PROXY'],
    [403, 'answered with HTTP 403', 'Check DID_MCP_PROXY, and whether the proxy lets this machine through'],
    [502, 'answered with HTTP 502', 'Check DID_MCP_PROXY, and whether the proxy lets this machine through'],
  ])('where it refuses with %i a write never left, and its password is in no word', async (status, why, next) => {
    await using server = await peer(answers, { tls: true })
    await using proxy = await startProxy(() => status)
    await using carrier = carrierAt(server.endpoint, { ...trusted, proxy: proxy.url })
    const sending = vi.fn()
    const error = await failure(carrier.reserveDID(numbers, { sending }))
    expect(error).toMatchObject({ kind: 'unavailable', maybeSent: false })
    expect(error.message).toContain(`The proxy ${why} and opened no connection to the carrier. ${next}`)
    expect(error.message).toMatch(/Nothing was sent\.$/)
    expect(JSON.stringify([error, error.message, error.stack])).not.toMatch(/marked|cHI|dXNlcj/)
    expect(sending).not.toHaveBeenCalled()
    expect(proxy.asked).toHaveLength(1)
    expect(server.connections()).toBe(0)
  })

  it('where nobody listens at its address, that is said of the proxy', async () => {
    const proxy = new URL(await deadEndpoint())
    await using carrier = carrierAt('https://carrier.example/', { proxy })
    expect(await failure(carrier.reserveDID(numbers, {}))).toMatchObject({
      maybeSent: false,
      message: expect.stringContaining('The proxy could not be reached (ECONNREFUSED)'),
    })
  })

  it('where it does not answer and the call is given up, nothing has left, and the tunnel is given up too', async () => {
    const stop = new AbortController()
    await using proxy = await startProxy(() => {
      stop.abort()
      return 'silent'
    })
    await using carrier = carrierAt('https://carrier.example/', { proxy: proxy.url })
    const sending = vi.fn()
    expect(await failure(carrier.reserveDID(numbers, { sending, signal: stop.signal }))).toMatchObject({
      kind: 'cancelled',
      maybeSent: false,
    })
    expect(sending).not.toHaveBeenCalled()
    await vi.waitFor(() => expect(proxy.ended()).toBe(1))
  })

  it('a read that it refused once is asked again', async () => {
    await using server = await peer(answers, { tls: true })
    await using proxy = await startProxy((count) => (count === 1 ? 503 : 'open'))
    await using carrier = carrierAt(server.endpoint, { ...trusted, proxy: proxy.url })
    expect(await carrier.queryDID('4352154006', {})).toMatchObject(found)
    expect(proxy.asked).toHaveLength(2)
  })

  it('an answer that is lost after the tunnel stood leaves a write maybe sent', async () => {
    await using server = await peer((response) => response.socket?.destroy(), { tls: true })
    await using proxy = await startProxy(() => 'open')
    await using carrier = carrierAt(server.endpoint, { ...trusted, proxy: proxy.url })
    expect(await failure(carrier.reserveDID(numbers, {}))).toMatchObject({ maybeSent: true })
    expect(server.received).toHaveLength(1)
    expect(server.received[0]?.body).toContain(secret.slice(0, 6))
  })
})
