import type { ServerResponse } from 'node:http'
import { describe, expect, it, vi } from 'vitest'
import { answer, did, found, numbers, queried, reserved, success } from '../support/answers.ts'
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
      "The carrier's server answered with something else than XML (HTTP 200).",
      200,
    ],
    [
      'a 403',
      (response: ServerResponse) => response.writeHead(403).end(),
      'rejected',
      "The carrier's server refused the request (HTTP 403).",
      403,
    ],
    [
      'a success with HTTP 500',
      (response: ServerResponse) => answerXml(response, reserved, 500),
      'protocol',
      "The carrier's answer says both success and failure (HTTP 500).",
      undefined,
    ],
  ] as const)('yes after %s; and a write is never sent again', async (_, respond, kind, message, code) => {
    await using server = await peer((response) => respond(response))
    await using carrier = carrierAt(server.endpoint)
    const sending = vi.fn()
    expect(await failure(carrier.reserveDID(numbers, { sending }))).toEqual(failed(kind, true, message, code))
    expect(sending).toHaveBeenCalledTimes(1)
    expect(server.received.length).toBe(1)
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
