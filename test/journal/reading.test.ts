import { beforeEach, describe, expect, test } from 'vitest'
import type { Journal } from '../../src/journal/journal.ts'
import type { OperationQuery } from '../../src/journal/operation.ts'
import { usedOf } from '../support/used.ts'
import { engines, openAt } from './support/engines.ts'
import {
  allow,
  available,
  decline,
  hour,
  intent,
  live,
  minute,
  noon,
  numbers,
  perform,
  ticket,
} from './support/intents.ts'

const day = 24 * hour

describe.each(engines)('reading on $engine', ({ place }) => {
  let journal: Journal
  beforeEach(async () => {
    journal = await openAt(place())
  })

  const ids = async (query: Partial<OperationQuery>) =>
    (await journal.readOperations({ limit: 100, ...query })).operations.map(({ id }) => id)

  test('operations are paged newest first; what arrives between two pages is neither shown twice nor hides another', async () => {
    // Three started in the same millisecond: the id decides.
    const starts = [noon, noon + 1, noon + 1, noon + 1, noon + 2]
    for (const [index, at] of starts.entries()) {
      await perform(journal, 'reserveDID', numbers(2, 2010000000 + index * 10), 'done', { id: `op-${index}`, at })
    }
    const first = await journal.readOperations({ limit: 2 })
    expect(first.operations.map(({ id }) => id)).toEqual(['op-4', 'op-3'])
    expect(first.more).toBe(true)
    await perform(journal, 'reserveDID', ['2020000000'], 'done', { id: 'op-5', at: noon + 3 })
    const second = await journal.readOperations({ limit: 2, after: { startedAt: noon + 1, id: 'op-3' } })
    expect(second.operations.map(({ id }) => id)).toEqual(['op-2', 'op-1'])
    const last = await journal.readOperations({ limit: 2, after: { startedAt: noon + 1, id: 'op-1' } })
    expect(last).toEqual({ operations: [await journal.readOperation('op-0')], more: false })
  })

  test('operations are found by number, tool, start, status and account', async () => {
    const other = { ...live, id: 'other', label: 'other', instance: 'sandbox-1', environment: 'sandbox' as const }
    await perform(journal, 'reserveDID', ['2010000000', '2010000001'], 'done', { id: 'held', at: noon })
    await perform(journal, 'assignDID', ['2010000000'], 'failed', { id: 'bought', at: noon + minute })
    await perform(journal, 'releaseDID', ['2010000001'], 'uncertain', { id: 'given back', at: noon + 2 * minute })
    await journal.recordIntent(
      intent('configDID', ['2010000002'], { id: 'moving', at: noon + 3 * minute, account: other }),
      allow,
    )

    expect(await ids({})).toEqual(['moving', 'given back', 'bought', 'held'])
    expect(await ids({ tn: '2010000000' })).toEqual(['bought', 'held'])
    expect(await ids({ tool: 'assignDID' })).toEqual(['bought'])
    expect(await ids({ since: noon + 2 * minute })).toEqual(['moving', 'given back'])
    expect(await ids({ status: 'open' })).toEqual(['moving'])
    expect(await ids({ status: 'uncertain', tn: '2010000001' })).toEqual(['given back'])
    expect(await ids({ account: live })).toEqual(['given back', 'bought', 'held'])
    expect((await journal.readOperation('moving'))?.account).toStrictEqual(other)
    expect(await journal.readOperation('nothing')).toBeUndefined()
  })

  test('uncertain numbers of ended operations, oldest first', async () => {
    const later = await perform(journal, 'assignDID', ['2010000001'], 'uncertain', { at: noon + 1 })
    const earlier = await perform(journal, 'releaseDID', ['2010000000', '2010000002'], 'uncertain')
    await perform(journal, 'releaseDID', ['2010000003'], 'done')
    const open = intent('releaseDID', ['2010000004', '2010000005'])
    await journal.recordIntent(open, allow)
    await journal.settleNumbers(open.id, [{ tn: '2010000004', outcome: 'uncertain' }], noon)

    const uncertain = await journal.readUncertain(live)
    expect(uncertain.map(({ operationId, row }) => [operationId, row.tn])).toEqual([
      [earlier, '2010000000'],
      [earlier, '2010000002'],
      [later, '2010000001'],
    ])
    expect(await journal.readUncertain(live, ['2010000001', '2010000003'])).toStrictEqual([
      {
        operationId: later,
        tool: 'assignDID',
        effect: 'spend',
        startedAt: noon + 1,
        row: { tn: '2010000001', asked: {}, before: available, sentAt: noon + 1, outcome: 'uncertain' },
        overtaken: false,
      },
    ])
    expect(await journal.readUncertain(live, [])).toEqual([])
  })

  test('what is over is forgotten; uncertain, fenced, open and younger operations are not', async () => {
    const before = noon + 10 * minute
    await perform(journal, 'assignDID', ['2010000000'], 'done', { id: 'over' })
    await perform(journal, 'assignDID', ['2010000001'], 'uncertain', { id: 'uncertain' })
    await perform(journal, 'assignDID', ['2010000002'], 'done', { id: 'fenced', settled: { fencedUntil: before + 1 } })
    await perform(journal, 'assignDID', ['2010000003'], 'done', {
      id: 'fence over',
      at: noon + 1,
      settled: { fencedUntil: before },
    })
    await perform(journal, 'assignDID', ['2010000004'], 'done', { id: 'younger', at: before })
    await journal.recordIntent(intent('assignDID', ['2010000005'], { id: 'open' }), allow)

    // Nothing is past at the first look; a day later what lay before that one is.
    expect(await journal.forgetOld(before, 0, 10)).toBe(0)
    expect(await journal.forgetOld(before + day - 1, 0, 10)).toBe(0)
    expect(await journal.forgetOld(before + day, 0, 1)).toBe(1)
    expect(await journal.readOperation('over')).toBeUndefined()
    expect(await journal.forgetOld(before + day, 0, 10)).toBe(1)
    expect((await ids({})).sort()).toEqual(['fenced', 'open', 'uncertain', 'younger'])
    expect(await journal.forgetOld(before + day, 0, 10)).toBe(0)
    await journal.settleNumbers('uncertain', [{ tn: '2010000001', outcome: 'failed', resolvedBy: 'ann' }], before)
    // It ended when it was known how.
    expect(await journal.forgetOld(before + day, 0, 10)).toBe(0)
    expect((await ids({})).sort()).toEqual(['fenced', 'open', 'uncertain', 'younger'])
    expect(await journal.forgetOld(before + 2 * day, 2 * day, 10)).toBe(0)
    expect(await journal.forgetOld(before + 2 * day, 0, 10)).toBe(3)
    expect(await ids({})).toEqual(['open'])
  })

  test('what wrote a number after an operation that is uncertain of it is kept as long as that one', async () => {
    const tn = '2010000001'
    await perform(journal, 'assignDID', [tn], 'done', { id: 'earlier', at: noon - hour })
    await perform(journal, 'assignDID', [tn], 'uncertain', { id: 'uncertain', at: noon })
    await perform(journal, 'releaseDID', [tn], 'done', { id: 'later', at: noon + hour })
    await journal.forgetOld(noon + day, 0, 10)
    expect(await journal.forgetOld(noon + 2 * day, 0, 10)).toBe(1)
    expect((await journal.readUncertain(live)).map(({ operationId, overtaken }) => [operationId, overtaken])).toEqual([
      ['uncertain', true],
    ])
    await journal.settleNumbers('uncertain', [{ tn, outcome: 'failed', resolvedBy: 'ann' }], noon + 2 * hour)
    expect(await journal.forgetOld(noon + 2 * day, 0, 10)).toBe(2)
  })

  test('one start with the clock a year ahead deletes nothing, and gives nothing back once the clock is right', async () => {
    const at = noon - 2 * day
    await perform(journal, 'assignDID', ['2010000000'], 'done', { id: 'today', at: noon })
    await perform(journal, 'assignDID', ['2010000001'], 'failed', { at, settled: { fencedUntil: noon + hour } })
    await decline(journal, {
      id: 'no',
      account: live,
      tool: 'releaseDID',
      tns: ['1'],
      by: 'ann',
      at,
      until: noon + hour,
    })
    await journal.putQuestion(ticket({ id: 'ticket', createdAt: noon, expiresAt: noon + hour }))
    const standing = async () => ({
      used: await journal.countUsed(live, noon),
      busy: (await journal.readBusy(live, ['2010000001'], noon)).length,
      noes: (await journal.readNoesInForce(noon)).filter(({ id }) => id === 'no').length,
      ticket: (await journal.readQuestion('ticket'))?.state,
    })
    const before = await standing()
    expect(before).toEqual({ used: usedOf({ assigned: 1 }), busy: 1, noes: 1, ticket: 'given' })

    await journal.forgetOld(noon - day, 30 * day, 10)
    const ahead = noon + 365 * day
    expect(await journal.forgetOld(ahead, 30 * day, 10)).toBe(0)
    // Whoever writes under that clock takes away nothing of others either.
    await journal.putQuestion(ticket({ createdAt: ahead }))
    await decline(journal, {
      id: 'late',
      account: live,
      tool: 'assignDID',
      tns: ['2'],
      by: 'ann',
      at: ahead,
      until: ahead,
    })
    await journal.recordIntent(intent('reserveDID', ['2010000009'], { at: ahead }), allow)
    expect(await journal.forgetOld(ahead + hour, 30 * day, 10)).toBe(0)
    expect(await standing()).toEqual({ ...before, used: { ...before.used, held: 1 } })

    for (const now of [noon, noon + hour, noon + day]) expect(await journal.forgetOld(now, 30 * day, 10)).toBe(0)
    expect((await ids({})).length).toBe(3)
  })
})
