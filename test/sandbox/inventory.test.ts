import { afterEach, describe, expect, it } from 'vitest'
import { createInventory, type InventoryOptions } from '../../src/sandbox/inventory.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/service.ts'
import { codes, params, type Stock, stock } from './support/callers.ts'

let sandbox: Sandbox
let call: Stock
let clock = 0

async function open(options: InventoryOptions = {}): Promise<void> {
  clock = Date.UTC(2026, 0, 15, 12, 0, 0, 250)
  sandbox = await startSandbox({ now: () => clock, ...options })
  call = await stock(sandbox)
}

afterEach(() => sandbox.close())

const ours = '4355550150'
const oursTollFree = '8005550150'
const free = '4355550100'
const held = '4355550101'
const assignedElsewhere = '4355550190'
const reservedElsewhere = '4355550191'
const unsold = '4355550192'
const broken = '4355550193'
const nowhere = '4352154006'

/** Each kind of number, and what each write answers about it. */
const table: [kind: string, tn: string, reserve: string, assign: string, config: string, release: string][] = [
  ['available', free, '100', '100', '105221', '106231'],
  ['reserved for us', held, '103220', '100', '105225', '106231'],
  ['assigned to us', ours, '103225', '104225', '100', '106231'],
  ['toll-free and assigned to us', oursTollFree, '103225', '104225', '100', '106241'],
  ["another company's", assignedElsewhere, '103235', '104235', '105235', '106235'],
  ['reserved by another company', reservedElsewhere, '103230', '104230', '105230', '106230'],
  ['of a tier that is not for us', unsold, '103259', '104259', '105221', '106231'],
  ['unwilling', broken, '103221', '104221', '105221', '106231'],
  ['not in inventory', nowhere, '103420', '104420', '105420', '106420'],
]

describe('what a write answers', () => {
  for (const [kind, tn, ...expected] of table) {
    it(`about a number that is ${kind}`, async () => {
      const answered = []
      for (const operation of ['reserveDID', 'assignDID', 'configDID', 'releaseDID']) {
        await open()
        await call('reserveDID', params(held))
        answered.push(codes(await call(operation, params({ tn, epg: 8675 }))))
        await sandbox.close()
      }
      expect(answered).toEqual(expected.map((code) => [100, code]))
    })
  }

  it('about the same numbers in one call: every row has its own code, in the order asked', async () => {
    await open()
    await call('reserveDID', params(held))
    const all = table.map(([, tn]) => tn)
    expect(codes(await call('reserveDID', params(...all)))).toEqual([100, ...table.map(([, , code]) => code)])
  })

  it('about a number that stands twice: the second row meets what the first one did', async () => {
    await open()
    expect(codes(await call('reserveDID', params(free, free)))).toEqual([100, '100', '103220'])
  })

  it('about endpoint groups: one foreign group fails its number, none of ours fails the call', async () => {
    await open()
    const ask = (operation: string, ...of: [string, number?][]) =>
      call(operation, params(...of.map(([tn, epg]) => (epg === undefined ? { tn } : { tn, epg })))).then(codes)
    expect(await ask('assignDID', [free, 1], [held, 8674])).toEqual([100, '104258', '100'])
    expect(await ask('assignDID', [free, 1])).toEqual([948])
    expect(await ask('assignDID', [free])).toEqual([100, '104258'])
    expect(await ask('configDID', [ours, 1], ['4355550151', 8674])).toEqual([100, '105258', '100'])
    expect(await ask('configDID', [ours, 1])).toEqual([948])
    expect(await ask('configDID', [ours])).toEqual([100, '105258'])
    expect(await ask('configDID', [ours, 0])).toEqual([100, '105258'])
    expect(await ask('reserveDID', [free, 1])).toEqual([100, '100'])
    expect(sandbox.inventory.truth(ours)).toMatchObject({ epg: 8674, cnam: true, refId: 'LOGAN-OFFICE' })
  })

  it('about numbers that are none, and about none at all', async () => {
    await open()
    for (const tn of ['', '435555010', '14355550100', '+4355550100', '0355550100', '4351550100', '435 555 0100']) {
      expect(codes(await call('reserveDID', params(tn, free)))).toEqual([944])
    }
    expect(codes(await call('reserveDID', { didParams: { DIDParam: [] } }))).toEqual([101])
    expect(codes(await call('queryDID', { did: 'abc' }))).toEqual([944])
    expect(sandbox.inventory.truth(free).state).toBe('available')
  })

  it('to an account that does not purchase an origination', async () => {
    const answers = async () => [
      codes(await call('reserveDID', params('8885550100', free))),
      codes(await call('assignDID', params({ tn: '8885550101', epg: 8674 }, { tn: held, epg: 8674 }))),
      codes(await call('configDID', params({ tn: oursTollFree, epg: 8674 }, { tn: ours, epg: 8674 }))),
    ]
    await open({ origination: 'standard' })
    expect(await answers()).toEqual([
      [100, '103250', '100'],
      [100, '104250', '100'],
      [100, '105250', '100'],
    ])
    await sandbox.close()
    await open({ origination: 'toll-free' })
    expect(await answers()).toEqual([
      [100, '100', '100'],
      [100, '100', '104251'],
      [100, '100', '105251'],
    ])
  })
})

describe('the life of a number', () => {
  const query = async (tn: string) => (await call('queryDID', { did: tn })).DIDs?.DID[0]

  it('goes from the shelf through service and back', async () => {
    await open()
    expect(await query(free)).toMatchObject({ availability: 'available', status: 'Number currently available' })

    const reserved = (await call('reserveDID', params(free))).DIDs?.DID[0]
    expect(reserved).toMatchObject({
      availability: '',
      rewrite: '',
      status: 'Reserved for 30 minutes -- Will be Tier 0',
      tier: '0',
      expireDate: '1900-01-01T00:00:00',
    })
    expect(await query(free)).toMatchObject({ availability: 'reserved', expireDate: '2026-01-15T12:30:00.250' })

    const assigned = (await call('assignDID', params({ tn: free, cnam: '1', refId: 'A & <B>', epg: 8674 }))).DIDs
      ?.DID[0]
    expect(assigned).toEqual({
      tn: free,
      availability: '',
      rewrite: '',
      status: `Assigned to endpoint '8674' rewritten as '${free}' Tier 0`,
      statusCode: '100',
      tier: '0',
      refId: 'A & <B>',
      failover: '',
      forward: '',
      cnamName: '',
      state: 'UT',
      rateCenter: 'MOAB',
      Network: 'Great Lakes Exchange',
      endpointId: 0,
      expireDate: '1900-01-01T00:00:00',
      has411: false,
      has911: false,
      cnam: true,
      cnamStorageActive: false,
      cnamStorageAvailability: true,
      t38: false,
    })

    const moved = (await call('configDID', params({ tn: free, epg: 8675 }))).DIDs?.DID[0]
    expect(moved).toMatchObject({
      availability: '',
      rewrite: '',
      tier: '0',
      status: `Reconfigured to endpoint '8675' rewritten as '${free}' Tier 0`,
      endpointId: 0,
    })
    expect(await query(free)).toMatchObject({
      status: `Number currently assigned to you with refid '' rewritten as '${free}' to endpoint '8675'`,
      endpointId: 8675,
      cnam: false,
      refId: '',
    })

    const released = (await call('releaseDID', params(free))).DIDs?.DID[0]
    expect(released).toMatchObject({
      tn: free,
      availability: '',
      status: 'Number currently available',
      statusCode: '106231',
      tier: '',
      rewrite: '',
      endpointId: 0,
      expireDate: '1900-01-01T00:00:00',
    })
    expect(await query(free)).not.toHaveProperty('expireDate')
    expect(sandbox.calls.map(({ operation, effect }) => `${operation} ${effect}`)).toEqual([
      'queryDID none',
      'reserveDID applied',
      'queryDID none',
      'assignDID applied',
      'configDID applied',
      'queryDID none',
      'releaseDID applied',
      'queryDID none',
    ])
  })

  it('ends a reservation after thirty minutes, not a millisecond earlier, and does not prolong it', async () => {
    await open()
    await call('reserveDID', params(free))
    clock += 30 * 60_000 - 1
    expect(codes(await call('reserveDID', params(free)))).toEqual([100, '103220'])
    expect(sandbox.inventory.truth(free)).toMatchObject({ state: 'reserved', owner: 'us', reservedUntil: clock + 1 })
    clock += 1
    expect(await query(free)).toMatchObject({ availability: 'available' })
    expect(codes(await call('reserveDID', params(free)))).toEqual([100, '100'])
  })

  it('lets a toll-free number rest after its release: nobody can have it, and it is known no more', async () => {
    await open()
    expect(codes(await call('releaseDID', params(oursTollFree)))).toEqual([100, '106241'])
    expect(await query(oursTollFree)).toMatchObject({
      tn: oursTollFree,
      availability: 'Unavailable',
      status: 'UNKNOWN',
      statusCode: '102420',
    })
    expect(codes(await call('reserveDID', params(oursTollFree)))).toEqual([100, '103420'])
    expect(codes(await call('releaseDID', params(oursTollFree)))).toEqual([100, '106241'])
    expect(sandbox.inventory.truth(oursTollFree).state).toBe('released')
  })

  it('puts a reserved toll-free number back on the shelf at once', async () => {
    await open()
    await call('reserveDID', params('8885550120'))
    expect(codes(await call('releaseDID', params('8885550120')))).toEqual([100, '106231'])
    expect(sandbox.inventory.truth('8885550120').state).toBe('available')
  })

  it("shows a query's two dummies and the other companies' numbers as such", async () => {
    await open()
    expect(await query(nowhere)).toMatchObject({
      tn: '',
      availability: 'Unavailable',
      status: 'UNKNOWN',
      statusCode: '102420',
      tier: '-99999',
      expireDate: '1900-01-01T00:00:00',
    })
    expect(await query(assignedElsewhere)).toMatchObject({
      availability: 'assigned',
      statusCode: '102235',
      endpointId: 0,
    })
    expect(await query(reservedElsewhere)).toMatchObject({
      availability: 'reserved',
      statusCode: '102230',
      tier: '-99999',
    })
  })
})

describe('an account without numbers', () => {
  it('audits as one dummy', async () => {
    await open({ owned: 0 })
    const { DIDs, responseCode } = await call('auditDIDs')
    expect(responseCode).toBe(100)
    expect(DIDs?.DID).toEqual([
      expect.objectContaining({
        tn: '',
        availability: 'Unavailable',
        status: 'UNKNOWN',
        statusCode: '101200',
        tier: '-99999',
      }),
    ])
  })

  it('cannot own less than none, a part of one, or more than half a million', async () => {
    await open()
    for (const owned of [-1, 1.5, 500_001, Number.NaN]) {
      expect(() => createInventory({ owned })).toThrow(RangeError)
    }
  })
})
