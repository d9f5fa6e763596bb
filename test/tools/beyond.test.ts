import { afterEach, describe, expect, test } from 'vitest'
import { toolsets } from '../../src/domain/toolset.ts'
import { openRig, type Rig } from '../support/rig.ts'

let rig: Rig
afterEach(() => rig.close())

const mine = '4355550150'
const open = async () => {
  rig = await openRig({ toolsets })
  const client = await rig.client()
  return async (name: string, args: object) => {
    const answer = await client.callTool({ name, arguments: { ...args } })
    const [said] = answer.content as { text: string }[]
    return {
      data: answer.structuredContent as Record<string, unknown>,
      text: said?.text ?? '',
      isError: answer.isError,
    }
  }
}

describe('what the toolsets read', () => {
  test('is not offered, and not answered, without being asked for', async () => {
    rig = await openRig()
    const client = await rig.client()
    expect((await client.listTools()).tools).toHaveLength(11)
    expect(await client.callTool({ name: 'query911', arguments: { did: mine } })).toMatchObject({ isError: true })
    expect(rig.sandbox.calls).toEqual([])
  })

  test('tells the address of a number, that another has none, and that a toll-free number has no 911, each in its row', async () => {
    const ask = await open()
    const { data, text } = await ask('query911', { did: [mine, '8015550154', '8005550150'] })
    expect(data.results).toEqual([
      {
        tn: mine,
        code: 100,
        meaning: 'the address that is provisioned',
        locations: [
          expect.objectContaining({
            status: 'PROVISIONED',
            address1: '151 MAIN ST',
            zip: '80150-3059',
            callerName: 'SANDBOX 435',
          }),
        ],
      },
      { tn: '8015550154', code: 101, meaning: 'no address is provisioned: a call to 911 carries none', locations: [] },
      { tn: '8005550150', code: 941, meaning: '911 is not enabled for this number', words: '911 is not enabled' },
    ])
    expect(text).toContain('151 MAIN ST')
  })

  test('tells a good address from a bad one', async () => {
    const ask = await open()
    const good = { address1: '250 E 200 S', city: 'Salt Lake City', state: 'UT', zip: '84111' }
    expect((await ask('validate911', good)).data).toMatchObject({
      valid: true,
      locations: [{ city: 'SALT LAKE CITY' }],
    })
    expect((await ask('validate911', { ...good, address1: 'PO Box 7' })).data).toMatchObject({
      valid: false,
      locations: [],
    })
    expect(await ask('validate911', { ...good, state: 'Utah' })).toMatchObject({ isError: true })
  })

  test('pages through the 911 records of all numbers', async () => {
    const ask = await open()
    const first = (await ask('audit911', { limit: 5 })).data as {
      total: number
      next: string
      records: { tn: string }[]
    }
    const rest = (await ask('audit911', { limit: 500, after: first.next })).data as typeof first
    const owned = [...rig.sandbox.inventory.owned()].filter(({ has911 }) => has911).map(({ tn }) => tn)
    expect([...first.records, ...rest.records].map(({ tn }) => tn)).toEqual([...owned].sort())
    expect(first.total).toBe(owned.length)
    expect(rest).not.toHaveProperty('next')
  })

  test('tells caller names, failover, forward and balance', async () => {
    const ask = await open()
    expect((await ask('GetCNAMDisplay', { tn: mine })).data.results).toMatchObject([{ tn: mine, value: 'SANDBOX 435' }])
    for (const name of ['GetDIDFailover', 'GetDIDForward']) {
      expect((await ask(name, { tn: mine })).data.results).toEqual([
        { tn: mine, code: 100, meaning: expect.any(String) },
      ])
    }
    expect((await ask('GetPrepaidBalance', {})).data).toMatchObject({ balance: 500, environment: 'sandbox' })
    expect((await ask('getLocations', { did: mine })).data.results).toMatchObject([
      { locations: [{ locationId: expect.any(String) }] },
    ])
    expect((await ask('getProvisioningHistory', { did: mine })).data.results).toMatchObject([{ locations: [] }])
    expect((await ask('Query911Alert', { tn: mine })).data.results).toMatchObject([
      { emails: [], meaning: 'nobody is mailed' },
    ])
  })
})

describe('what the toolsets write, through the client', () => {
  test('waits for a yes like any change, and then changes each number, one outcome a number', async () => {
    const ask = await open()
    const tn = [mine, '4355550151']
    const first = await ask('UpdateDIDFailover', { tn, failover: '4155550100', reason: 'storm' })
    expect(first.data).toMatchObject({ status: 'confirmation_required' })
    const { ticket } = first.data.confirmation as { ticket: string }
    const done = await ask('UpdateDIDFailover', { tn, failover: '4155550100', reason: 'storm', confirmation: ticket })
    expect(done.data).toMatchObject({ status: 'done', counts: { done: 2 } })
    expect((await ask('GetDIDFailover', { tn })).data.results).toMatchObject([
      { tn: mine, value: '4155550100' },
      { tn: '4355550151', value: '4155550100' },
    ])
    const listed = await ask('listOperations', { tool: 'UpdateDIDFailover', reason: 'storm', caller: 'ann@desk' })
    for (const other of [{ reason: 'stor' }, { caller: 'bob@desk' }, { until: '2001-01-01' }]) {
      expect((await ask('listOperations', other)).data.operations).toEqual([])
    }
    expect(listed.data.operations).toMatchObject([{ tool: 'UpdateDIDFailover', status: 'done', reason: 'storm' }])
  })

  test('refuses a name of more than 15 characters before anything is asked', async () => {
    const ask = await open()
    const { isError, text } = await ask('UpdateCNAMDisplay', { tn: mine, name: 'SIXTEEN LETTERS.' })
    expect({ isError, text }).toEqual({ isError: true, text: expect.stringContaining('at most 15') })
    expect(rig.sandbox.calls).toEqual([])
  })
})

test('every tool of a set asks no more than its toolset, and the ten stay as they are', async () => {
  rig = await openRig()
  const ten = (await (await rig.client()).listTools()).tools
  await rig.close()
  rig = await openRig({ toolsets })
  const all = (await (await rig.client()).listTools()).tools
  expect(all.slice(0, 11)).toEqual(ten)
  expect(
    all
      .slice(11)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(
    ['validate911', 'insert911', 'update911', 'query911', 'audit911', 'remove911', 'addLocation', 'getLocations']
      .concat(['provisionLocation', 'removeLocation', 'getProvisioningHistory', 'Query911Alert', 'Add911Alert'])
      .concat(['Remove911Alert', 'GetCNAMDisplay', 'UpdateCNAMDisplay', 'RemoveCNAM', 'GetDIDFailover'])
      .concat(['UpdateDIDFailover', 'GetDIDForward', 'SetDIDForward', 'RemoveDIDForward', 'GetPrepaidBalance'])
      .sort(),
  )
})

test('a number is given an address and a name through the client, after a yes', async () => {
  const ask = await open()
  const did = '8015550154'
  const address = { address1: '250 E 200 S', city: 'Salt Lake City', state: 'UT', zip: '84111', callerName: 'Acme' }
  const first = await ask('insert911', { did, ...address })
  expect(first.data).toMatchObject({ status: 'confirmation_required' })
  const { ticket, preview } = first.data.confirmation as { ticket: string; preview: string[] }
  expect(preview.join('\n')).toContain('911 address -> "250 E 200 S, SALT LAKE CITY UT 84111" (as asked)')
  const done = await ask('insert911', { did, ...address, confirmation: ticket })
  expect(done.data).toMatchObject({
    status: 'done',
    results: [{ after: { e911: '250 E 200 S, SALT LAKE CITY UT 84111' } }],
  })
  expect((await ask('query911', { did })).data.results).toMatchObject([{ locations: [{ status: 'PROVISIONED' }] }])
  expect((await ask('insert911', { did, ...address, state: 'Utah' })).isError).toBe(true)
})
