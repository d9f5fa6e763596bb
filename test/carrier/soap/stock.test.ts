import { createClientAsync } from 'soap'
import { describe, expect, it } from 'vitest'
import { type DecodedRow, decoder } from '../../../src/carrier/soap/decode.ts'
import { type TenName, theTen, wsdl } from '../../../src/carrier/soap/wsdl.ts'
import { answer, did, success } from '../support/answers.ts'

const dids = `<DIDs>${did({ refId: 'r-1', expireDate: '2013-11-25T17:32:48.707' })}${did({ tn: '4352154007' })}</DIDs>`
const capabilities = '<t38>true</t38><sms>false</sms>'

const ordinary: { readonly [operation in TenName]: string } = {
  auditDIDs: dids,
  queryDID: `<DIDs>${did()}</DIDs>`,
  assignDID: dids,
  configDID: dids,
  releaseDID: dids,
  reserveDID: dids,
  getDIDs: `<DIDLocators><DIDLocator><tn>4352154006</tn><rateCenter>ST GEORGE</rateCenter><state>UT</state><tier>1</tier><lataId>957</lataId><outboundCNAM>true</outboundCNAM>${capabilities}</DIDLocator></DIDLocators>`,
  getDIDCount: `<DIDCounts><DIDCount><didCount>12</didCount><rateCenter>ST GEORGE</rateCenter><state>UT</state><tier>1</tier><lataId>957</lataId><cnam>true</cnam>${capabilities}</DIDCount></DIDCounts>`,
  isPortable: '<IsPortable>true</IsPortable>',
  getPortDetails:
    '<PortDetails><id>7</id><status>open</status><focDate>2013-11-25T17:32:48.707</focDate><dids><PortDID><tn>4352154006</tn><tier>1</tier><endpointGroup>8674</endpointGroup><cnam>true</cnam><e911>false</e911></PortDID></dids><defaultEndpointGroup>8674</defaultEndpointGroup></PortDetails><IsPortable>false</IsPortable>',
}

/** The package's own reading of an answer, in its default way but for dates, which it would move into our time zone. */
async function stock(operation: TenName, xml: string): Promise<Record<string, unknown>> {
  const client = await createClientAsync(wsdl('http://127.0.0.1/'), {
    disableCache: true,
    customDeserializer: { dateTime: (text: string) => text },
    httpClient: {
      request(_url: string, _data: unknown, callback: (error: unknown, response: unknown, body: string) => void) {
        callback(null, { status: 200, headers: {} }, xml)
        return new Promise<never>(() => undefined)
      },
    },
  })
  const [result] = await client[`${operation}Async`]({})
  return result[`${operation}Result`]
}

/** What the package calls by other names, or as text, in the domain's words; empty and sentinel values left out. */
function domain(row: Record<string, unknown>): DecodedRow {
  const renamed = Object.entries(row).map(([name, value]): [string, unknown] => {
    if (name === 'Network') return ['network', value]
    return name === 'statusCode' || name === 'didCount' ? [name, Number(value)] : [name, value]
  })
  return Object.fromEntries(
    renamed.filter(([, value]) => value !== null && value !== '' && value !== '1900-01-01T00:00:00'),
  )
}

describe.each(theTen)('an ordinary answer to %s', (operation) => {
  it('has the same values as with the stock client of the soap package', async () => {
    const xml = answer(operation, success(ordinary[operation]))
    const rows: DecodedRow[] = []
    const reading = decoder(operation, { row: (row) => rows.push(row) > 0 })
    reading.write(xml)
    const ours = reading.end()

    const theirs = await stock(operation, xml)
    const port = theirs.PortDetails as (Record<string, unknown> & { dids: { PortDID: DecodedRow[] } }) | undefined
    const lists = [theirs.DIDs, theirs.DIDLocators, theirs.DIDCounts, port?.dids] as (
      | Record<string, DecodedRow[]>
      | undefined
    )[]
    expect(rows).toEqual(lists.flatMap((list) => Object.values(list ?? {}).flat()).map(domain))
    const { dids: _, ...order } = port ?? { dids: undefined }
    expect(ours).toEqual({
      code: theirs.responseCode,
      message: theirs.responseMessage,
      ...(theirs.IsPortable === undefined || operation === 'getPortDetails' ? {} : { portable: theirs.IsPortable }),
      ...(port ? { port: domain(order) } : {}),
    })
  })
})
