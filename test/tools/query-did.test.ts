import { afterAll, describe, expect, test } from 'vitest'
import { openStage, structured } from '../support/stage.ts'

const stage = await openStage()
afterAll(() => stage.close())

describe('queryDID', () => {
  test('says what each number is, in the order asked', async () => {
    const did = ['4355550190', '4355550150', '(435) 555-0100', '4355550191', '2025551234']
    const { results } = structured(await stage.call('queryDID', { did }))
    expect(results).toEqual([
      {
        tn: '4355550190',
        status: 'taken',
        code: 102235,
        meaning: 'assigned to another company',
        did: expect.anything(),
      },
      {
        tn: '4355550150',
        status: 'yours',
        code: 100,
        meaning: 'assigned to this account',
        did: {
          tn: '4355550150',
          statusCode: 100,
          availability: 'assigned',
          rewrite: '4355550150',
          status:
            "Number currently assigned to you with refid 'LOGAN-OFFICE' rewritten as '4355550150' to endpoint '8674'",
          tier: '1',
          refId: 'LOGAN-OFFICE',
          cnamName: 'SANDBOX 435',
          state: 'UT',
          rateCenter: 'VERNAL',
          network: 'Great Lakes Exchange',
          endpointId: 8674,
          has411: false,
          has911: true,
          cnam: true,
          cnamStorageActive: true,
          cnamStorageAvailability: true,
          t38: true,
        },
      },
      {
        tn: '4355550100',
        status: 'available',
        code: 100,
        meaning: 'available to reserve or assign',
        did: expect.anything(),
      },
      {
        tn: '4355550191',
        status: 'taken',
        code: 102230,
        meaning: 'reserved for another company',
        did: expect.anything(),
      },
      { tn: '2025551234', status: 'unknown', code: 102420, meaning: 'no records found' },
    ])
  })

  test('one failure ends the whole list: a list with holes would read as an answer', async () => {
    stage.sandbox.inject({ name: 'empty', operation: 'queryDID' })
    const answer = await stage.call('queryDID', { did: ['4355550150', '4355550151'] })
    expect(answer._meta?.['did-mcp/error']).toMatchObject({ code: 'CARRIER_PROTOCOL', retryable: true })
    expect(answer).not.toHaveProperty('structuredContent')
  })
})
