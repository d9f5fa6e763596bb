import { afterAll, describe, expect, test } from 'vitest'
import { openStage, textOf } from '../support/stage.ts'

const stage = await openStage()
afterAll(() => stage.close())

const tn = '4355550150'
const many = (count: number) => Array.from({ length: count }, (_, index) => `435555${String(index).padStart(4, '0')}`)
const expectedNumber =
  'is not a telephone number: expected ten digits of the North American plan, ' +
  'as in 4352154006, 435-215-4006 or +1 (435) 215-4006, and nothing beside them'
const leave = '(it may be left out)'
const criteria = 'state, lata, rateCenter, npa, nxx, tier, t38, cnam, sms, network'

const noGroup = (tns: string) =>
  `no endpoint group was given for ${tns}: put epg on the call or on the number. ` +
  'auditDIDs counts those in use; which one it is, the person must say'

const refused: { [tool: string]: [args: object, words: string][] } = {
  auditDIDs: [
    [{ filter: 'UT' }, `filter: expected an object, got "UT" ${leave}`],
    [{ filter: { npa: '43' } }, `filter.npa: expected three digits, got "43" ${leave}`],
    [{ filter: { state: 'Utah' } }, `filter.state: expected two letters, or ALL, got "Utah" ${leave}`],
    [{ filter: { endpointId: 0 } }, `filter.endpointId: expected at least 1, got 0 ${leave}`],
    [{ filter: { has911: 'yes' } }, `filter.has911: expected true or false, got "yes" ${leave}`],
    [
      { filter: { lata: '660' } },
      'filter.lata is not known (known: digits, npa, state, rateCenter, tier, endpointId, refId, has911, cnam)',
    ],
    [{ filter: { digits: '43a' } }, `filter.digits: expected one to ten digits, got "43a" ${leave}`],
    [{ limit: -1 }, `limit: expected at least 0, got -1 ${leave}`],
    [{ limit: 501 }, `limit: expected at most 500, got 501 ${leave}`],
    [{ limit: 1.5 }, `limit: expected a whole number, got 1.5 ${leave}`],
    [{ npa: '435' }, 'npa is not known (known: filter, limit, cursor)'],
  ],
  queryDID: [
    [{}, 'did is missing: a list of telephone numbers is needed'],
    [{ did: '911' }, `did[0]: "911" ${expectedNumber}`],
    [{ did: [tn, '(435) 555-0150'] }, 'did[1]: 4355550150 stands twice, as items 0 and 1'],
    [{ did: [tn, 'x'] }, `did[1]: "x" ${expectedNumber}`],
    [{ did: [tn, 7] }, `did[1]: "7" ${expectedNumber}`],
    [{ did: [] }, 'did: expected at least 1 item, got a list of 0'],
    [{ did: many(101) }, 'did: expected at most 100 items, got a list of 101'],
    [{ tn }, 'did is missing: a list of telephone numbers is needed; tn is not known (known: did)'],
  ],
  getDIDs: [
    [{}, `at least one criterion is needed: ${criteria}`],
    [{ limit: 5 }, `at least one criterion is needed: ${criteria}`],
    // Neither is a criterion of the carrier's.
    [{ digits: '0150', consecutive: 5 }, `at least one criterion is needed: ${criteria}`],
    [{ npa: '435', limit: 0 }, `limit: expected at least 1, got 0 ${leave}`],
    [{ npa: '435', digits: '43555501501' }, `digits: expected one to ten digits, got "43555501501" ${leave}`],
    [{ npa: '435', consecutive: 1 }, `consecutive: expected at least 2, got 1 ${leave}`],
    [{ npa: '435', consecutive: 101 }, `consecutive: expected at most 100, got 101 ${leave}`],
    [{ state: 'UTA' }, `state: expected two letters (TF: toll-free), got "UTA" ${leave}`],
    [{ npa: '4355' }, `npa: expected three digits, got "4355" ${leave}`],
    [{ npa: '٤٣٥' }, `npa: expected three digits, got "٤٣٥" ${leave}`],
    [{ tier: 'gold' }, `tier: expected one to five digits, got "gold" ${leave}`],
    [{ t38: 1 }, `t38: expected true or false, got 1 ${leave}`],
    [{ state: 'ALL' }, `state: expected two letters (TF: toll-free), got "ALL" ${leave}`],
    [{ rateCenter: '' }, `at least one criterion is needed: ${criteria}`],
    [{ rateCenter: '   ', network: '\t' }, `at least one criterion is needed: ${criteria}`],
    [
      { rateCenter: 'x'.repeat(2000) },
      `rateCenter: expected at most 64 characters, got a string of 2000 characters ${leave}`,
    ],
    [{ npa: '435', limit: 501 }, `limit: expected at most 500, got 501 ${leave}`],
    [{ npa: '435', orderby: 'rc' }, `orderby is not known (known: ${criteria}, digits, consecutive, limit, cursor)`],
  ],
  getDIDCount: [
    [{}, `at least one criterion is needed: ${criteria}`],
    [{ orderby: 'rc' }, `at least one criterion is needed: ${criteria}`],
    [{ npa: '435', orderby: 'npa' }, `orderby: expected one of rc, lata, state, tier, got "npa" ${leave}`],
  ],
  isPortable: [
    [{}, 'tn is missing: a list of telephone numbers is needed'],
    [{ tn: '2125550111 x5' }, `tn[0]: "2125550111 x5" ${expectedNumber}`],
    [{ tn: many(101) }, 'tn: expected at most 100 items, got a list of 101'],
  ],
  getPortDetails: [
    [{}, 'portId is missing: a whole number is needed'],
    [{ portId: 0 }, 'portId: expected at least 1, got 0'],
    [{ portId: 2147483648 }, 'portId: expected at most 2147483647, got 2147483648'],
  ],
  reserveDID: [
    [{}, 'didParams is missing: a list of telephone numbers is needed'],
    [{ didParams: [] }, 'didParams: expected at least 1 item, got a list of 0'],
    [{ didParams: many(1001) }, 'didParams: expected at most 1000 items, got a list of 1001'],
    [{ didParams: [{ epg: 1 }] }, 'didParams[0].tn is missing: a telephone number is needed'],
    [{ didParams: [{ tn, note: 'x' }] }, 'didParams[0].note is not known (known: tn, epg, cnam, refId)'],
    [{ didParams: [{ tn, epg: 0 }] }, `didParams[0].epg: expected at least 1, got 0 ${leave}`],
    [{ didParams: [{ tn }, '435.555.0150'] }, 'didParams[1]: 4355550150 stands twice, as items 0 and 1'],
    [{ didParams: [tn], epg: 2 ** 31 }, `epg: expected at most 2147483647, got 2147483648 ${leave}`],
    [
      { didParams: [tn], refId: 'r'.repeat(65) },
      `refId: expected at most 64 characters, got "${'r'.repeat(39)}…" ${leave}`,
    ],
    [
      { didParams: [tn], refId: 'a\nb' },
      `refId: expected text without control or hidden characters or CDATA marks, got "a b" ${leave}`,
    ],
    [
      { didParams: [tn], reason: 'x'.repeat(201) },
      `reason: expected at most 200 characters, got "${'x'.repeat(39)}…" ${leave}`,
    ],
    [
      { didParams: [tn], confirm: true },
      'confirm is not known (known: didParams, epg, cnam, refId, reason, confirmation, dryRun)',
    ],
  ],
  assignDID: [
    [{ didParams: [tn] }, noGroup('4355550150')],
    [{ didParams: [{ tn, epg: 1 }, '4355550151', '4355550152'] }, noGroup('4355550151, 4355550152')],
    [{ didParams: many(7) }, noGroup(`${many(5).join(', ')} and 2 more`)],
  ],
  configDID: [
    [{ didParams: [tn] }, 'didParams[0]: 4355550150 has nothing to change: give epg, cnam or refId'],
    [
      { didParams: ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((x) => ({ tn, epg: x })) },
      ['a', 'b', 'c', 'd', 'e', 'f', 'g']
        .map((x, index) => `didParams[${index}].epg: expected a whole number, got "${x}" ${leave}`)
        .join('; '),
    ],
  ],
  releaseDID: [
    [{ didParams: [tn, tn] }, 'didParams[1]: 4355550150 stands twice, as items 0 and 1'],
    [{ didParams: [tn], epg: 8674 }, 'epg is not known (known: didParams, reason, confirmation, dryRun)'],
  ],
  listOperations: [
    [{ tn: 'x' }, `tn: "x" ${expectedNumber} ${leave}`],
    [
      { tool: 'queryDID' },
      `tool: expected one of reserveDID, assignDID, configDID, releaseDID, insert911, update911, remove911, addLocation, provisionLocation, removeLocation, Add911Alert, Remove911Alert, UpdateCNAMDisplay, RemoveCNAM, UpdateDIDFailover, SetDIDForward, RemoveDIDForward, got "queryDID" ${leave}`,
    ],
    [
      { status: 'waiting' },
      `status: expected one of open, done, partly_done, failed, uncertain, got "waiting" ${leave}`,
    ],
    [{ since: 'yesterday' }, `since: expected an ISO 8601 date, or time with zone, got "yesterday" ${leave}`],
    [{ since: '2026-13-01' }, `since: expected an ISO 8601 date, or time with zone, got "2026-13-01" ${leave}`],
    [
      { since: '2026-11-01T10:00' },
      `since: expected an ISO 8601 date, or time with zone, got "2026-11-01T10:00" ${leave}`,
    ],
    [{ limit: 101 }, `limit: expected at most 100, got 101 ${leave}`],
  ],
}

describe.each(Object.entries(refused))('%s refuses', (tool, cases) => {
  test.each(cases.map(([args, words]) => ({ args, words })))('$words', async ({ args, words }) => {
    const before = stage.sandbox.calls.length
    const answer = await stage.call(tool, { ...args })
    expect(textOf(answer).split('\n')).toEqual([
      `${tool}: ${words}.`,
      'Nothing was changed at the carrier.',
      'Correct the arguments and call again.',
      'code: INVALID_INPUT',
      'environment: sandbox (nothing here is real)',
    ])
    expect(answer._meta?.['did-mcp/error']).toMatchObject({ code: 'INVALID_INPUT', retryable: false })
    expect(answer).not.toHaveProperty('structuredContent')
    expect(stage.writes).toEqual([])
    expect(stage.sandbox.calls.length).toBe(before)
  })
})

test('a huge argument comes back as its size', async () => {
  const answer = await stage.call('queryDID', { did: 'x'.repeat(1_000_000) })
  expect(textOf(answer).length).toBeLessThan(500)
})
