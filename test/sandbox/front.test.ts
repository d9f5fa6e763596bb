import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/service.ts'
import { bytes, envelope, type Posting, post, write } from './support/callers.ts'

let sandbox: Sandbox

beforeAll(async () => {
  sandbox = await startSandbox()
})

afterAll(() => sandbox.close())

const good = envelope('queryDID', '<ns1:did>4355550150</ns1:did>')
const withId = (id: string) => good.replace('<ns1:did>', `<ns1:did id="${id}">`)

const refusals: [what: string, posting: Partial<Posting>, status: number, says: RegExp][] = [
  ['a foreign Host', { headers: { host: 'carrier.example:80' } }, 403, /loopback/],
  ['no Host worth the name', { headers: { host: '@@' } }, 403, /loopback/],
  ['a foreign Origin', { headers: { origin: 'https://evil.example' } }, 403, /origin/],
  ['an opaque Origin', { headers: { origin: 'null' } }, 403, /origin/],
  ['another path', { path: '/' }, 404, /Services/],
  ['PUT', { method: 'PUT' }, 405, /posted/],
  ['GET without ?wsdl', { method: 'GET', body: '' }, 405, /posted/],
  ['text/plain', { headers: { 'content-type': 'text/plain' } }, 415, /text\/xml/],
  ['SOAP 1.2', { headers: { 'content-type': 'application/soap+xml' } }, 415, /1\.1/],
  ['no content type', { headers: { 'content-type': undefined } }, 415, /text\/xml/],
  ['another charset', { headers: { 'content-type': 'text/xml; charset=utf-16' } }, 415, /UTF-8/],
  ['gzip', { headers: { 'content-encoding': 'gzip' }, body: gzipSync(good) }, 415, /encoding/],
  ['bad gzip', { headers: { 'content-encoding': 'gzip' } }, 415, /encoding/],
  ['50 MB', { body: Buffer.alloc(50 * 1024 * 1024, 32) }, 413, /10485760 bytes/],
  [
    '50 MB in chunks',
    { body: Buffer.alloc(50 * 1024 * 1024, 32), headers: { 'transfer-encoding': 'chunked' } },
    413,
    /bytes/,
  ],
  ['bytes that are not UTF-8', { body: Buffer.from([0x3c, 0xff, 0xfe]) }, 400, /UTF-8/],
  ['no action', { headers: { soapaction: undefined } }, 500, /SOAPAction: \./],
  ['an unknown action', { operation: 'getDIDGroups' }, 500, /SOAPAction: http:\/\/tempuri.org\/getDIDGroups/],
  [
    'an action that is another than the body',
    { body: write('releaseDID', '4355550150') },
    500,
    /queryDID, the body releaseDID/,
  ],
  ['an empty body', { body: '' }, 500, /soap:Client/],
  ['XML that is cut', { body: good.slice(0, -30) }, 500, /not well-formed/],
  ['an envelope without body', { body: '<Envelope/>' }, 500, /no SOAP body/],
  ['a DTD', { body: good.replace('?>', '?><!DOCTYPE x [<!ENTITY a "b">]>') }, 500, /DTD/],
  ['an entity of its own', { body: good.replace('4355550150', '&xxe;') }, 500, /not well-formed/],
  ['an id that is a prototype', { body: withId('__proto__') }, 500, /forbidden id/],
  ['the same in disguise', { body: withId('__&#112;roto__') }, 500, /forbidden id/],
  ['a control character', { body: good.replace('4355550150', '&#1;') }, 500, /character/],
  ['a lone surrogate', { body: good.replace('4355550150', '&#xd800;') }, 500, /character/],
  [
    'a thousand levels',
    { body: good.replace('4355550150', `${'<a>'.repeat(1000)}${'</a>'.repeat(1000)}`) },
    500,
    /deep/,
  ],
]

describe('the front refuses', () => {
  for (const [what, posting, status, says] of refusals) {
    it(what, async () => {
      const before = sandbox.calls.length
      const refused = await post(sandbox, { operation: 'queryDID', body: good, ...posting })
      expect([refused.status, refused.error]).toEqual([status, undefined])
      expect(refused.body).toMatch(says)
      expect(refused.body).not.toMatch(/ at .*\.(ts|js)/)
      expect(sandbox.calls).toHaveLength(before)
      expect(sandbox.inventory.truth('4355550150').state).toBe('assigned')

      const next = await post(sandbox, { operation: 'queryDID', body: good })
      expect(next).toMatchObject({ status: 200, body: expect.stringContaining('<tn>4355550150</tn>') })
      expect('obj' in {}).toBe(false)
    })
  }

  it('the path //, a bad request line, and a header without end', async () => {
    expect(await bytes(sandbox, 'GET // HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 404 /,
    )
    expect(await bytes(sandbox, 'GET\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
    expect(await bytes(sandbox, `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(100_000)}`)).toMatch(
      /^HTTP\/1\.1 4|^$/,
    )
    expect(await post(sandbox, { operation: 'queryDID', body: good })).toMatchObject({ status: 200 })
  })

  it('nothing to a caller on localhost, with the action bare or in quotes', async () => {
    for (const headers of [
      { host: 'localhost:9999', origin: 'http://localhost:3000', soapaction: 'http://tempuri.org/queryDID' },
      { host: '127.0.0.1', 'content-type': 'text/xml', soapaction: '"http://tempuri.org/queryDID"' },
    ]) {
      expect(await post(sandbox, { operation: 'queryDID', body: good, headers })).toMatchObject({ status: 200 })
    }
  })
})
