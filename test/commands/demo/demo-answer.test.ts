import { describe, expect, test } from 'vitest'
import { answerLines, shortened } from '../../../src/commands/demo/demo-answer.ts'

const ticket = 'ticket_ycT1a3lc-LfKM50AHcdRPw'
const cursor = 'nextCursor: W3t9LDUsIjMwMzU1NTAxNTEiLCJiVGd1dlMzWkZQTlQiXQ'

describe('an answer as a person reads it', () => {
  test('fields stand beside each other, one row too, and sentences below each other', () => {
    const text = [
      'status: confirmation_required',
      'Nothing was sent. Show this preview to the person you act for.',
      'confirmation:',
      `ticket: ${ticket}`,
      'expiresAt: 2026-01-05T09:05:00.000Z',
      'preview:',
      '4355550105: available, tier 4, to endpoint group 8674',
      'counts: done=0, failed=0, uncertain=0, notAttempted=1',
      'results (1): tn|outcome|code|before',
      '4355550105|not_attempted||status=available, tier=4',
    ]
    expect(answerLines(text.join('\n'), 50)).toEqual([
      'status: confirmation_required',
      'Nothing was sent. Show this preview to the',
      '  person you act for.',
      'confirmation:',
      'ticket: ticket_ycT1a3…',
      'expiresAt: 2026-01-05T09:05:00.000Z',
      'preview:',
      '4355550105: available, tier 4, to endpoint group',
      '  8674',
      'counts: done=0, failed=0, uncertain=0,',
      'notAttempted=1',
      'tn: 4355550105  outcome: not_attempted',
      'before: status=available, tier=4',
    ])
  })

  test('rows stand in columns, as many as fit, what tells most first; the others are named', () => {
    const text = [
      'total: 25',
      'dids (2): tn|network|has911|tier',
      '2125550150|Meridian Networks|yes|0',
      '2125550151|Tidewater Carrier|yes|1',
      cursor,
    ]
    expect(answerLines(text.join('\n'), 37, ['tn', 'tier'])).toEqual([
      'total: 25',
      'dids:',
      'tn          tier  network',
      '2125550150  0     Meridian Networks',
      '2125550151  1     Tidewater Carrier',
      'more in each: has911',
      'nextCursor: W3t9LDUsIjMw…',
    ])
  })

  test('a table in a row is named alone', () => {
    const text = [
      'operations (2): id|tool',
      'op_2|releaseDID',
      '  results (1): tn|outcome',
      '  4355550105|done',
      'op_1|reserveDID',
      '  results (1): tn|outcome',
      '  4355550105|done',
      'asOf: now',
    ]
    expect(answerLines(text.join('\n'), 80)).toEqual([
      'operations:',
      'id    tool',
      'op_2  releaseDID',
      'op_1  reserveDID',
      'more in each: results',
      'asOf: now',
    ])
  })

  test('a field that has everything is cut between two of its parts', () => {
    const did = Array.from({ length: 30 }, (_, index) => `field${index}=${index}`).join(', ')
    const [line = '', ...others] = answerLines(`results (1): tn|did\n4355550105|${did}`, 200)
    expect(others).toEqual([])
    expect(line).toMatch(/^tn: 4355550105 {2}did: field0=0, .*field\d+=\d+, …$/)
    expect(line.length).toBeLessThan(180)
  })
})

test('a ticket is cut short in a call, and one that was made up is not', () => {
  expect(shortened(`releaseDID {"confirmation":"${ticket}"}`)).toBe('releaseDID {"confirmation":"ticket_ycT1a3…"}')
  expect(shortened('releaseDID {"confirmation":"ticket_made_up"}')).toBe('releaseDID {"confirmation":"ticket_made_up"}')
})
