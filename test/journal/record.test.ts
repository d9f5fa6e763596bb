import { beforeEach, describe, expect, test } from 'vitest'
import type { Used } from '../../src/domain/budget.ts'
import type { Journal } from '../../src/journal/journal.ts'
import { usedOf } from '../support/used.ts'
import { engines, openAt } from './support/engines.ts'
import {
  allow,
  approval,
  available,
  hour,
  intent,
  live,
  minute,
  noon,
  numbers,
  perform,
  put,
  second,
  ticket,
} from './support/intents.ts'
import type { Place } from './support/places.ts'

describe.each(engines)('recording an intent on $engine', ({ place }) => {
  let journal: Journal
  let where: Place
  beforeEach(async () => {
    where = place()
    journal = await openAt(where)
  })

  test('an intent is an open operation that claims its numbers before anything is sent', async () => {
    const made = intent('assignDID', ['4352154006'], {
      reason: 'new office\0',
      client: 'codex\0',
      rows: [{ tn: '4352154006', asked: { epg: 8674, refId: '' }, before: available }],
    })

    expect(await journal.recordIntent(made, allow)).toEqual({ recorded: true })

    expect(await journal.readOperation(made.id)).toStrictEqual({
      id: made.id,
      account: live,
      tool: 'assignDID',
      effect: 'spend',
      caller: 'ann@desk',
      client: 'codex',
      reason: 'new office',
      confirmedBy: 'policy',
      status: 'open',
      startedAt: noon,
      counts: { done: 0, failed: 0, uncertain: 0, notAttempted: 1 },
      rows: [{ tn: '4352154006', asked: { epg: 8674, refId: '' }, before: available }],
    })
    expect(await journal.readBusy(live, ['4352154006', '4352154007'], noon)).toStrictEqual([
      { tn: '4352154006', operationId: made.id, tool: 'assignDID' },
    ])
  })

  test('one busy number refuses the whole call, names every busy one, and writes nothing', async () => {
    const first = intent('configDID', ['4352154007', '4352154006'])
    await journal.recordIntent(first, allow)
    const yes = ticket()
    await journal.putQuestion(yes)
    const second = intent('assignDID', ['4352154005', '4352154006', '4352154007'], { questionId: yes.id })

    expect(await journal.recordIntent(second, allow)).toStrictEqual({
      recorded: false,
      refused: {
        why: 'busy',
        busy: [
          { tn: '4352154006', operationId: first.id, tool: 'configDID' },
          { tn: '4352154007', operationId: first.id, tool: 'configDID' },
        ],
      },
    })
    expect(await journal.readOperation(second.id)).toBeUndefined()
    expect((await journal.readQuestion(yes.id))?.state).toBe('given')
    expect(await journal.readBusy(live, ['4352154005'], noon)).toEqual([])
  })

  test('two logins at one endpoint claim against each other; another endpoint has numbers of its own', async () => {
    await journal.recordIntent(intent('configDID', ['4352154006']), allow)
    const other = { ...live, id: 'other-login' }
    const elsewhere = { ...live, id: 'other-endpoint', place: 'elsewhere.example' }

    const refused = await journal.recordIntent(intent('configDID', ['4352154006'], { account: other }), allow)
    expect(refused.recorded).toBe(false)
    expect(await journal.recordIntent(intent('configDID', ['4352154006'], { account: elsewhere }), allow)).toEqual({
      recorded: true,
    })
  })

  test('what decide refuses is refused with its reason, and nothing is written', async () => {
    const made = intent('assignDID', ['4352154006'])
    const denied = { why: 'denied', code: 'LIMIT_EXCEEDED', reason: 'the day is full' } as const
    expect(await journal.recordIntent(made, () => denied)).toStrictEqual({ recorded: false, refused: denied })
    expect(await journal.readOperation(made.id)).toBeUndefined()
    await expect(
      journal.recordIntent(made, () => {
        throw new TypeError('a mistake of the caller')
      }),
    ).rejects.toThrow(new TypeError('a mistake of the caller'))
  })

  test('a ticket works once; its replay names the operation it was spent on', async () => {
    const yes = ticket()
    await journal.putQuestion(yes)
    const first = intent('assignDID', ['4352154006'], { questionId: yes.id })
    expect(await journal.recordIntent(first, allow)).toEqual({ recorded: true })
    const again = intent('assignDID', ['4352154006'], { questionId: yes.id })
    expect(await journal.recordIntent(again, allow)).toStrictEqual({
      recorded: false,
      refused: { why: 'spent', operationId: first.id },
    })
    expect(await journal.readQuestion(yes.id)).toStrictEqual({
      ...put(yes),
      state: 'spent',
      operationId: first.id,
      endedAt: first.at,
    })
  })

  test('a yes that is over, unknown, or not given yet covers nothing', async () => {
    const yes = ticket()
    const wait = approval()
    await journal.putQuestion(yes)
    await journal.putQuestion(wait)
    const spent = { recorded: false, refused: { why: 'spent', operationId: undefined } }
    const late = intent('assignDID', ['4352154006'], { questionId: yes.id, at: yes.expiresAt })
    expect(await journal.recordIntent(late, allow)).toStrictEqual(spent)
    expect(await journal.recordIntent(intent('assignDID', ['1'], { questionId: 'nothing' }), allow)).toStrictEqual(
      spent,
    )
    expect(await journal.recordIntent(intent('assignDID', ['1'], { questionId: wait.id }), allow)).toStrictEqual(spent)
  })

  test('budgets count what is done, uncertain or open; failed and not attempted numbers are given back', async () => {
    await perform(journal, 'assignDID', numbers(3, 2010000000), 'done')
    await perform(journal, 'assignDID', numbers(2, 2020000000), 'failed')
    await perform(journal, 'assignDID', numbers(1, 2030000000), 'uncertain')
    await perform(journal, 'assignDID', numbers(5, 2040000000), 'not_attempted')
    await journal.recordIntent(intent('assignDID', numbers(4, 2050000000)), allow)
    await perform(journal, 'releaseDID', numbers(2, 2060000000), 'done')
    await perform(journal, 'configDID', numbers(2, 2070000000), 'done')
    await perform(journal, 'assignDID', numbers(7, 2080000000), 'done', { account: { ...live, id: 'another' } })

    expect(await journal.countUsed(live, noon)).toStrictEqual(usedOf({ change: 2, assigned: 8, released: 2 }))
    let told: Used | undefined
    await journal.recordIntent(intent('assignDID', ['2090000000']), (counted) => {
      told = counted
      return undefined
    })
    expect(told).toStrictEqual(usedOf({ change: 2, assigned: 8, released: 2 }))
    const hourLater = usedOf({ change: 2, assigned: 9, released: 2 }, { change: 0, assigned: 0, released: 0 })
    expect(await journal.countUsed(live, noon + hour - 1)).toStrictEqual(
      usedOf({ change: 2, assigned: 9, released: 2 }),
    )
    expect(await journal.countUsed(live, noon + hour)).toStrictEqual(hourLater)
    expect(await journal.countUsed(live, noon + 24 * hour - 1)).toStrictEqual(hourLater)
    expect(await journal.countUsed(live, noon + 24 * hour)).toStrictEqual(usedOf({}))
  })

  test('a hold counts for 30 minutes, or until its number is assigned or released', async () => {
    await perform(journal, 'reserveDID', numbers(4, 2010000000), 'done')
    await perform(journal, 'reserveDID', numbers(1, 2020000000), 'uncertain')
    await perform(journal, 'reserveDID', numbers(1, 2030000000), 'failed')
    expect((await journal.countUsed(live, noon)).held).toBe(5)
    await perform(journal, 'assignDID', ['2010000000'], 'done', { at: noon + second })
    await perform(journal, 'releaseDID', ['2010000001'], 'done', { at: noon + second })
    await perform(journal, 'releaseDID', ['2010000002'], 'failed', { at: noon + second })
    expect(await journal.countUsed(live, noon + 2 * second)).toStrictEqual(
      usedOf({ assigned: 1, released: 1, held: 3 }),
    )
    expect((await journal.countUsed(live, noon + 30 * minute)).held).toBe(0)
  })

  test('a thousand numbers are one intent', async () => {
    const tns = numbers(1000)
    const id = await perform(journal, 'releaseDID', tns, 'done')
    const operation = await journal.readOperation(id)
    expect(operation?.counts).toEqual({ done: 1000, failed: 0, uncertain: 0, notAttempted: 0 })
    expect(operation?.rows.map((row) => row.tn)).toEqual(tns)
  })
})
