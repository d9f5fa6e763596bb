import { expect, test } from 'vitest'
import { type YesKind, yesKinds } from '../../src/domain/yes-kind.ts'
import { builtIn } from '../../src/policy/policy.ts'
import { isWeaker, type Wanting, yesWanted } from '../../src/policy/yes.ts'

type Confirmation = (typeof builtIn)['confirmation']

const wanted = (confirmation: Partial<Confirmation>, call: Partial<Wanting>): YesKind =>
  yesWanted(
    { confirmation: { ...builtIn.confirmation, ticketMaxDids: 10, ...confirmation } },
    { effect: 'change', numbers: 1, canAsk: false, ...call },
  )

test.each<[string, Partial<Confirmation>, Partial<Wanting>, YesKind]>([
  ['a client that can ask and is trusted', {}, { canAsk: true }, 'form'],
  ['the same where only a person counts', { mode: 'human' }, { canAsk: true }, 'form'],
  ['the same with more numbers than a ticket covers', {}, { canAsk: true, effect: 'destroy', numbers: 11 }, 'form'],
  [
    'a client of which two policies say opposite things',
    { trustElicitation: 'disputed' },
    { canAsk: true },
    'approval',
  ],
  ['the same where the client cannot ask', { trustElicitation: 'disputed' }, {}, 'ticket'],
  ['a client that can ask and is not trusted', { trustElicitation: false }, { canAsk: true }, 'ticket'],
  ['the same where only a person counts', { trustElicitation: false, mode: 'human' }, { canAsk: true }, 'approval'],
  ['a client that cannot ask', {}, {}, 'ticket'],
  ['the same where only a person counts', { mode: 'human' }, {}, 'approval'],
  ['as many purchases as a ticket covers', {}, { effect: 'spend', numbers: 10 }, 'ticket'],
  ['one purchase more', {}, { effect: 'spend', numbers: 11 }, 'approval'],
  ['as many releases as a ticket covers', {}, { effect: 'destroy', numbers: 10 }, 'ticket'],
  ['one release more', {}, { effect: 'destroy', numbers: 11 }, 'approval'],
  ['many changes, which neither cost nor are gone', {}, { effect: 'change', numbers: 500 }, 'ticket'],
  ['many holds', {}, { effect: 'hold', numbers: 500 }, 'ticket'],
  ['a number that waits in an approval', {}, { waits: true }, 'approval'],
  ['none that waits', {}, { waits: false }, 'ticket'],
])('%s %o %o wants: %s', (_name, confirmation, call, kind) => {
  expect(wanted(confirmation, call)).toBe(kind)
})

test('a ticket is the weakest yes, and an approval the strongest', () => {
  const weaker = yesKinds.flatMap((given) => yesKinds.filter((one) => isWeaker(given, one)).map((one) => [given, one]))
  expect(weaker).toEqual([
    ['ticket', 'form'],
    ['ticket', 'approval'],
    ['form', 'approval'],
  ])
})
