import { beforeEach, describe, expect, test } from 'vitest'
import type { Journal } from '../../src/journal/journal.ts'
import { engines, openAt } from './support/engines.ts'
import { allow, approval, available, hour, intent, live, minute, noon, ticket } from './support/intents.ts'

describe.each(engines)('yeses and noes on $engine', ({ place }) => {
  let journal: Journal
  beforeEach(async () => {
    journal = await openAt(place())
  })

  test('a ticket is given from its birth, and known by its hash alone', async () => {
    const yes = ticket({ reason: 'new office', facts: [{ tn: '4352154006', facts: { ...available, has911: true } }] })
    await journal.issue(yes)
    expect(await journal.ticket(yes.hash ?? '')).toStrictEqual({ ...yes, state: 'given' })
    expect(await journal.yes(yes.id)).toStrictEqual({ ...yes, state: 'given' })
    expect(await journal.ticket(yes.id)).toBeUndefined()
    expect(await journal.approvals(noon)).toEqual([])
  })

  test('an approval waits, is given by a person, and goes ahead once', async () => {
    const { hash: _, ...yes } = approval({ binding: 'b' })
    expect(await journal.request(yes)).toStrictEqual({ ...yes, state: 'waiting' })
    expect(await journal.approvals(noon)).toStrictEqual([{ ...yes, state: 'waiting' }])
    expect(await journal.request({ ...yes, id: 'twin' })).toStrictEqual({ ...yes, state: 'waiting' })

    expect(await journal.answer(yes.id, { given: true, by: 'bob', at: noon + minute, until: 0 })).toBe(true)
    expect(await journal.approvals(noon)).toStrictEqual([{ ...yes, state: 'given', by: 'bob' }])
    expect(await journal.request({ ...yes, id: 'twin' })).toStrictEqual({ ...yes, state: 'given', by: 'bob' })
    expect(await journal.answer(yes.id, { given: true, by: 'eve', at: noon + minute, until: noon + hour })).toBe(false)

    const made = intent('assignDID', ['4352154006'], { yesId: yes.id, at: noon + 2 * minute })
    expect(await journal.record(made, allow)).toEqual({ recorded: true })
    expect(await journal.yes(yes.id)).toStrictEqual({ ...yes, state: 'spent', by: 'bob', operationId: made.id })
    expect(await journal.approvals(noon)).toEqual([])
    expect(await journal.answer(yes.id, { given: false, by: 'eve', at: noon + 2 * minute, until: 0 })).toBe(false)
    expect(await journal.noesInForce(noon)).toEqual([])
  })

  test('one that was given is taken back with a denial, until it is used', async () => {
    const { hash: _, ...yes } = approval({ binding: 'b' })
    await journal.request(yes)
    expect(await journal.answer(yes.id, { given: true, by: 'bob', at: noon, until: 0 })).toBe(true)
    expect(await journal.answer(yes.id, { given: false, by: 'eve', at: noon + minute, until: noon + hour })).toBe(true)
    expect(await journal.approvals(noon)).toEqual([])
    const made = intent('assignDID', ['4352154006'], { yesId: yes.id, at: noon + 2 * minute })
    // Still a no for the call that was on its way; nothing but a spent yes where the no was lifted, or is over.
    expect(await journal.record({ ...made, neededYes: true }, allow)).toMatchObject({
      recorded: false,
      refused: { why: 'declined', noes: [{ id: yes.id, by: 'eve' }] },
    })
    const over = { ...made, neededYes: true, at: noon + hour }
    expect(await journal.record(over, allow)).toEqual({ recorded: false, refused: { why: 'spent' } })
    expect((await journal.noesInForce(noon)).map(({ id, by }) => [id, by])).toEqual([[yes.id, 'eve']])
  })

  test('a ticket is nobody’s to answer', async () => {
    const yes = ticket({})
    await journal.issue(yes)
    expect(await journal.answer(yes.id, { given: false, by: 'bob', at: noon, until: noon + hour })).toBe(false)
  })

  test('a denial and the intent that spends it never both succeed', async () => {
    for (const tn of ['4352154001', '4352154002', '4352154003', '4352154004']) {
      const yes = approval({ id: `ap_${tn}`, binding: tn, facts: [{ tn, facts: available }] })
      await journal.request(yes)
      await journal.answer(yes.id, { given: true, by: 'bob', at: noon, until: 0 })
      const made = intent('assignDID', [tn], { yesId: yes.id, at: noon + minute })
      const [recorded, denied] = await Promise.all([
        journal.record(made, allow),
        journal.answer(yes.id, { given: false, by: 'eve', at: noon + minute, until: noon + hour }),
      ])
      expect([recorded.recorded, denied].sort()).toEqual([false, true])
    }
  })

  test('a denial is a no on its numbers for a while, known by the id that was denied', async () => {
    const yes = approval({
      binding: 'b',
      facts: ['4352154007', '4352154006'].map((tn) => ({ tn, facts: available })),
    })
    await journal.issue(yes)
    const until = noon + 11 * minute
    expect(await journal.answer(yes.id, { given: false, by: 'bob', at: noon + minute, until })).toBe(true)
    expect((await journal.yes(yes.id))?.state).toBe('denied')
    const no = { id: yes.id, tool: 'assignDID', by: 'bob', until }
    expect(await journal.noesInForce(until - 1)).toStrictEqual([
      { ...no, tn: '4352154006' },
      { ...no, tn: '4352154007' },
    ])
    expect(await journal.noes(live, 'assignDID', ['4352154006', '4352154000'], noon)).toStrictEqual([
      { ...no, tn: '4352154006' },
    ])
    expect(await journal.noes(live, 'releaseDID', ['4352154006'], noon)).toEqual([])
    expect(await journal.noes({ ...live, place: 'elsewhere' }, 'assignDID', ['4352154006'], noon)).toEqual([])
    // Another login at the same place meets the same no: it follows the number.
    expect(await journal.noes({ ...live, id: 'another' }, 'assignDID', ['4352154006'], noon)).toHaveLength(1)
    expect(await journal.noes(live, 'assignDID', ['4352154006'], until)).toEqual([])
    expect(await journal.lift(yes.id)).toBe(true)
    expect(await journal.noesInForce(noon)).toEqual([])
    expect(await journal.lift(yes.id)).toBe(false)
  })

  test('a denied, spent, expired or replaced request makes room for a new one', async () => {
    const first = await journal.request(approval({ id: 'first', binding: 'b' }))
    expect(await journal.answer(first.id, { given: false, by: 'bob', at: noon, until: noon })).toBe(true)
    const second = await journal.request(approval({ id: 'second', binding: 'b', expiresAt: noon + minute }))
    expect(second.id).toBe('second')
    const third = await journal.request(approval({ id: 'third', binding: 'b', createdAt: noon + minute }))
    expect(third.id).toBe('third')
    const later = { binding: 'b', createdAt: noon + minute }
    expect((await journal.request(approval({ ...later, id: 'fourth' }), 'third')).id).toBe('fourth')
    expect((await journal.approvals(noon + 2 * minute)).map(({ id }) => id)).toEqual(['fourth'])
    expect(await journal.answer('second', { given: true, by: 'bob', at: noon + minute, until: 0 })).toBe(false)
  })

  test('several askers at once get the same request', async () => {
    const ids = ['one', 'two', 'three', 'four']
    const got = await Promise.all(ids.map((id) => journal.request(approval({ id, binding: 'b' }))))
    expect(new Set(got.map(({ id }) => id)).size).toBe(1)
  })

  test('a no that was said since the call began refuses the intent, where a yes was needed', async () => {
    const no = { id: 'no', account: live, tool: 'releaseDID', tns: ['4352154006'], by: 'ann@desk', at: noon }
    await journal.refuse({ ...no, until: noon + hour })
    const both = ['4352154006', '4352154007']
    expect(await journal.record(intent('releaseDID', both, { neededYes: true }), allow)).toStrictEqual({
      recorded: false,
      refused: {
        why: 'declined',
        noes: [{ id: 'no', tool: 'releaseDID', tn: '4352154006', by: 'ann@desk', until: noon + hour }],
      },
    })
    expect(await journal.record(intent('releaseDID', both), allow)).toEqual({ recorded: true })
  })

  test('a decline in the client is a no until its time; one that is over is swept once a day has passed', async () => {
    const no = { account: live, tool: 'releaseDID', by: 'ann@desk' }
    await journal.refuse({ ...no, id: 'first', tns: ['4352154006'], at: noon, until: noon + 10 * minute })
    await journal.refuse({ ...no, id: 'next', tns: ['4352154006'], at: noon + 10 * minute, until: noon + 20 * minute })
    expect((await journal.noesInForce(0)).map(({ id }) => id)).toEqual(['first', 'next'])
    for (const at of [noon + 10 * minute, noon + 10 * minute + 24 * hour]) await journal.forget(at, undefined, 1)
    expect(await journal.noesInForce(0)).toStrictEqual([
      { id: 'next', tool: 'releaseDID', tn: '4352154006', by: 'ann@desk', until: noon + 20 * minute },
    ])
  })

  test.each([
    ['ticket', 'issue', ticket],
    ['approval', 'request', approval],
  ] as const)('an expired %s is known for a week more, then swept', async (_, add, made) => {
    const old = made({ binding: 'old' })
    await journal[add](old)
    const swept = old.expiresAt + 7 * 24 * hour
    for (const at of [swept, swept + 24 * hour]) await journal.forget(at, undefined, 1)
    expect(await journal.yes(old.id)).toBeDefined()
    for (const at of [swept + 24 * hour + 1, swept + 48 * hour]) await journal.forget(at, undefined, 1)
    expect(await journal.yes(old.id)).toBeUndefined()
  })
})
