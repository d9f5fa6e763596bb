import { createClientAsync } from 'soap'
import { describe, expect, it } from 'vitest'
import { operations, theTen, wsdl } from '../../../src/carrier/soap/wsdl.ts'

describe('the service description', () => {
  it('describes every operation on two ports, with the address it was given', async () => {
    const text = wsdl('https://example.org/?a=1&b="<"')
    expect(text.slice(0, 5)).toBe('<?xml')
    expect(text).toContain('location="https://example.org/?a=1&amp;b=&quot;&lt;&quot;"')
    const { APIService } = (await createClientAsync(text, { disableCache: true })).describe()
    expect(Object.keys(APIService)).toEqual(['APIServiceSoap', 'APIServiceSoap12'])
    expect(Object.keys(APIService.APIServiceSoap)).toEqual([...operations])
  })

  it('describes the ten alone for who never leaves them', async () => {
    const ten = wsdl('http://127.0.0.1/', theTen)
    expect(ten).not.toContain('validate911')
    const { APIService } = (await createClientAsync(ten, { disableCache: true })).describe()
    expect(Object.keys(APIService.APIServiceSoap)).toEqual([...theTen])
  })

  it('names credentials first, and types in wire order', async () => {
    const client = await createClientAsync(wsdl('http://127.0.0.1/'), { disableCache: true })
    const { assignDID, getDIDCount, getPortDetails } = client.describe().APIService.APIServiceSoap
    expect(Object.keys(getDIDCount.input).join(' ')).toBe(
      'login secret state lata rateCenter npa nxx tier t38 cnam orderby sms network',
    )
    expect(getPortDetails.input).toMatchObject({ login: 's:string', secret: 's:string', portId: 's:int' })
    expect(assignDID.input.didParams['DIDParam[]']).toMatchObject({
      tn: 's:string',
      cnam: 's:string',
      refId: 's:string',
      epg: 's:int',
    })
    const { assignDIDResult } = assignDID.output
    expect(Object.keys(assignDIDResult).slice(0, 7).join(' ')).toBe(
      'responseCode responseMessage DIDs DIDLocators DIDCounts DIDGroups ConferenceLine',
    )
    expect(Object.keys(assignDIDResult.DIDs['DID[]']).slice(0, 22).join(' ')).toBe(
      'tn availability rewrite status statusCode tier refId failover forward cnamName state rateCenter didGroupId Network ' +
        'endpointId expireDate has411 has911 cnam cnamStorageActive cnamStorageAvailability t38',
    )
  })

  it('says which elements always occur, and which may be nil', () => {
    const text = wsdl('http://127.0.0.1/')
    expect(text).toContain('<s:element minOccurs="1" maxOccurs="1" name="portId" type="s:int"/>')
    expect(text).toContain('<s:element minOccurs="1" maxOccurs="1" name="focDate" nillable="true" type="s:dateTime"/>')
    expect(text).toContain(
      '<s:element minOccurs="0" maxOccurs="1" name="expireDate" nillable="true" type="s:dateTime"/>',
    )
    expect(text).toContain('<s:element minOccurs="0" maxOccurs="unbounded" name="DID" nillable="true" type="tns:DID"/>')
    expect(text.match(/<s:complexType name=/g)?.length).toBe(26)
    expect(wsdl('http://127.0.0.1/', theTen).match(/<s:complexType name=/g)?.length).toBe(16)
  })
})
