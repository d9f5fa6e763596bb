import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { portIds } from '../../src/sandbox/ports.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/service.ts'
import { envelope, post, type Stock, stock } from './support/callers.ts'

let sandbox: Sandbox
let call: Stock

beforeEach(async () => {
  sandbox = await startSandbox()
  call = await stock(sandbox)
})

afterEach(() => sandbox.close())

describe('porting', () => {
  it('knows three orders in different states', async () => {
    const orders = []
    for (const portId of portIds) orders.push((await call('getPortDetails', { portId })).PortDetails)
    expect(orders).toMatchObject([
      { id: 70001, status: 'Submitted', submittedDate: '2013-11-25T17:32:48.707', dids: { PortDID: [{}, {}] } },
      { id: 70002, status: 'FOC', focDate: '2013-11-29T12:00:00', defaultEndpointGroup: 13550 },
      { id: 70003, status: 'Completed', salesRep: '' },
    ])
    expect(orders[0]).not.toHaveProperty('focDate')
    expect(orders[0]).not.toHaveProperty('defaultEndpointGroup')
  })

  it('answers an order that it does not know, and what cannot be ported, with the empty order 0', async () => {
    expect(await call('getPortDetails', { portId: 1 })).toEqual({
      responseCode: 101,
      responseMessage: 'No records found',
      PortDetails: { id: 0 },
      IsPortable: false,
    })
    const { body } = await post(sandbox, {
      operation: 'isPortable',
      body: envelope('isPortable', '<ns1:tn>4352154009</ns1:tn>'),
    })
    expect(body).toContain(
      '<PortDetails><id>0</id><submittedDate xsi:nil="true"></submittedDate><focDate xsi:nil="true"></focDate>' +
        '<requestedFocDate xsi:nil="true"></requestedFocDate><defaultEndpointGroup xsi:nil="true"></defaultEndpointGroup>' +
        '</PortDetails><IsPortable>false</IsPortable>',
    )
  })

  it('goes by a rule: served geographic numbers that are not ours and do not end in 9', async () => {
    const portable = async (tn: string) => (await call('isPortable', { tn })).IsPortable
    expect(await portable('4352154006')).toBe(true)
    expect(await portable('4352154009')).toBe(false)
    expect(await portable('4355550150')).toBe(false)
    expect(await portable('8002154006')).toBe(false)
    expect(await portable('9992154006')).toBe(false)
    expect(await call('isPortable', { tn: '435' })).toMatchObject({ responseCode: 944 })
  })
})
