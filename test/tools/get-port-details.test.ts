import { afterAll, describe, expect, test } from 'vitest'
import { openStage, structured, textOf } from '../support/stage.ts'

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
    expect(textOf(answer).split('\n').slice(0, 4)).toEqual([
      'port:',
      'id: 70001',
      'status: Submitted',
      'endUser: Cache Valley Dental',
    ])
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
