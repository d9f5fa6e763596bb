import { afterAll, describe, expect, test } from 'vitest'
import { openStage, stageWith, structured, textOf } from '../support/stage.ts'

const stage = await openStage()
afterAll(() => stage.close())

describe('getPortDetails', () => {
  test('answers the order', async () => {
    const answer = await stage.call('getPortDetails', { portId: 70001 })
    expect(structured(answer).port).toMatchObject({
      id: 70001,
      status: 'Submitted',
      endUser: 'Cache Valley Dental',
      billingTN: '4355550190',
      portingFrom: 'Basin Telecom',
    })
    expect(textOf(answer).split('\n').slice(0, 5)).toEqual([
      'environment: sandbox (nothing here is real)',
      'port:',
      'id: 70001',
      'status: Submitted',
      'endUser: "Cache Valley Dental"',
    ])
  })

  test('lists 500 numbers of a large order, says how many there are, and what could not be read', async () => {
    const dids = Array.from({ length: 2_000 }, (_, index) => ({ tn: String(4_355_550_000 + index) }))
    const unreadable = { count: 1, rows: ['‹PortDID/›'] }
    const stage = await stageWith({
      carrier: { getPortDetails: async (id) => ({ port: { id, dids }, message: 'in part', unreadable }) },
    })
    expect(structured(await stage.call('getPortDetails', { portId: 7 }))).toEqual({
      environment: 'sandbox',
      words: 'in part',
      unreadable,
      port: { id: 7, didCount: 2_000, dids: dids.slice(0, 500) },
    })
  })

  test('what the carrier says of an order that it does not know is told', async () => {
    const stage = await stageWith({
      carrier: { getPortDetails: async () => ({ message: 'archived [here](http://x)' }) },
    })
    const answer = await stage.call('getPortDetails', { portId: 7 })
    expect(textOf(answer).split('\n')[0]).toBe(
      'The carrier knows no port order 7. It says: "archived (here)(http: /x)".',
    )
  })

  test('an order that is not there is an error that says where ids come from', async () => {
    const answer = await stage.call('getPortDetails', { portId: 1 })
    expect(textOf(answer).split('\n').slice(0, 4)).toEqual([
      'The carrier knows no port order 1.',
      'Nothing was changed at the carrier.',
      'Check the id in the Back Office, under port orders.',
      'code: INVALID_INPUT',
    ])
  })
})
