import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Carrier } from '../../../src/carrier/carrier.ts'
import { createSoapCarrier } from '../../../src/carrier/soap/soap-carrier.ts'
import { type Sandbox, startSandbox } from '../../../src/sandbox/service.ts'

const call = {}
const mine = '4355550150'
const without911 = '8015550154'
const tollFree = '8005550150'
const address = { address1: '250 E 200 S', city: 'Salt Lake City', state: 'ut', zip: '84111', callerName: 'Acme' }

let sandbox: Sandbox
let carrier: Carrier
beforeEach(async () => {
  sandbox = await startSandbox()
  const { endpoint, login, secret } = sandbox
  const account = { endpoint, login, environment: 'sandbox' as const }
  const timeoutMs = { call: 5000, listing: 5000 }
  carrier = createSoapCarrier({ account, secret, timeoutMs, concurrency: 8 })
})
afterEach(async () => {
  await carrier.close()
  await sandbox.close()
})

describe('E911, asked over SOAP of the embedded carrier', () => {
  it('knows the address that a number has from the start', async () => {
    const { code, records } = await carrier.query911(mine, call)
    expect(code).toBe(100)
    expect(records).toMatchObject([
      { tn: mine, address1: '151 MAIN ST', state: 'UT', zipCode: '80150-3059', statusCode: 'PROVISIONED' },
    ])
    expect(await carrier.query911(without911, call)).toEqual({
      tn: without911,
      code: 101,
      records: [],
      message: 'No Records Found',
    })
    await expect(carrier.query911(tollFree, call)).rejects.toMatchObject({ kind: 'rejected', code: 941 })
  })

  it('tells a good address from one that is none, and provisions neither', async () => {
    expect(await carrier.validate911(address, call)).toMatchObject({
      valid: true,
      statuses: [{ code: '100' }],
      locations: [{ address1: '250 E 200 S', city: 'SALT LAKE CITY', statusCode: 'GEOCODED' }],
    })
    expect(await carrier.validate911({ ...address, zip: '00000' }, call)).toMatchObject({ valid: false, code: 101 })
    expect((await carrier.query911(without911, call)).records).toEqual([])
  })

  it('puts, replaces, loses by an invalid address, and removes', async () => {
    const done = { code: 100, dids: [{ tn: without911, statusCode: 100 }] }
    expect(await carrier.insert911([{ tn: without911, address }], call)).toEqual(done)
    expect((await carrier.query911(without911, call)).records).toMatchObject([
      { city: 'SALT LAKE CITY', callerName: 'ACME' },
    ])
    expect((await carrier.queryDID(without911, call)).did).toMatchObject({ has911: true })
    await carrier.update911([{ tn: without911, address: { ...address, address1: 'PO Box 7' } }], call)
    expect((await carrier.query911(without911, call)).records).toEqual([])
    expect((await carrier.getProvisioningHistory(without911, call)).records).toMatchObject([
      { address1: '250 E 200 S' },
    ])
    await carrier.update911([{ tn: without911, address }], call)
    expect(await carrier.remove911([{ tn: without911 }], call)).toEqual(done)
    expect((await carrier.queryDID(without911, call)).did).toMatchObject({ has911: false })
  })

  it('adds a location without provisioning it, provisions it, and removes it', async () => {
    const added = await carrier.addLocation([{ tn: mine, address }], call)
    const { locationId } = added.dids[0]?.location ?? {}
    expect(added).toMatchObject({ code: 100, dids: [{ tn: mine, location: { statusCode: 'GEOCODED' } }] })
    const states = async () => (await carrier.getLocations(mine, call)).records.map(({ statusCode }) => statusCode)
    expect(await states()).toEqual(['PROVISIONED', 'GEOCODED'])
    await carrier.provisionLocation([{ tn: mine, locationId: locationId ?? '' }], call)
    expect((await carrier.query911(mine, call)).records).toMatchObject([{ locationId, address1: '250 E 200 S' }])
    await carrier.removeLocation([{ tn: mine, locationId: locationId ?? '' }], call)
    expect(await states()).toEqual([])
  })

  it('keeps who is mailed', async () => {
    expect(await carrier.Query911Alert(mine, call)).toMatchObject({ code: 101, emails: [] })
    for (const email of ['desk@example.com', 'night@example.com'])
      await carrier.Add911Alert([{ tn: mine, email }], call)
    expect((await carrier.Query911Alert(mine, call)).emails).toEqual(['desk@example.com', 'night@example.com'])
    await carrier.Remove911Alert([{ tn: mine, email: 'desk@example.com' }], call)
    expect((await carrier.Query911Alert(mine, call)).emails).toEqual(['night@example.com'])
  })

  it('audits the addresses of all numbers', async () => {
    const seen: (string | undefined)[] = []
    await carrier.audit911(({ tn }) => void seen.push(tn), call)
    const owned = [...sandbox.inventory.owned()].filter(({ has911 }) => has911).map(({ tn }) => tn)
    expect(seen).toEqual(owned)
    expect(seen.length).toBeGreaterThan(5)
  })
})

describe('caller name, routing and balance', () => {
  it('stores a name of at most 15 characters where storage is possible', async () => {
    const storable = [...sandbox.inventory.owned()].find(({ listing }) => listing?.outboundCNAM)?.tn ?? ''
    expect(await carrier.UpdateCNAMDisplay([{ tn: storable, name: 'ACME DENTAL' }], call)).toEqual({
      code: 100,
      dids: [{ tn: storable, statusCode: 100 }],
    })
    expect(await carrier.GetCNAMDisplay(storable, call)).toEqual({ tn: storable, code: 100, name: 'ACME DENTAL' })
    await carrier.UpdateCNAMDisplay([{ tn: storable, name: 'SIXTEEN LETTERS.' }], call)
    expect(await carrier.GetCNAMDisplay(storable, call)).toMatchObject({ name: 'ACME DENTAL' })
    await carrier.RemoveCNAM([{ tn: storable }], call)
    expect(await carrier.GetCNAMDisplay(storable, call)).not.toHaveProperty('name')
  })

  it('sets a failover and a forward, and goes back to an endpoint group', async () => {
    expect(await carrier.UpdateDIDFailover([{ tn: mine, failover: '4155550100' }], call)).toMatchObject({
      code: 100,
      dids: [{ tn: mine, statusCode: 100, failover: '4155550100' }],
    })
    expect(await carrier.GetDIDFailover(mine, call)).toMatchObject({ tn: mine, code: 100, failover: '4155550100' })
    await carrier.SetDIDForward([{ tn: mine, forward: '2125550100' }], call)
    expect(await carrier.GetDIDForward(mine, call)).toMatchObject({ forward: '2125550100' })
    await carrier.RemoveDIDForward([{ tn: mine, epgId: 8675 }], call)
    expect((await carrier.queryDID(mine, call)).did).toMatchObject({ endpointId: 8675, failover: '4155550100' })
    expect(await carrier.GetDIDForward(mine, call)).not.toHaveProperty('forward', expect.anything())
  })

  it('takes what is bought off the balance', async () => {
    const before = await carrier.GetPrepaidBalance(call)
    await carrier.assignDID([{ tn: '4355550105', epg: 8674 }], call)
    expect([before.amount, (await carrier.GetPrepaidBalance(call)).amount]).toEqual([500, 498.5])
  })

  it('takes one number at a time, and what cannot be sent never leaves', async () => {
    const two = [mine, without911].map((tn) => ({ tn }))
    await expect(carrier.RemoveCNAM(two, call)).rejects.toMatchObject({ kind: 'argument', maybeSent: false })
    const bad = { tn: mine, name: 'a]]>b' }
    await expect(carrier.UpdateCNAMDisplay([bad], call)).rejects.toMatchObject({ kind: 'argument', maybeSent: false })
    expect(sandbox.calls).toEqual([])
  })
})
