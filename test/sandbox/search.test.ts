import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/service.ts'
import { envelope, nothing, params, post, type Stock, stock } from './support/callers.ts'

let sandbox: Sandbox
let call: Stock

beforeEach(async () => {
  sandbox = await startSandbox()
  call = await stock(sandbox)
})

afterEach(() => sandbox.close())

describe('a search', () => {
  const tns = async (criteria: Record<string, string>) =>
    ((await call('getDIDs', criteria)).DIDLocators?.DIDLocator ?? []).map(({ tn }) => String(tn))

  it('without a criterion is refused', async () => {
    const refused = { responseCode: 302490, responseMessage: 'No search criteria defined', ...nothing }
    expect(await call('getDIDs', { npa: '', state: '' })).toEqual(refused)
    expect(await call('getDIDCount', { orderby: 'tier' })).toEqual(refused)
  })

  it('finds what is on the shelf by every criterion, names without case, and all of them together', async () => {
    const utah = await tns({ state: 'ut' })
    expect(utah).toHaveLength(300 - 13 - 6)
    expect(await tns({ lata: '660' })).toEqual(utah)
    expect(await tns({ npa: '435', nxx: '555' })).toEqual(utah.filter((tn) => tn.startsWith('435')))
    expect(await tns({ npa: '435', nxx: '556' })).toEqual([])
    expect((await call('getDIDs', { rateCenter: 'park city' })).DIDLocators?.DIDLocator[0]).toMatchObject({
      state: 'UT',
      rateCenter: 'PARK CITY',
      lataId: 660,
    })
    const asked = { npa: '435', tier: '1', t38: '1', cnam: '1', sms: '0', network: 'basin telecom' }
    const found = (await call('getDIDs', asked)).DIDLocators?.DIDLocator ?? []
    expect(found).not.toHaveLength(0)
    for (const one of found) expect(one).toMatchObject({ tier: '1', t38: true, outboundCNAM: true, sms: false })
    expect(await tns({ npa: '435', tier: '777' })).toEqual(['85', '92'].map((line) => `43555501${line}`))
  })

  it('shows toll-free numbers as they are listed: nowhere, and without a tier', async () => {
    const found = (await call('getDIDs', { state: 'tf' })).DIDLocators?.DIDLocator ?? []
    expect(found).toHaveLength(700 - 3 - 14)
    for (const one of found) expect(one).toMatchObject({ state: 'ALL', rateCenter: 'US+CA', tier: '', lataId: 0 })
    const counted = (await call('getDIDCount', { state: 'TF' })).DIDCounts?.DIDCount ?? []
    expect(counted.reduce((sum, { didCount }) => sum + Number(didCount), 0)).toBe(found.length)
    expect(counted).toHaveLength(2 * 2 * 2)
    for (const one of counted) expect(one).toMatchObject({ state: 'ALL', rateCenter: 'US+CA', tier: '', lataId: 0 })
    expect((await tns({ tier: '1' })).filter((tn) => tn.startsWith('8885550'))).toEqual([])
    expect(await tns({ rateCenter: 'us+ca' })).toEqual(found.map(({ tn }) => tn))
    const [shown] = (await call('queryDID', { did: '8885550100' })).DIDs?.DID ?? []
    expect(shown).toMatchObject({ availability: 'Available', tier: '-99999', statusCode: '100' })
    const [held] = (await call('reserveDID', params('8885550100'))).DIDs?.DID ?? []
    expect(held?.status).toMatch(/^Reserved for 30 minutes -- Will be Tier [0-4]$/)
  })

  it('names the underlying carrier, which the WSDL does not know', async () => {
    const { body } = await post(sandbox, {
      operation: 'getDIDs',
      body: envelope('getDIDs', '<ns1:npa>435</ns1:npa><ns1:network>basin telecom</ns1:network>'),
    })
    const networks = [...body.matchAll(/<sms>\w+<\/sms><network>([^<]+)<\/network><\/DIDLocator>/g)]
    expect(networks.length).toBeGreaterThan(10)
    expect(new Set(networks.map(([, network]) => network))).toEqual(new Set(['Basin Telecom']))
    expect(body.split('<DIDLocator>')).toHaveLength(networks.length + 1)
  })

  it('that finds nothing says 101', async () => {
    expect(await call('getDIDs', { npa: '999' })).toEqual({
      responseCode: 101,
      responseMessage: 'No records found',
      ...nothing,
    })
  })

  it('no longer finds what was taken, and finds it again when it is given back', async () => {
    await call('reserveDID', params('4355550100'))
    expect(await tns({ npa: '435' })).not.toContain('4355550100')
    await call('releaseDID', params('4355550100', '4355550150'))
    expect(await tns({ npa: '435' })).toEqual(expect.arrayContaining(['4355550100', '4355550150']))
  })

  it('counts the same numbers, a row per rate center, tier and capability set, in the order asked', async () => {
    const counted = async (orderby?: string) =>
      (await call('getDIDCount', { state: 'UT', ...(orderby && { orderby }) })).DIDCounts?.DIDCount ?? []
    const rows = await counted()
    expect(rows.reduce((sum, { didCount }) => sum + Number(didCount), 0)).toBe((await tns({ state: 'UT' })).length)
    expect(new Set(rows.map(({ didCount, ...set }) => JSON.stringify(set))).size).toBe(rows.length)
    expect(typeof rows[0]?.didCount).toBe('string')
    const rateCenters = (await counted('RC')).map(({ rateCenter }) => String(rateCenter))
    expect(rateCenters).toEqual([...rateCenters].sort())
    const tiers = (await counted('tier')).map(({ tier }) => Number(tier))
    expect(tiers).toEqual([...tiers].sort((a, b) => a - b))
    const states = ((await call('getDIDCount', { tier: '4' })).DIDCounts?.DIDCount ?? []).map(({ state }) =>
      String(state),
    )
    expect(states).toEqual([...states].sort())
  })
})
