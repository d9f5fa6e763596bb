import { describe, expect, test } from 'vitest'
import type { Operation, OperationRow } from '../../src/journal/operation.ts'
import { account, stageWith, textOf } from '../support/stage.ts'

const startedAt = Date.parse('2026-11-23T08:00:00Z')

const row = (line: number, facts: Partial<OperationRow>): OperationRow => ({
  tn: `435555${String(line).padStart(4, '0')}`,
  asked: {},
  before: { status: 'yours', epg: 8674 },
  ...facts,
})

const operation = (id: string, rows: OperationRow[], facts: Partial<Operation> = {}): Operation => ({
  id,
  account,
  tool: 'releaseDID',
  effect: 'destroy',
  caller: 'eva@desk',
  confirmedBy: 'person',
  status: 'done',
  startedAt,
  counts: { done: rows.length, failed: 0, uncertain: 0, notAttempted: 0 },
  rows,
  ...facts,
})

describe('listOperations', () => {
  test('tells what was done, by whom, on whose yes, with what outcome', async () => {
    const done = row(150, { outcome: 'done', code: 106231, meaning: 'currently available: the release worked' })
    const watched = row(151, { outcome: 'uncertain', fencedUntil: startedAt + 130_000 })
    const stage = await stageWith({
      operations: [
        operation('op-2', [done, watched], {
          status: 'uncertain',
          reason: 'closing [the](http://x) office',
          endedAt: startedAt + 5_000,
          counts: { done: 1, failed: 0, uncertain: 1, notAttempted: 0 },
        }),
      ],
    })
    const answer = await stage.call('listOperations')
    expect(answer.structuredContent).toEqual({
      environment: 'sandbox',
      operations: [
        {
          id: 'op-2',
          tool: 'releaseDID',
          effect: 'destroy',
          environment: 'sandbox',
          account: 'sandbox@127.0.0.1',
          status: 'uncertain',
          startedAt: '2026-11-23T08:00:00.000Z',
          endedAt: '2026-11-23T08:00:05.000Z',
          caller: 'eva@desk',
          reason: 'closing [the](http://x) office',
          confirmedBy: 'person, in the client',
          counts: { done: 1, failed: 0, uncertain: 1, notAttempted: 0 },
          results: [
            {
              tn: '4355550151',
              outcome: 'uncertain',
              before: { status: 'yours', epg: 8674 },
              watchUntil: '2026-11-23T08:02:10.000Z',
            },
            {
              tn: '4355550150',
              outcome: 'done',
              code: 106231,
              meaning: 'currently available: the release worked',
              before: { status: 'yours', epg: 8674 },
            },
          ],
        },
      ],
    })
    expect(textOf(answer).split('\n')).toEqual([
      'environment: sandbox (nothing here is real)',
      'operations (1): id|tool|effect|environment|account|status|startedAt|endedAt|caller|reason|confirmedBy|counts',
      'op-2|releaseDID|destroy|sandbox|sandbox@127.0.0.1|uncertain|2026-11-23T08:00:00.000Z|2026-11-23T08:00:05.000Z|eva@desk|"closing (the)(http: /x) office"|person, in the client|done=1, failed=0, uncertain=1, notAttempted=0',
      '  results (2): tn|outcome|code|meaning|before|watchUntil (may take effect until)',
      '  4355550151|uncertain|||status=yours, epg=8674|2026-11-23T08:02:10.000Z',
      '  4355550150|done|106231|currently available: the release worked|status=yours, epg=8674|',
    ])
  })

  test('asks for operations of this account only, after what became due was settled', async () => {
    const order: string[] = []
    const stage = await stageWith({
      settleDue: async () => void order.push(`settled before ${stage.asked.length + 1}`),
    })
    await stage.call('listOperations', {
      tn: '(435) 555-0150',
      tool: 'releaseDID',
      since: '2026-11-23T10:00:00+02:00',
      status: 'uncertain',
      limit: 7,
    })
    await stage.call('listOperations', { since: '2026-11-23' })
    expect(order).toEqual(['settled before 1', 'settled before 2'])
    expect(stage.asked).toEqual([
      {
        account,
        tn: '4355550150',
        tool: 'releaseDID',
        since: startedAt,
        status: 'uncertain',
        limit: 7,
        after: undefined,
      },
      { account, since: Date.parse('2026-11-23T00:00:00Z'), limit: 20, after: undefined },
    ])
  })

  test('shows twenty numbers of an operation, what is uncertain or failed first, and counts all', async () => {
    const rows = Array.from({ length: 60 }, (_, line) => row(line, { outcome: line === 59 ? 'failed' : 'done' }))
    const stage = await stageWith({ operations: [operation('op-3', rows)] })
    const { operations } = (await stage.call('listOperations')).structuredContent as {
      operations: { results: { tn: string }[]; counts: object }[]
    }
    expect(operations[0]?.results).toHaveLength(20)
    expect(operations[0]?.results[0]).toMatchObject({ tn: '4355550059', outcome: 'failed' })
    expect(operations[0]?.counts).toEqual({ done: 59, failed: 1, uncertain: 0, notAttempted: 0 })
  })

  test('goes on behind the last one shown, with the same question', async () => {
    const stage = await stageWith({ operations: [operation('op-9', [row(1, { outcome: 'done' })])], more: true })
    const first = (await stage.call('listOperations', { tool: 'releaseDID', limit: 1 })).structuredContent
    const answer = await stage.call('listOperations', { cursor: first?.nextCursor })
    expect(answer.isError).toBeUndefined()
    expect(stage.asked[1]).toEqual({
      account,
      tool: 'releaseDID',
      since: undefined,
      limit: 1,
      after: { startedAt, id: 'op-9' },
    })
  })
})
