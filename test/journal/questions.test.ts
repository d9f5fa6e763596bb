import { beforeEach, describe, expect, test } from 'vitest'
import type { Journal } from '../../src/journal/journal.ts'
import { engines, openAt } from './support/engines.ts'
import {
  allow,
  approval,
  available,
  decline,
  form,
  hour,
  intent,
  live,
  minute,
  noon,
  put,
  say,
  shown,
  ticket,
} from './support/intents.ts'

describe.each(engines)('questions and noes on $engine', ({ place }) => {
  let journal: Journal
  beforeEach(async () => {
    journal = await openAt(place())
  })

  test('a ticket is given from its birth, a form waits, and neither is among the approvals', async () => {
    const refused = [
      { tn: '4352154007', asked: {}, before: available, outcome: 'failed' as const, code: 102230, meaning: 'no' },
    ]
    const covered = [{ tn: '4352154006', facts: { ...available, has911: true }, asked: { epg: 1, refId: '' } }]
    const yes = ticket({ reason: 'new office', shown: covered, refused })
    const asked = form()
    expect(await journal.putQuestion(yes)).toStrictEqual({ ...yes, state: 'given', putAt: noon, wrong: 0 })
    expect(await journal.readQuestion(yes.id)).toStrictEqual({ ...yes, state: 'given', putAt: noon, wrong: 0 })
    expect(await journal.putQuestion(asked)).toStrictEqual({ ...asked, state: 'waiting', putAt: noon, wrong: 0 })
    expect(await journal.readQuestion('another')).toBeUndefined()
    expect(await journal.readApprovals(noon)).toEqual([])
  })

  test('a form tells how often it was answered wrong, when it was put last, who answered and how it ended', async () => {
    const asked = form({ shown: shown('4352154006', '4352154007') })
    await journal.putQuestion(asked)
    const at = noon + minute
    const again = await journal.answerQuestion(asked.id, () => ({ state: 'waiting', at, wrong: 1, putAt: at }))
    expect(again).toStrictEqual({ ...put(asked), wrong: 1, putAt: at })
    expect(await journal.answerQuestion(asked.id, () => undefined)).toStrictEqual(again)
    const given = { state: 'given' as const, at, by: 'ann@desk', expiresAt: noon + hour }
    expect(await journal.answerQuestion(asked.id, () => given)).toStrictEqual({
      ...again,
      state: 'given',
      by: 'ann@desk',
      expiresAt: noon + hour,
    })
    const no = { id: 'no', until: noon + hour }
    const ended = await journal.answerQuestion(asked.id, () => ({ state: 'declined', at, by: 'ann@desk', no }))
    expect(ended).toMatchObject({ state: 'declined', endedAt: at })
    expect(await journal.readQuestion(asked.id)).toStrictEqual(ended)
    expect((await journal.readNoes(live, 'assignDID', ['4352154007'], at)).map(({ id }) => id)).toEqual(['no'])
    expect(await journal.answerQuestion('another', () => ({ state: 'given', at }))).toBeUndefined()
  })

  test('of answers that come at once each is counted', async () => {
    const asked = form()
    await journal.putQuestion(asked)
    await Promise.all(
      Array.from({ length: 8 }, () =>
        journal.answerQuestion(asked.id, ({ wrong }) => ({ state: 'waiting', at: noon, wrong: wrong + 1 })),
      ),
    )
    expect((await journal.readQuestion(asked.id))?.wrong).toBe(8)
  })

  test('tickets of a caller count for its tool while they can be spent, and for an hour after they were', async () => {
    const of = { account: live, caller: 'ann@desk', tool: 'assignDID' }
    await journal.putQuestion(ticket({ id: 'standing', shown: shown('1', '2') }))
    await journal.putQuestion(ticket({ id: 'spent', shown: shown('3') }))
    await journal.recordIntent(intent('assignDID', ['3'], { questionId: 'spent', at: noon + minute }), allow)
    await journal.putQuestion(ticket({ caller: 'bob@desk', shown: shown('4') }))
    await journal.putQuestion(ticket({ tool: 'releaseDID', shown: shown('5') }))
    await journal.putQuestion(ticket({ account: { ...live, id: 'another' }, shown: shown('6') }))
    await journal.putQuestion(form({ shown: shown('7') }))
    const elsewhere = { ...live, id: 'elsewhere', place: 'elsewhere' }
    const waits = { kind: 'approval' as const, caller: 'bob@desk', expiresAt: noon + hour }
    await journal.putQuestion(approval({ ...waits, binding: 'a', shown: shown('8', '9') }))
    await journal.putQuestion(
      approval({ ...waits, binding: 'b', account: { ...live, id: 'other' }, shown: shown('9') }),
    )
    await journal.putQuestion(approval({ ...waits, binding: 'c', account: elsewhere, shown: shown('0') }))
    await journal.putQuestion(approval({ ...waits, binding: 'd', id: 'given', shown: shown('0') }))
    await say(journal, 'given', { given: true, by: 'eve', at: noon })

    expect(await journal.readTicketUse(of, noon + minute)).toEqual({
      spent: ['3'],
      given: ['1', '2'],
      waiting: ['8', '9'],
    })
    expect(await journal.readTicketUse(of, noon + 5 * minute)).toMatchObject({ spent: ['3'], given: [] })
    expect(await journal.readTicketUse(of, noon + hour)).toEqual({ spent: ['3'], given: [], waiting: [] })
    expect((await journal.readTicketUse(of, noon + hour + minute)).spent).toEqual([])
  })

  test('who records an intent is told of the tickets where it spends one, and of nothing else', async () => {
    const heard: unknown[] = []
    const listen = (...[, tickets]: Parameters<Parameters<Journal['recordIntent']>[1]>) => void heard.push(tickets)
    await journal.putQuestion(ticket({ id: 'first', shown: shown('1') }))
    await journal.recordIntent(intent('assignDID', ['1'], { questionId: 'first' }), listen)
    await journal.putQuestion(ticket({ id: 'next', shown: shown('2') }))
    await journal.recordIntent(intent('assignDID', ['2'], { questionId: 'next' }), listen)
    await journal.recordIntent(intent('assignDID', ['3']), listen)
    expect(heard).toEqual([
      { spent: [], given: ['1'], waiting: [] },
      { spent: ['1'], given: ['2'], waiting: [] },
      undefined,
    ])
  })

  test('an approval is found by its binding while it is open', async () => {
    const yes = approval({ binding: 'b' })
    await journal.putQuestion(yes)
    expect(await journal.readApproval('b', noon)).toStrictEqual(put(yes))
    expect(await journal.readApproval('other', noon)).toBeUndefined()
    expect(await journal.readApproval('b', yes.expiresAt)).toBeUndefined()
    await say(journal, yes.id, { given: false, by: 'eve', at: noon })
    expect(await journal.readApproval('b', noon)).toBeUndefined()
  })

  test('an approval waits, is given by a person, and goes ahead once', async () => {
    const yes = approval({ binding: 'b' })
    expect(await journal.putQuestion(yes)).toStrictEqual(put(yes))
    expect(await journal.readApprovals(noon)).toStrictEqual([put(yes)])
    expect(await journal.putQuestion({ ...yes, id: 'twin' })).toStrictEqual(put(yes))

    expect(await say(journal, yes.id, { given: true, by: 'bob', at: noon + minute, until: 0 })).toBe(true)
    expect(await journal.readApprovals(noon)).toStrictEqual([{ ...put(yes), state: 'given', by: 'bob' }])
    expect(await journal.putQuestion({ ...yes, id: 'twin' })).toStrictEqual({ ...put(yes), state: 'given', by: 'bob' })
    expect(await say(journal, yes.id, { given: true, by: 'eve', at: noon + minute, until: noon + hour })).toBe(false)

    const made = intent('assignDID', ['4352154006'], { questionId: yes.id, at: noon + 2 * minute })
    expect(await journal.recordIntent(made, allow)).toEqual({ recorded: true })
    expect(await journal.readQuestion(yes.id)).toStrictEqual({
      ...put(yes),
      state: 'spent',
      by: 'bob',
      operationId: made.id,
      endedAt: made.at,
    })
    expect(await journal.readApprovals(noon)).toEqual([])
    expect(await say(journal, yes.id, { given: false, by: 'eve', at: noon + 2 * minute, until: 0 })).toBe(false)
    expect(await journal.readNoesInForce(noon)).toEqual([])
  })

  test('one that was given is taken back with a denial, until it is used', async () => {
    const yes = approval({ binding: 'b' })
    await journal.putQuestion(yes)
    expect(await say(journal, yes.id, { given: true, by: 'bob', at: noon, until: 0 })).toBe(true)
    expect(await say(journal, yes.id, { given: false, by: 'eve', at: noon + minute, until: noon + hour })).toBe(true)
    expect(await journal.readApprovals(noon)).toEqual([])
    const made = intent('assignDID', ['4352154006'], { questionId: yes.id, at: noon + 2 * minute })
    // Still a no for the call that was on its way; nothing but a spent yes where the no was lifted, or is over.
    expect(await journal.recordIntent({ ...made, neededYes: true }, allow)).toMatchObject({
      recorded: false,
      refused: { why: 'declined', noes: [{ id: yes.id, by: 'eve' }] },
    })
    const over = { ...made, neededYes: true, at: noon + hour }
    expect(await journal.recordIntent(over, allow)).toEqual({ recorded: false, refused: { why: 'spent' } })
    expect((await journal.readNoesInForce(noon)).map(({ id, by }) => [id, by])).toEqual([[yes.id, 'eve']])
  })

  test('a ticket is nobody’s to answer', async () => {
    const yes = ticket({})
    await journal.putQuestion(yes)
    expect(await say(journal, yes.id, { given: false, by: 'bob', at: noon, until: noon + hour })).toBe(false)
  })

  test('a denial and the intent that spends it never both succeed', async () => {
    for (const tn of ['4352154001', '4352154002', '4352154003', '4352154004']) {
      const yes = approval({ id: `ap_${tn}`, binding: tn, shown: shown(tn) })
      await journal.putQuestion(yes)
      await say(journal, yes.id, { given: true, by: 'bob', at: noon, until: 0 })
      const made = intent('assignDID', [tn], { questionId: yes.id, at: noon + minute })
      const [recorded, denied] = await Promise.all([
        journal.recordIntent(made, allow),
        say(journal, yes.id, { given: false, by: 'eve', at: noon + minute, until: noon + hour }),
      ])
      expect([recorded.recorded, denied].sort()).toEqual([false, true])
    }
  })

  test('a denial is a no on its numbers for a while, known by the id that was denied', async () => {
    const yes = approval({
      binding: 'b',
      shown: shown('4352154007', '4352154006'),
    })
    await journal.putQuestion(yes)
    const until = noon + 11 * minute
    expect(await say(journal, yes.id, { given: false, by: 'bob', at: noon + minute, until })).toBe(true)
    expect((await journal.readQuestion(yes.id))?.state).toBe('denied')
    const no = { id: yes.id, tool: 'assignDID', by: 'bob', until }
    expect(await journal.readNoesInForce(until - 1)).toStrictEqual([
      { ...no, tn: '4352154006' },
      { ...no, tn: '4352154007' },
    ])
    expect(await journal.readNoes(live, 'assignDID', ['4352154006', '4352154000'], noon)).toStrictEqual([
      { ...no, tn: '4352154006' },
    ])
    expect(await journal.readNoes(live, 'releaseDID', ['4352154006'], noon)).toEqual([])
    expect(await journal.readNoes({ ...live, place: 'elsewhere' }, 'assignDID', ['4352154006'], noon)).toEqual([])
    // Another login at the same place meets the same no: it follows the number.
    expect(await journal.readNoes({ ...live, id: 'another' }, 'assignDID', ['4352154006'], noon)).toHaveLength(1)
    expect(await journal.readNoes(live, 'assignDID', ['4352154006'], until)).toEqual([])
    expect(await journal.liftNo(yes.id)).toBe(true)
    expect(await journal.readNoesInForce(noon)).toEqual([])
    expect(await journal.liftNo(yes.id)).toBe(false)
  })

  test('a denied, spent, expired or replaced request makes room for a new one', async () => {
    const first = await journal.putQuestion(approval({ id: 'first', binding: 'b' }))
    expect(await say(journal, first.id, { given: false, by: 'bob', at: noon, until: noon })).toBe(true)
    const second = await journal.putQuestion(approval({ id: 'second', binding: 'b', expiresAt: noon + minute }))
    expect(second.id).toBe('second')
    const third = await journal.putQuestion(approval({ id: 'third', binding: 'b', createdAt: noon + minute }))
    expect(third.id).toBe('third')
    const later = { binding: 'b', createdAt: noon + minute }
    expect((await journal.putQuestion(approval({ ...later, id: 'fourth' }), 'third')).id).toBe('fourth')
    expect((await journal.readApprovals(noon + 2 * minute)).map(({ id }) => id)).toEqual(['fourth'])
    expect(await say(journal, 'second', { given: true, by: 'bob', at: noon + minute, until: 0 })).toBe(false)
  })

  test('several askers at once get the same request', async () => {
    const ids = ['one', 'two', 'three', 'four']
    const got = await Promise.all(ids.map((id) => journal.putQuestion(approval({ id, binding: 'b' }))))
    expect(new Set(got.map(({ id }) => id)).size).toBe(1)
  })

  test('a no that was said since the call began refuses the intent, where a yes was needed', async () => {
    const no = { id: 'no', account: live, tool: 'releaseDID', tns: ['4352154006'], by: 'ann@desk', at: noon }
    await decline(journal, { ...no, until: noon + hour })
    const both = ['4352154006', '4352154007']
    expect(await journal.recordIntent(intent('releaseDID', both, { neededYes: true }), allow)).toStrictEqual({
      recorded: false,
      refused: {
        why: 'declined',
        noes: [{ id: 'no', tool: 'releaseDID', tn: '4352154006', by: 'ann@desk', until: noon + hour }],
      },
    })
    expect(await journal.recordIntent(intent('releaseDID', both), allow)).toEqual({ recorded: true })
  })

  test('a decline in the client is a no until its time; one that is over is swept once a day has passed', async () => {
    const no = { account: live, tool: 'releaseDID', by: 'ann@desk' }
    await decline(journal, { ...no, id: 'first', tns: ['4352154006'], at: noon, until: noon + 10 * minute })
    await decline(journal, {
      ...no,
      id: 'next',
      tns: ['4352154006'],
      at: noon + 10 * minute,
      until: noon + 20 * minute,
    })
    expect((await journal.readNoesInForce(0)).map(({ id }) => id)).toEqual(['first', 'next'])
    for (const at of [noon + 10 * minute, noon + 10 * minute + 24 * hour]) await journal.forgetOld(at, undefined, 1)
    expect(await journal.readNoesInForce(0)).toStrictEqual([
      { id: 'next', tool: 'releaseDID', tn: '4352154006', by: 'ann@desk', until: noon + 20 * minute },
    ])
  })

  test.each([
    ['ticket', ticket],
    ['form', form],
    ['approval', approval],
  ] as const)('an expired %s is known for a week more, then swept', async (_, made) => {
    const old = made({ binding: 'old' })
    await journal.putQuestion(old)
    const swept = old.expiresAt + 7 * 24 * hour
    for (const at of [swept, swept + 24 * hour]) await journal.forgetOld(at, undefined, 1)
    expect(await journal.readQuestion(old.id)).toBeDefined()
    for (const at of [swept + 24 * hour + 1, swept + 48 * hour]) await journal.forgetOld(at, undefined, 1)
    expect(await journal.readQuestion(old.id)).toBeUndefined()
  })
})
