import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/service.ts'
import { bytes, envelope, in12, type Posting, post, soap12, write } from './support/callers.ts'

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
  ['another XML', { headers: { 'content-type': 'application/xml' } }, 415, /SOAP 1\.2 request application\/soap\+xml/],
  [
    'a SOAP 1.1 envelope in a SOAP 1.2 request',
    { headers: soap12() },
    500,
    /soap:VersionMismatch.*Expecting http:..www.w3.org.2003/,
  ],
  [
    'a SOAP 1.2 envelope in a SOAP 1.1 request',
    { body: in12(good) },
    500,
    /soap:VersionMismatch.*Expecting http:..schemas.xmlsoap.org/,
  ],
  [
    'an envelope without namespace',
    { body: good.replace(/ xmlns:SOAP-ENV="[^"]*"/, '').replaceAll('SOAP-ENV:', '') },
    500,
    /VersionMismatch/,
  ],
  [
    'a prefix that is not declared',
    { body: good.replace(/ xmlns:ns1="[^"]*"/, '') },
    500,
    /not well-formed XML: Unbound/,
  ],
  [
    "another service's operation",
    { body: good.replace('http://tempuri.org/', 'http://example.org/') },
    500,
    /body http:..example.org.queryDID/,
  ],
  [
    'a SOAP 1.2 request with another charset',
    { body: in12(good), headers: soap12('queryDID', 'utf-16') },
    415,
    /UTF-8/,
  ],
  [
    'a SOAP 1.2 request with an unknown action',
    { body: in12(good), headers: soap12('getDIDGroups') },
    400,
    /<soap:Value>soap:Sender<.*getDIDGroups/,
  ],
  [
    'a SOAP 1.2 request whose action is another than the body',
    { body: in12(good), headers: soap12('releaseDID') },
    400,
    /releaseDID, the body http:..tempuri.org.queryDID/,
  ],
  [
    'a SOAP 1.2 request without action for an unknown operation',
    { body: in12(good).replaceAll('queryDID', 'getDIDGroups'), headers: soap12(null) },
    400,
    /says nothing, the body http:..tempuri.org.getDIDGroups/,
  ],
  [
    'a SOAP 1.2 request that is cut',
    { body: in12(good).slice(0, -30), headers: soap12() },
    400,
    /<soap:Text xml:lang="en">The request is not well-formed/,
  ],
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
    /queryDID, the body http:..tempuri.org.releaseDID/,
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

/** Whatever a SOAP 1.2 answer has to be besides what 1.1's is. */
const written12 = /^<\?xml [^>]*\?><soap:Envelope [^>]*xmlns:soap="http:\/\/www\.w3\.org\/2003\/05\/soap-envelope"/

describe('SOAP 1.2', () => {
  const ask = (operation: string, body: string, headers = soap12(operation)) =>
    post(sandbox, { operation, body: in12(body), headers })
  const answered = { status: 200, headers: { 'content-type': 'application/soap+xml; charset=utf-8' } }

  it('is answered as 1.1 is, in its own envelope, with the action in the content type or in the body alone', async () => {
    const in11 = (await post(sandbox, { operation: 'queryDID', body: good })).body
    for (const headers of [
      soap12('queryDID'),
      soap12(null),
      {
        'content-type': 'Application/SOAP+XML;Action=http://tempuri.org/queryDID ;Charset="UTF-8"',
        soapaction: 'what',
      },
    ]) {
      const wire = await ask('queryDID', good, headers)
      expect(wire).toMatchObject(answered)
      expect(wire.body).toMatch(written12)
      expect(
        wire.body.replace('http://www.w3.org/2003/05/soap-envelope', 'http://schemas.xmlsoap.org/soap/envelope/'),
      ).toBe(in11)
    }
  })

  it('keeps what a caller wrote, and streams a listing', async () => {
    const refId = 'xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"'
    const body = write('assignDID', '4355550110').replace('<ns1:epg>', `<ns1:refId>${refId}</ns1:refId><ns1:epg>`)
    expect((await ask('assignDID', body)).body).toContain(`<refId>${refId}</refId>`)
    const search = await ask('getDIDs', envelope('getDIDs', '<ns1:tier>0</ns1:tier>'))
    expect(search).toMatchObject({ status: 200, headers: { 'transfer-encoding': 'chunked', ...answered.headers } })
    expect(search.body.split('<DIDLocator>').length).toBeGreaterThan(1_000)
    expect(search.body).toMatch(written12)
  })

  it('has faults of its own, and errors of its type', async () => {
    sandbox.inject({ name: 'fault 500' })
    const fault = await ask('queryDID', good)
    expect(fault).toMatchObject({ status: 500, headers: answered.headers })
    expect(fault.body).toBe(
      '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope">' +
        '<soap:Body><soap:Fault><soap:Code><soap:Value>soap:Receiver</soap:Value></soap:Code><soap:Reason>' +
        '<soap:Text xml:lang="en">Server was unable to process request.</soap:Text></soap:Reason></soap:Fault>' +
        '</soap:Body></soap:Envelope>',
    )
    sandbox.inject({ name: 'not xml' })
    expect(await ask('queryDID', good)).toMatchObject({ ...answered, body: 'OK' })
    sandbox.inject({ name: 'cut' })
    const cut = await ask('queryDID', good)
    expect(cut).toMatchObject(answered)
    expect(cut.body).toMatch(written12)
    expect(cut.body).not.toContain('</soap:Envelope>')
  })
})
