import { describe, expect, it } from 'vitest'
import type { Did } from '../../../src/carrier/carrier.ts'
import { answer, decoded, did, success } from '../support/answers.ts'
import { answerXml, carrierAt, peer } from '../support/peer.ts'

const open =
  '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"  xmlns:tns="http://tempuri.org/"><soap:Body>'
const credentials = '<login>user</login><secret>S3CRET-marked-&amp;&lt;&gt;&quot;</secret>'

describe('what is sent', () => {
  it('is the operation with the credentials first and the parameters in wire order', async () => {
    await using server = await peer((response, { headers }) => {
      const operation = String(headers.soapaction).slice(20, -1) as 'getDIDCount'
      answerXml(response, answer(operation, success('<IsPortable>false</IsPortable>')))
    })
    await using carrier = carrierAt(server.endpoint)
    const numbers = [
      { refId: 'a<b', epg: 8674, cnam: true, tn: '4352154006' },
      { tn: '4352154007', refId: '' },
    ]
    await carrier.auditDIDs(() => undefined, {})
    await carrier.getDIDs(
      { network: 'Level3', sms: true, state: 'UT', cnam: false, npa: '435', tier: '' },
      () => undefined,
      {},
    )
    await carrier.getDIDCount(
      { sms: false, orderby: 'rc', t38: true, rateCenter: ' ST GEORGE ', lata: '957', network: '  ', nxx: '215' },
      () => undefined,
      {},
    )
    await carrier.isPortable('4352154006', {})
    await carrier.getPortDetails(77, {})
    await carrier.reserveDID(numbers, {})
    await carrier.releaseDID(numbers, {})

    expect(server.received.map(({ method, path }) => `${method} ${path}`)).toEqual(
      Array(7).fill('POST /Services/APIService.asmx'),
    )
    const wire = (name: string, rest: string) =>
      `${open}<${name} xmlns="http://tempuri.org/">${credentials}${rest}</${name}></soap:Body></soap:Envelope>`
    expect(server.received.map(({ body }) => body)).toEqual([
      wire('auditDIDs', ''),
      wire('getDIDs', '<state>UT</state><npa>435</npa><cnam>0</cnam><sms>1</sms><network>Level3</network>'),
      wire(
        'getDIDCount',
        '<lata>957</lata><rateCenter>ST GEORGE</rateCenter><nxx>215</nxx><t38>1</t38><orderby>rc</orderby><sms>0</sms>',
      ),
      wire('isPortable', '<tn>4352154006</tn>'),
      wire('getPortDetails', '<portId>77</portId>'),
      wire(
        'reserveDID',
        '<didParams><DIDParam><tn>4352154006</tn><cnam>1</cnam><refId>a&lt;b</refId><epg>8674</epg></DIDParam>' +
          '<DIDParam><tn>4352154007</tn><refId></refId><epg>0</epg></DIDParam></didParams>',
      ),
      wire(
        'releaseDID',
        '<didParams><DIDParam><tn>4352154006</tn><epg>0</epg></DIDParam>' +
          '<DIDParam><tn>4352154007</tn><epg>0</epg></DIDParam></didParams>',
      ),
    ])
    expect(server.received[0]?.headers).toMatchObject({
      'content-type': 'text/xml; charset=utf-8',
      soapaction: '"http://tempuri.org/auditDIDs"',
    })
  })
})

describe('what is answered', () => {
  it('is a number of this account, in domain types', async () => {
    await using server = await peer((response) =>
      answerXml(response, answer('queryDID', success(`<DIDs>${did()}</DIDs>`))),
    )
    await using carrier = carrierAt(server.endpoint)
    expect(await carrier.queryDID('4352154006', {})).toEqual({ tn: '4352154006', code: 100, did: decoded })
  })

  it("is each number of the account, in the carrier's order", async () => {
    await using server = await peer((response) =>
      answerXml(response, answer('auditDIDs', success(`<DIDs>${did()}${did({ tn: '4352154005' })}</DIDs>`))),
    )
    await using carrier = carrierAt(server.endpoint)
    const rows: Did[] = []
    await carrier.auditDIDs((row) => rows.push(row), {})
    expect(rows).toEqual([decoded, { ...decoded, tn: '4352154005' }])
  })
})
