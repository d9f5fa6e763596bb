import { expect, test } from 'vitest'
import { confirmedInWords, type RowOutcome, showRows } from '../../src/operations/envelope.ts'

test.each([
  ['policy', 'policy (no yes needed)'],
  ['person', 'person, in the client'],
  ['ticket', 'ticket (relayed by the assistant; which person is not known)'],
  ['approval by eve@console', 'approval by eve@console'],
  ['toString', 'toString'],
])('who said yes, recorded as %s, reads as %s', (recorded, words) => {
  expect(confirmedInWords(recorded)).toBe(words)
})

const before = { status: 'available', tier: '1' } as const

test('a number whose request is under way is uncertain, one that waits its turn is not attempted yet', () => {
  expect(
    showRows('reserveDID', [
      { tn: '4355550105', before },
      { tn: '4355550110', before, sentAt: 1 },
      { tn: '4355550113', before, sentAt: 1, outcome: 'done', code: 100 },
    ]),
  ).toEqual({
    counts: { done: 1, failed: 0, uncertain: 1, notAttempted: 1 },
    results: [
      {
        tn: '4355550110',
        outcome: 'uncertain',
        meaning: 'the request is under way: its answer was not read yet',
        before,
      },
      { tn: '4355550105', outcome: 'not_attempted', meaning: 'not sent yet', before },
      { tn: '4355550113', outcome: 'done', code: 100, meaning: 'success', before },
    ],
  })
})

test.each([
  [106231, 'currently available: the release worked'],
  [106241, 'previously released, not currently available: the release worked'],
  [100, 'success'],
  [106999, 'code 106999, which the carrier does not document'],
])('the code %i has its meaning beside it', (code, meaning) => {
  const { results } = showRows('releaseDID', [{ tn: '4355550105', outcome: 'done', code }])
  expect(results).toEqual([{ tn: '4355550105', outcome: 'done', code, meaning }])
})

test('an empty reference where there was none is no change, and one that was asked for and is missing is', () => {
  const shown = (row: Partial<RowOutcome>) =>
    showRows('assignDID', [{ tn: '4355550105', outcome: 'done', code: 100, ...row }]).results[0]
  const yours = { status: 'yours', epg: 8674, refId: '' } as const
  expect(shown({ before, after: yours })?.after).toEqual({ status: 'yours', epg: 8674 })
  expect(shown({ before: { ...yours, refId: 'DENVER' }, after: yours })?.after).toEqual(yours)
  expect(shown({ before, asked: { refId: 'desk 4' }, after: yours })).toMatchObject({
    after: yours,
    differs: ['refId'],
  })
})

test('before and after are told in one order, whatever order they came in', () => {
  const after = { refId: 'x', cnam: true, tier: '1', epg: 8674, status: 'yours' } as const
  const { results } = showRows('assignDID', [{ tn: '4355550105', outcome: 'done', before, after }])
  expect(Object.keys(results[0]?.before ?? {})).toEqual(['status', 'tier'])
  expect(Object.keys(results[0]?.after ?? {})).toEqual(['status', 'epg', 'tier', 'cnam', 'refId'])
})

test('at most a hundred rows are shown, uncertain and failed first, and the counts are whole', () => {
  const rows = Array.from({ length: 150 }, (_, index) => ({
    tn: `21255501${String(index).padStart(3, '0')}`.slice(0, 11),
    outcome: index === 149 ? ('uncertain' as const) : index > 140 ? ('failed' as const) : ('done' as const),
  }))
  const { counts, results } = showRows('reserveDID', rows)
  expect(counts).toEqual({ done: 141, failed: 8, uncertain: 1, notAttempted: 0 })
  expect(results).toHaveLength(100)
  expect(results.slice(0, 9).map(({ outcome }) => outcome)).toEqual(['uncertain', ...Array(8).fill('failed')])
})
