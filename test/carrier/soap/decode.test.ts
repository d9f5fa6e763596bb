import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DecodedAnswer, type DecodedRow, decoder, NotAnAnswer } from '../../../src/carrier/soap/decode.ts'
import type { OperationName } from '../../../src/carrier/soap/wsdl.ts'
import { answer, decoded, did, fault, fault12, success } from '../support/answers.ts'

function decode(
  operation: OperationName,
  xml: string,
  piece = xml.length || 1,
): { answer: DecodedAnswer; rows: DecodedRow[] } {
  const rows: DecodedRow[] = []
  const reading = decoder(operation, { row: (row) => rows.push(row) > 0 })
  for (let at = 0; at < xml.length; at += piece) reading.write(xml.slice(at, at + piece))
  return { answer: reading.end(), rows }
}

const audit = (dids: string) => answer('auditDIDs', success(`<DIDs>${dids}</DIDs>`))
const one = (changes: Record<string, string | undefined>) => decode('auditDIDs', audit(did(changes))).rows[0]

describe('shapes', () => {
  it('none, one and many are lists alike', () => {
    expect(decode('auditDIDs', audit('')).rows).toEqual([])
    expect(decode('auditDIDs', answer('auditDIDs', success('<DIDs/>'))).rows).toEqual([])
    expect(decode('auditDIDs', answer('auditDIDs', success('<DIDs xsi:nil="true"/>'))).rows).toEqual([])
    expect(decode('auditDIDs', answer('auditDIDs', success())).rows).toEqual([])
    expect(decode('auditDIDs', audit(did())).rows).toEqual([decoded])
    expect(decode('auditDIDs', audit(did().repeat(3))).rows).toEqual([decoded, decoded, decoded])
  })

  it('the answer may come in pieces of any length', () => {
    const xml = audit(did() + did({ refId: '<![CDATA[a<b]]>&#x20AC;&#8364;&amp;' }))
    const whole = decode('auditDIDs', xml)
    expect(whole.rows[1]).toEqual({ ...decoded, refId: 'a<b€€&' })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (piece) => {
        expect(decode('auditDIDs', xml, piece)).toEqual(whole)
      }),
      { numRuns: 25 },
    )
  })

  it('prefixes do not matter, namespaces do', () => {
    const xml =
      '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:c="http://tempuri.org/"><e:Header><c:tn>1</c:tn></e:Header>' +
      '<e:Body><c:auditDIDsResponse><c:auditDIDsResult><c:responseCode>100</c:responseCode><c:DIDs>' +
      '<c:DID xmlns:x="urn:x"><x:tn>garbage</x:tn><c:tn>4352154006</c:tn><c:statusCode>100</c:statusCode></c:DID>' +
      '<d:DID xmlns:d="http://tempuri.org/"><tn xmlns="http://tempuri.org/">4352154007</tn><d:statusCode>100</d:statusCode></d:DID>' +
      '</c:DIDs></c:auditDIDsResult></c:auditDIDsResponse></e:Body></e:Envelope>'
    expect(decode('auditDIDs', xml)).toEqual({
      answer: { code: 100 },
      rows: [
        { tn: '4352154006', statusCode: 100 },
        { tn: '4352154007', statusCode: 100 },
      ],
    })
    expect(() => decode('auditDIDs', xml.replaceAll('tempuri.org', 'example.org'))).toThrow('is of another operation')
  })

  it('attributes, comments and unknown elements are passed over, and none reaches a prototype', () => {
    const xml = audit(
      did({ sms: '<deep id="__proto__"><tn>1</tn></deep>' }).replace(
        '<DID>',
        '<DID id="__proto__" __proto__="x" constructor="y"><!-- tn -->',
      ),
    ).replace('<responseCode>', '<__proto__><obj>1</obj></__proto__><constructor/><responseCode id="__proto__">')
    expect(decode('auditDIDs', xml).rows).toEqual([decoded])
    expect(Object.keys(Object.prototype)).toEqual([])
    expect('obj' in {}).toBe(false)
  })

  it('nil, empty and absent are alike, with the xsi prefix declared or not', () => {
    const port = (text: string) =>
      decode('getPortDetails', answer('getPortDetails', success(`<PortDetails><id>7</id>${text}</PortDetails>`))).answer
        .port
    expect(port('<focDate xsi:nil="true"/><defaultEndpointGroup xsi:nil="1"/>')).toEqual({ id: 7 })
    expect(port('<focDate/><defaultEndpointGroup/><status/>')).toEqual({ id: 7 })
    expect(port('<focDate>2013-11-25T00:00:00</focDate>')).toEqual({ id: 7, focDate: '2013-11-25T00:00:00' })
    const bare = answer('getPortDetails', success('<PortDetails><id>7</id><focDate xsi:nil="true"/></PortDetails>'))
    expect(decode('getPortDetails', bare.replace(/ xmlns:xs[id]="[^"]*"/g, '')).answer.port).toEqual({ id: 7 })
  })
})

describe('values', () => {
  it('the older schema answers fewer fields', () => {
    const older = ['failover', 'forward', 'cnamName', 'state', 'rateCenter', 'didGroupId', 'Network']
    const { cnamName, state, rateCenter, network, ...rest } = decoded
    expect(one(Object.fromEntries(older.map((name) => [name, undefined])))).toEqual(rest)
  })

  it('sentinels stand for none', () => {
    const { tier, endpointId, ...rest } = decoded
    for (const expireDate of ['1900-01-01T00:00:00', '0001-01-01T00:00:00', '0001-01-01T00:00:00.000']) {
      expect(one({ tier: '-99999', endpointId: '0', didGroupId: '0', expireDate })).toEqual(rest)
    }
    expect(one({ didGroupId: '17' })?.didGroupId).toBe('17')
  })

  it('the words of availability are written in one way', () => {
    for (const word of ['Available', 'available', ' AVAILABLE ']) {
      expect(one({ availability: word })?.availability).toBe('available')
    }
    expect(one({ availability: 'Unavailable' })?.availability).toBe('Unavailable')
  })

  it('dates stay as they were written, without a zone', () => {
    expect(one({ expireDate: '2013-11-25T17:32:48.707' })?.expireDate).toBe('2013-11-25T17:32:48.707')
  })

  it('space around a value is no part of it', () => {
    expect(one({ tn: '\n 4352154006 ', endpointId: ' 8674\n', has911: ' 1 ', state: ' UT ' })).toEqual(decoded)
    expect(one({ rateCenter: ' ST GEORGE   ' })).toEqual(decoded)
  })

  it.each(['  two  words ', ' ', 'a\n b', '\u00a0x', ' a long reference with an outer space'])(
    'a reference and a name (%j) are kept to the last space',
    (text) => {
      expect(one({ refId: text, cnamName: text })).toEqual({ ...decoded, refId: text, cnamName: text })
    },
  )

  it.each([
    ['endpointId', '12abc'],
    ['endpointId', '86 74'],
    ['endpointId', '0x10'],
    ['endpointId', '2147483648'],
    ['statusCode', '1e2'],
    ['statusCode', ''],
    ['statusCode', undefined],
    ['has911', 'yes'],
    ['expireDate', 'soon'],
    ['tn', '435215400'],
    ['tn', '+14352154006'],
    ['tn', '12abc'],
    ['tn', '43521<b>5</b>4006'],
    ['tn', '4352154006</tn><tn>4352154007'],
    ['status', 'x'.repeat(65_537)],
  ])('%s %j is not guessed at: its row is shown, and the others are read', (name, text) => {
    const { answer, rows } = decode('auditDIDs', audit(did() + did({ [name]: text }) + did({ tn: '4352154007' })))
    expect(rows).toEqual([decoded, { ...decoded, tn: '4352154007' }])
    expect(answer).toMatchObject({ code: 100, unreadable: { count: 1, rows: [expect.stringMatching(/^<DID><tn>/)] } })
  })
})

describe('odd rows', () => {
  it('are shown whole where they are short, else by their number and what is odd', () => {
    const short = '<DID><tn>4352154006</tn><statusCode>100</statusCode><refId>a&amp;&lt;b</refId><t38>no</t38></DID>'
    const rows = [short, did({ expireDate: 'soon' }), did({ statusCode: '' }), '<DID/>']
    expect(decode('auditDIDs', audit(rows.join(''))).answer.unreadable).toEqual({
      count: 4,
      rows: [
        short,
        '<DID><tn>4352154006</tn>…<expireDate>soon</expireDate>…</DID>',
        expect.stringMatching(/^<DID><tn>4352154006<\/tn><availability>assigned<\/availability>/),
        '<DID></DID>',
      ],
    })
  })

  it('are counted all, and ten are shown', () => {
    const odd = Array.from({ length: 25 }, (_, index) => did({ tn: `x${index}` }))
    const { rows, answer } = decode('auditDIDs', audit(did() + odd.join('') + did()))
    expect(rows.length).toBe(2)
    expect(answer.unreadable?.count).toBe(25)
    expect(answer.unreadable?.rows.map((row) => row.slice(0, 16))).toEqual(
      Array.from({ length: 10 }, (_, index) => `<DID><tn>x${index}</tn>`.slice(0, 16)),
    )
  })

  it('that say of themselves that they are nothing are none', () => {
    const nil = (name: string) => `<${name} xsi:nil="true"/>`
    expect(decode('auditDIDs', audit(nil('DID') + did() + nil('DID')))).toEqual({
      answer: { code: 100, message: 'Success' },
      rows: [decoded],
    })
    const listing = (operation: OperationName, list: string, row: string) =>
      decode(operation, answer(operation, success(`<${list}>${nil(row)}</${list}>`)))
    expect(listing('getDIDs', 'DIDLocators', 'DIDLocator').rows).toEqual([])
    expect(listing('getDIDCount', 'DIDCounts', 'DIDCount').answer.unreadable).toBeUndefined()
    expect(listing('releaseDID', 'DIDs', 'DID').answer.unreadable).toBeUndefined()
    const order = (dids: string) =>
      decode('getPortDetails', answer('getPortDetails', success(`<PortDetails><id>7</id>${dids}</PortDetails>`)))
    expect(order(`<dids>${nil('PortDID')}</dids>`)).toMatchObject({ rows: [], answer: { port: { id: 7 } } })
    expect(order(nil('dids')).rows).toEqual([])
    expect(decode('getPortDetails', answer('getPortDetails', success(nil('PortDetails')))).answer.port).toBeUndefined()
    expect(decode('auditDIDs', audit('').replace('<DIDs>', '<DIDs xsi:nil="true">')).rows).toEqual([])
  })

  it('an odd field of a port order is missing, and shown', () => {
    const fields = '<id>7</id><status>open</status><focDate>soon</focDate><id>8</id>'
    const xml = answer('getPortDetails', success(`<PortDetails>${fields}</PortDetails>`))
    expect(decode('getPortDetails', xml).answer).toMatchObject({
      port: { id: 7, status: 'open' },
      unreadable: { count: 2, rows: ['<focDate>soon</focDate>', '<id>8</id>'] },
    })
  })
})

describe('what is no answer', () => {
  const good = audit(did())
  it.each([
    ['nothing', '', 'is empty'],
    ['no body', good.replace(/<soap:Body>.*<\/soap:Body>/, ''), 'has no responseCode'],
    ['an empty body', good.replace(/<auditDIDsResponse.*Response>/, ''), 'has no responseCode'],
    ['the answer to another operation', answer('queryDID', success()), 'is of another operation'],
    ['another result in our response', good.replaceAll('auditDIDsResult', 'queryDIDResult'), 'is of another operation'],
    ['no responseCode', answer('auditDIDs', '<DIDs/>'), 'has no responseCode'],
    ['an empty responseCode', answer('auditDIDs', '<responseCode/>'), 'has no responseCode'],
    [
      'a garbage responseCode',
      answer('auditDIDs', '<responseCode>100ish</responseCode>'),
      'has an element responseCode that is not an integer',
    ],
    [
      'two responseCodes',
      answer('auditDIDs', '<responseCode>900</responseCode><responseCode>100</responseCode>'),
      'has responseCode twice in one record',
    ],
    [
      'two responses',
      good.replace(/(<auditDIDsResponse.*Response>)/, '$1$1'),
      'has auditDIDsResponse twice in one record',
    ],
    ['two documents', good + good.slice(good.indexOf('<soap')), 'has soap:Envelope twice in one record'],
    ['text behind it', `${good}garbage`, 'is not well-formed XML, or was cut'],
    ['CDATA behind it', `${good}<![CDATA[x]]>`, 'has text outside its envelope'],
    ['an XHTML page', '<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', 'is not a SOAP envelope'],
    ['an HTML page', '<!DOCTYPE html><html><body></html>', 'carries a document type'],
    ['JSON', '{"responseCode":100}', 'is not well-formed XML, or was cut'],
    ['an envelope of no SOAP', good.replace('schemas.xmlsoap.org', 'example.org'), 'is not a SOAP envelope'],
    [
      'a document type',
      `<!DOCTYPE x [<!ENTITY tn "4352154006">]>${good.slice(good.indexOf('<soap'))}`,
      'carries a document type',
    ],
    ['an entity of its own', audit(did({ refId: '&tn;' })), 'is not well-formed XML, or was cut'],
    ['an entity of HTML', audit(did({ refId: '&nbsp;' })), 'is not well-formed XML, or was cut'],
    ['an entity named after a prototype', audit(did({ refId: '&constructor;' })), 'is not well-formed XML, or was cut'],
    ['a character reference to a control', audit(did({ refId: '&#1;' })), 'is not well-formed XML, or was cut'],
    ['crossed tags', good.replace('</DIDs>', '</DID>'), 'is not well-formed XML, or was cut'],
    [
      'an attribute that breaks the parser',
      good.replace('<DIDs>', '<DIDs hasOwnProperty="1" b="2">'),
      'is not well-formed XML',
    ],
    ['a deep nest', good.replace('<DIDs>', `${'<x>'.repeat(40)}${'</x>'.repeat(40)}<DIDs>`), 'is nested over 32 deep'],
    [
      'a long message',
      answer('auditDIDs', success()).replace('Success', 'x'.repeat(65_537)),
      'holds a text of over 65536 characters',
    ],
    [
      'an endless comment',
      good.replace('<DIDs>', `<!--${'x'.repeat(1_200_000)}--><DIDs>`),
      'has over 1048576 characters without an element',
    ],
  ])('%s', (_, xml, message) => {
    expect(() => decode('auditDIDs', xml)).toThrow(new NotAnAnswer(message))
  })

  it('a cut answer, wherever it was cut', () => {
    for (let length = 0; length < good.length; length += 7) {
      expect(() => decode('auditDIDs', good.slice(0, length)), `cut at ${length}`).toThrow(NotAnAnswer)
    }
  })

  it('a fault is told apart, in SOAP 1.1 and 1.2', () => {
    expect(decode('queryDID', fault('Server was unable')).answer).toEqual({
      fault: { code: 'soap:Server', reason: 'Server was unable' },
    })
    expect(decode('queryDID', fault12('no')).answer).toEqual({ fault: { code: 's:Receiver', reason: 'no' } })
  })

  it("what the caller's own row throws stays what it is", () => {
    const own = new RangeError('enough')
    const reading = decoder('auditDIDs', {
      row() {
        throw own
      },
    })
    expect(() => reading.write(good)).toThrow(own)
  })
})
