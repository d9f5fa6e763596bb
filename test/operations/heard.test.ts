import { describe, expect, test } from 'vitest'
import type { Question, Verdict } from '../../src/journal/question.ts'
import type { FormAnswer } from '../../src/operations/door.ts'
import { judgeApproval, judgeForm, noStandsMs, notItsQuestion } from '../../src/operations/heard.ts'
import { approval, form, hour, minute, noon, put, second, shown, ticket } from '../journal/support/intents.ts'

const typed = (what: string): FormAnswer => ({ ended: 'answered', typed: what })
const at = noon + 5 * second

describe('what an answer makes of a form', () => {
  const asked: Question = put(form({ shown: shown('4352154006') }))
  const given: Verdict = { state: 'given', at, by: 'ann@desk', expiresAt: noon + 65 * second }
  const declined = { state: 'declined', at, by: 'ann@desk', no: { id: 'no', until: at + noStandsMs } } as const

  test.each<[string, Partial<Question>, FormAnswer, Verdict]>([
    ['the last four digits', {}, typed(' 4006 '), given],
    ['the count, where there are several', { shown: shown('1', '2') }, typed('2'), given],
    ['wrong digits', {}, typed('4007'), { state: 'waiting', at, wrong: 1, putAt: at }],
    ['wrong digits again', { wrong: 1 }, typed('4007'), { state: 'mistyped', at, wrong: 2 }],
    ['nothing typed', {}, typed(''), { state: 'waiting', at, wrong: 1, putAt: at }],
    ['a no', {}, { ended: 'declined' }, declined],
    ['a no after a yes that nobody used', { state: 'given' }, { ended: 'declined' }, declined],
    ['a cancel', {}, { ended: 'cancelled' }, { state: 'cancelled', at }],
    ['silence', {}, { ended: 'timed_out' }, { state: 'timed_out', at }],
    ['a yes after its time', { expiresAt: at }, typed('4006'), { state: 'timed_out', at }],
    ['a no after its time', { expiresAt: at }, { ended: 'declined' }, { state: 'timed_out', at }],
    ['a yes in 999 ms', { putAt: at - 999 }, typed('4006'), { state: 'unasked', at }],
    ['a no in 999 ms', { putAt: at - 999 }, { ended: 'declined' }, { state: 'unasked', at }],
    ['wrong digits in 999 ms', { putAt: at - 999 }, typed('1'), { state: 'unasked', at }],
    ['a cancel in 999 ms', { putAt: at - 999 }, { ended: 'cancelled' }, { state: 'unasked', at }],
    ['a yes in a second', { putAt: at - 1000 }, typed('4006'), given],
    ['a yes under a clock that was put back', { putAt: at + hour }, typed('4006'), { state: 'unasked', at }],
  ])('%s', (_, more, answer, verdict) => {
    expect(judgeForm({ ...asked, ...more }, answer, at, 'no')).toEqual({
      ...verdict,
      ...(verdict.state === 'given' && { expiresAt: Math.max(verdict.expiresAt ?? 0, at + minute) }),
    })
  })
})

test('an approval is answered while it is open, taken back until it is used, and nothing else is', () => {
  const waiting = put(approval())
  const yes = { given: true, by: 'eve', at }
  const no = { given: false, by: 'eve', at }
  expect(judgeApproval(waiting, yes)).toEqual({ state: 'given', at, by: 'eve' })
  const denied = { state: 'denied', at, by: 'eve', no: { id: waiting.id, until: at + noStandsMs } }
  expect(judgeApproval(waiting, no)).toEqual(denied)
  expect(judgeApproval({ ...waiting, state: 'given' }, no)).toEqual(denied)
  for (const question of [
    { ...waiting, state: 'given' as const },
    { ...waiting, state: 'spent' as const },
    { ...waiting, state: 'denied' as const },
    { ...waiting, state: 'withdrawn' as const },
    { ...waiting, expiresAt: at },
    put(form()),
    put(ticket()),
  ]) {
    expect(judgeApproval(question, yes)).toBeUndefined()
  }
})

describe('an id', () => {
  const call = { kind: 'form', binding: 'binding' } as const
  test.each<[string, Question | undefined, string | undefined]>([
    ['of no question', undefined, 'CONFIRMATION_MISMATCH'],
    ['of a ticket that comes as a form’s', put(ticket()), 'CONFIRMATION_MISMATCH'],
    ['of an approval that comes as a form’s', put(approval()), 'CONFIRMATION_MISMATCH'],
    ['of a form that was spent', { ...put(form()), state: 'spent', operationId: 'op_1' }, 'CONFIRMATION_USED'],
    ['of another call’s form', put(form({ binding: 'another' })), 'CONFIRMATION_MISMATCH'],
    ['of this call’s form', put(form()), undefined],
  ])('%s', (_, question, code) => {
    expect(notItsQuestion(question, call)?.code).toBe(code)
  })
})
