import type { ServerResponse } from 'node:http'
import { describe, expect, it, vi } from 'vitest'
import { answer, did, fault, fault12, found, numbers, queried, reserved, success } from '../support/answers.ts'
import { certificate } from '../support/certificate.ts'
import { failed, failure } from '../support/failures.ts'
import { answerXml, carrierAt, deadEndpoint, peer, rawPeer } from '../support/peer.ts'

describe('whether the request may have arrived', () => {
  it('not where nobody listens, the name is unknown, or TLS fails', async () => {
    await using plain = await rawPeer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    for (const endpoint of [
      await deadEndpoint(),
      'http://carrier..invalid/',
      plain.endpoint.replace('http:', 'https:'),
    ]) {
      await using carrier = carrierAt(endpoint)
      const sending = vi.fn()
      expect(await failure(carrier.assignDID([{ tn: '4352154006', epg: 8674 }], { sending }))).toMatchObject({
        kind: 'unavailable',
        maybeSent: false,
      })
      expect(sending).not.toHaveBeenCalled()
    }
  })

  it('not where the certificate is not trusted; `ca` says whom to trust', async () => {
    await using server = await peer((response) => answerXml(response, queried), { tls: true })
    await using wary = carrierAt(server.endpoint)
    expect(await failure(wary.queryDID('4352154006', {}))).toEqual(
      failed('unavailable', false, 'The connection to the carrier failed (DEPTH_ZERO_SELF_SIGNED_CERT).'),
    )
    expect(server.received).toEqual([])
    await using trusting = carrierAt(server.endpoint, { ca: certificate.cert })
    expect(await trusting.queryDID('4352154006', {})).toMatchObject(found)
  })

  it.each([
    [
      'a reset',
      (response: ServerResponse) => response.destroy(),
      'unavailable',
      'The connection to the carrier failed (ECONNRESET).',
      undefined,
    ],
    [
      'a 503',
      (response: ServerResponse) => response.writeHead(503).end('<html>'),
      'unavailable',
      "The carrier's server failed (HTTP 503).",
      503,
    ],
    [
      'a lost connection in the middle',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'text/xml' }).write(reserved.slice(0, 300), () => response.destroy())
      },
      'unavailable',
      'The connection to the carrier failed (ECONNRESET).',
      undefined,
    ],
    [
      'a cut answer',
      (response: ServerResponse) => answerXml(response, reserved.slice(0, 300)),
      'protocol',
      "The carrier's answer is not well-formed XML, or was cut.",
      undefined,
    ],
    [
      'an HTML page',
      (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      'protocol',
      "The carrier's server answered with something else than SOAP (HTTP 200).",
      200,
    ],
    [
      'a 403',
      (response: ServerResponse) => response.writeHead(403).end(),
      'auth',
      "The carrier's server let nobody in (HTTP 403): most often this machine's public IP address is not registered with the API user.",
      403,
    ],
    [
      'a 404',
      (response: ServerResponse) => answerXml(response, '<html/>', 404),
      'rejected',
      "The carrier's server refused the request (HTTP 404).",
      404,
    ],
    [
      'a 429',
      (response: ServerResponse) => response.writeHead(429, { 'retry-after': '1' }).end('slow down'),
      'unavailable',
      "The carrier's server asks for fewer requests (HTTP 429).",
      429,
    ],
    [
      'a 204',
      (response: ServerResponse) => response.writeHead(204).end(),
      'protocol',
      "The carrier's server answered with something else than SOAP (HTTP 204).",
      204,
    ],
  ] as const)('yes after %s; and a write is never sent again', async (_, respond, kind, message, code) => {
    await using server = await peer((response) => respond(response))
    await using carrier = carrierAt(server.endpoint)
    const sending = vi.fn()
    expect(await failure(carrier.reserveDID(numbers, { sending }))).toEqual(failed(kind, true, message, code))
    expect(sending).toHaveBeenCalledTimes(1)
    expect(server.received.length).toBe(1)
  })

  it.each([
    ['an envelope with HTTP 500', reserved, 500, 'text/xml'],
    ['no content type', reserved, 200, undefined],
    ['a wrong content type', reserved, 200, 'text/html; charset=iso-2022-jp'],
    ['both, with HTTP 400', reserved, 400, 'application/octet-stream'],
  ])('what the body says counts: %s', async (_, body, status, type) => {
    await using server = await peer((response) =>
      response.writeHead(status, type === undefined ? {} : { 'content-type': type }).end(body),
    )
    await using carrier = carrierAt(server.endpoint)
    expect(await carrier.reserveDID(numbers, {})).toMatchObject({ code: 100, dids: [{ tn: numbers[0]?.tn }] })
  })

  it.each([
    ['with HTTP 200', fault('no'), 200],
    ['with HTTP 500', fault('no'), 500],
    ['of SOAP 1.2 with HTTP 400', fault12('no'), 400],
  ])('a fault %s is a fault', async (_, body, status) => {
    await using server = await peer((response) => answerXml(response, body, status))
    await using carrier = carrierAt(server.endpoint)
    expect(await failure(carrier.reserveDID(numbers, {}))).toEqual(
      failed('unavailable', true, 'The carrier answered with a fault: "no".'),
    )
  })

  it('not where the caller stops it in the last moment', async () => {
    await using server = await peer((response) => answerXml(response, reserved))
    await using carrier = carrierAt(server.endpoint)
    const sending = () => {
      throw new Error('the journal is away')
    }
    expect(await failure(carrier.reserveDID(numbers, { sending }))).toEqual(
      failed('cancelled', false, 'The caller stopped the request. Nothing was sent.'),
    )
    expect(server.received).toEqual([])
  })
})

describe('retries', () => {
  it('a read is asked again after a reset, a 502, a 503 and before its deadline', async () => {
    await using server = await peer((response, _, count) => {
      if (count === 1) response.destroy()
      else if (count < 4) answerXml(response, '', count === 2 ? 502 : 503)
      else answerXml(response, queried)
    })
    await using carrier = carrierAt(server.endpoint)
    expect(await carrier.queryDID('4352154006', {})).toMatchObject(found)
    expect(server.received.length).toBe(4)
  })

  it.each([
    ['a 500', (response: ServerResponse) => answerXml(response, '', 500)],
    ['a 429', (response: ServerResponse) => answerXml(response, '', 429)],
    ['a fault of its own', (response: ServerResponse) => answerXml(response, fault('deadlock'), 500)],
    ['an exception', (response: ServerResponse) => answerXml(response, queried.replace('>100<', '>900<'))],
  ])('a read is asked again after %s', async (_, respond) => {
    await using server = await peer((response, _, count) =>
      count === 1 ? respond(response) : answerXml(response, queried),
    )
    await using carrier = carrierAt(server.endpoint)
    expect(await carrier.queryDID('4352154006', {})).toMatchObject(found)
    expect(server.received.length).toBe(2)
  })

  it.each([
    ['seconds', () => '1'],
    ['a date', () => new Date(Date.now() + 1500).toUTCString()],
  ])('not before the server wants it (in %s)', async (_, after) => {
    const at: number[] = []
    await using server = await peer((response, _, count) => {
      at.push(performance.now())
      if (count === 1) response.writeHead(503, { 'retry-after': after() }).end()
      else answerXml(response, queried)
    })
    await using carrier = carrierAt(server.endpoint)
    expect(await carrier.queryDID('4352154006', {})).toMatchObject(found)
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(400)
  })

  it('not at all where that would be after the deadline', async () => {
    await using server = await peer((response) => response.writeHead(503, { 'retry-after': '60' }).end())
    await using carrier = carrierAt(server.endpoint)
    const error = await carrier.queryDID('4352154006', {}).catch((error: unknown) => error)
    expect(error).toMatchObject({ kind: 'unavailable', code: 503, retryAfterMs: 60_000 })
    expect(server.received.length).toBe(1)
  })

  it('three times at most, and not after an answer', async () => {
    await using down = await peer((response) => answerXml(response, '', 504))
    await using one = carrierAt(down.endpoint)
    expect(await failure(one.isPortable('4352154006', {}))).toEqual(
      failed('unavailable', true, "The carrier's server failed (HTTP 504).", 504),
    )
    expect(down.received.length).toBe(4)
    await using odd = await peer((response) => answerXml(response, '<html/>'))
    await using two = carrierAt(odd.endpoint)
    expect(await failure(two.isPortable('4352154006', {}))).toMatchObject({ kind: 'protocol' })
    expect(odd.received.length).toBe(1)
  })

  it('a listing is not asked again once a row was handed out', async () => {
    const listing = answer('auditDIDs', success(`<DIDs>${did().repeat(3)}</DIDs>`))
    await using server = await peer((response, _, count) => {
      const length = count === 1 ? 200 : listing.indexOf('</DID>') + 10
      response.writeHead(200, { 'content-type': 'text/xml' }).write(listing.slice(0, length), () => response.destroy())
    })
    await using carrier = carrierAt(server.endpoint)
    const row = vi.fn()
    expect(await failure(carrier.auditDIDs(row, {}))).toMatchObject({ kind: 'unavailable', maybeSent: true })
    expect(server.received.length).toBe(2)
    expect(row).toHaveBeenCalledTimes(1)
  })
})
