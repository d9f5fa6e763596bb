import { beforeEach, describe, expect, test } from 'vitest'
import { type Journal, JournalUnavailable } from '../../src/journal/journal.ts'
import type { Own, Settled } from '../../src/journal/operation.ts'
import { engines, openAt } from './support/engines.ts'
import { allow, available, intent, live, noon, numbers, perform, second, yours } from './support/intents.ts'

describe.each(engines)('settling on $engine', ({ place }) => {
  let journal: Journal
  beforeEach(async () => {
    journal = await openAt(place())
  })

  const [one, two] = ['4352154006', '4352154007'] as const
  const rowOf = async (id: string, tn: string) => (await journal.readOperation(id))?.rows.find((row) => row.tn === tn)

  test('an operation is recorded, sent chunk by chunk, settled, and ends with its last number', async () => {
    const made = intent('assignDID', [one, two])
    await journal.recordIntent(made, allow)
    await journal.markSending(made.id, [one], noon + 1)
    const done = { tn: one, outcome: 'done', code: 100, meaning: 'assigned', words: 'Success', after: yours } as const
    await journal.settleNumbers(made.id, [done], noon + 2)
    expect((await journal.readOperation(made.id))?.status).toBe('open')
    expect((await journal.readBusy(live, [one, two], noon + 2)).map(({ tn }) => tn)).toEqual([one, two])

    await journal.markSending(made.id, [two], noon + 3)
    const failed = { tn: two, outcome: 'failed', code: 102230, meaning: "another company's" } as const
    await journal.settleNumbers(made.id, [failed], noon + 4)

    expect(await journal.readOperation(made.id)).toStrictEqual({
      id: made.id,
      account: live,
      tool: 'assignDID',
      effect: 'spend',
      caller: 'ann@desk',
      confirmedBy: 'policy',
      status: 'partly_done',
      startedAt: noon,
      endedAt: noon + 4,
      counts: { done: 1, failed: 1, uncertain: 0, notAttempted: 0 },
      rows: [
        { asked: {}, before: available, sentAt: noon + 1, ...done },
        { asked: {}, before: available, sentAt: noon + 3, ...failed },
      ],
    })
    expect(await journal.readBusy(live, [one, two], noon + 4)).toEqual([])
  })

  test('a fence outlives its operation, and is over when its time is', async () => {
    const fencedUntil = noon + 130 * second
    const unread = { tn: one, outcome: 'uncertain', fencedUntil, seen: { at: noon, facts: available } } as const
    const made = intent('reserveDID', [one, two])
    await journal.recordIntent(made, allow)
    await journal.markSending(made.id, [one, two], noon)
    await journal.settleNumbers(
      made.id,
      [unread, { tn: two, outcome: 'done', heldUntil: noon + 9 }],
      noon + 30 * second,
    )

    const fence = { tn: one, operationId: made.id, tool: 'reserveDID', until: fencedUntil }
    expect(await journal.readBusy(live, [one, two], fencedUntil - 1)).toStrictEqual([fence])
    const next = intent('reserveDID', [one, two], { at: fencedUntil - 1 })
    expect(await journal.recordIntent(next, allow)).toStrictEqual({
      recorded: false,
      refused: { why: 'busy', busy: [fence] },
    })
    expect(await journal.readBusy(live, [one], fencedUntil)).toEqual([])
    expect(await journal.recordIntent({ ...next, at: fencedUntil }, allow)).toEqual({ recorded: true })
    // The older operation's end takes nothing from the newer one's claim.
    await journal.settleNumbers(made.id, [{ tn: one, outcome: 'failed', inferred: true }], fencedUntil + 1)
    expect(await journal.readBusy(live, [one], fencedUntil + 1)).toStrictEqual([
      { tn: one, operationId: next.id, tool: 'reserveDID' },
    ])
  })

  test('an effect that is seen settles at once; the fence stays', async () => {
    const fencedUntil = noon + 130 * second
    const id = await perform(journal, 'assignDID', [one], 'uncertain', { settled: { fencedUntil } })
    expect((await journal.readOperation(id))?.status).toBe('uncertain')
    await journal.settleNumbers(id, [{ tn: one, outcome: 'done', inferred: true, after: yours }], noon + second)
    expect(await journal.readOperation(id)).toMatchObject({ status: 'done', endedAt: noon + second })
    expect(await rowOf(id, one)).toStrictEqual({
      tn: one,
      asked: {},
      before: available,
      sentAt: noon,
      outcome: 'done',
      after: yours,
      inferred: true,
      fencedUntil,
    })
    expect(await journal.readBusy(live, [one], noon + second)).toStrictEqual([
      { tn: one, operationId: id, tool: 'assignDID', until: fencedUntil },
    ])
  })

  const answered = { tn: one, outcome: 'done', code: 100 } as const satisfies Settled
  const inferred = { tn: one, outcome: 'failed', inferred: true } as const satisfies Settled
  const uncertain = { tn: one, outcome: 'uncertain' } as const satisfies Settled
  const resolved = { tn: one, outcome: 'done', resolvedBy: 'ann' } as const satisfies Settled
  test.each<{ story: string; settlements: Settled[]; stands: Settled }>([
    {
      story: 'what is inferred never overwrites what was answered',
      settlements: [answered, inferred],
      stands: answered,
    },
    { story: 'a late direct answer corrects what was inferred', settlements: [inferred, answered], stands: answered },
    { story: 'nothing final becomes uncertain', settlements: [inferred, uncertain], stands: inferred },
    { story: 'uncertain gives way to what is seen', settlements: [uncertain, inferred], stands: inferred },
    { story: "a person's word stands over everything", settlements: [uncertain, resolved, answered], stands: resolved },
    { story: 'of two in one call the same holds', settlements: [answered, inferred], stands: answered },
  ])('$story', async ({ settlements, stands }) => {
    for (const together of [false, true]) {
      const made = intent('releaseDID', [one])
      await journal.recordIntent(made, allow)
      await journal.markSending(made.id, [one], noon)
      if (together) await journal.settleNumbers(made.id, settlements, noon)
      else for (const settlement of settlements) await journal.settleNumbers(made.id, [settlement], noon)
      expect(await rowOf(made.id, one)).toStrictEqual({ asked: {}, before: available, sentAt: noon, ...stands })
      expect((await journal.readOperation(made.id))?.status).toBe(stands.outcome)
    }
  })

  test('a settlement overwrites the one before it in everything it says, and in what it does not say', async () => {
    const whole: Required<Settled<Own>> = {
      tn: one,
      outcome: 'uncertain',
      code: 900,
      meaning: 'unread',
      words: 'Timeout expired',
      after: { address: { street: '1 Main St' }, lines: [1, 2] },
      heldUntil: noon + 1,
      inferred: true,
      fencedUntil: noon + 2,
      seen: { at: noon + 3, facts: { address: null } },
      resolvedBy: 'ann',
      late: true,
    }
    const { resolvedBy: _, ...unresolved } = whole
    const id = await perform(journal, 'assignDID', [one], 'uncertain', {
      rows: [{ tn: one, asked: { address: { street: '1 Main St' } }, before: { address: null } }],
      settled: { meaning: 'before', code: 1, words: 'before', inferred: false },
    })
    const row = { asked: { address: { street: '1 Main St' } }, before: { address: null }, sentAt: noon }
    for (const settled of [unresolved, { tn: one, outcome: 'uncertain', fencedUntil: noon + 2 } as const, whole]) {
      await journal.settleNumbers(id, [settled], noon)
      // Another look at what stays uncertain is no news, and keeps what was seen before.
      const stands = { ...settled, seen: whole.seen, late: undefined }
      expect(await rowOf(id, one)).toEqual({ ...row, ...stands })
    }
  })

  test('the latest reading of an uncertain number is kept for the next to agree with', async () => {
    const id = await perform(journal, 'releaseDID', [one], 'uncertain', {
      settled: { seen: { at: noon, facts: yours } },
    })
    await journal.settleNumbers(id, [uncertain], noon + 1)
    expect((await rowOf(id, one))?.seen).toEqual({ at: noon, facts: yours })
    await journal.settleNumbers(id, [{ ...uncertain, seen: { at: noon + 2, facts: yours } }], noon + 2)
    expect((await rowOf(id, one))?.seen).toEqual({ at: noon + 2, facts: yours })
    await journal.settleNumbers(id, [inferred], noon + 3)
    expect(await rowOf(id, one)).not.toHaveProperty('seen')
  })

  test('nothing is sent twice, nor after it was settled, nor in an operation that has ended', async () => {
    const made = intent('assignDID', [one, two])
    await journal.recordIntent(made, allow)
    await journal.markSending(made.id, [one], noon)
    await expect(journal.markSending(made.id, [one, two], noon)).rejects.toThrow(JournalUnavailable)
    expect(await rowOf(made.id, two)).not.toHaveProperty('sentAt')
    await journal.settleNumbers(made.id, [{ tn: two, outcome: 'not_attempted' }], noon)
    await expect(journal.markSending(made.id, [two], noon)).rejects.toThrow(JournalUnavailable)
    await journal.settleNumbers(made.id, [{ tn: one, outcome: 'done' }], noon)
    await expect(journal.markSending(made.id, [one], noon)).rejects.toThrow(JournalUnavailable)
  })

  test('a settlement of what is not there changes nothing', async () => {
    const made = intent('assignDID', [one])
    await journal.recordIntent(made, allow)
    await expect(journal.settleNumbers('nothing', [answered], noon)).rejects.toThrow(JournalUnavailable)
    const both = journal.settleNumbers(made.id, [answered, { tn: two, outcome: 'done' }], noon)
    await expect(both).rejects.toThrow(JournalUnavailable)
    expect((await journal.readOperation(made.id))?.status).toBe('open')
  })

  test('what ended while nobody was there is told once, to the next who touches the number', async () => {
    const id = await perform(journal, 'assignDID', [one, two], 'uncertain')
    expect(await journal.tellNews(live, [one, two], 10)).toEqual([])
    await journal.settleNumbers(id, [{ tn: one, outcome: 'done', inferred: true, late: true }], noon + 1)
    await journal.settleNumbers(id, [{ tn: two, outcome: 'uncertain', late: true }], noon + 1)
    expect(await rowOf(id, one)).toMatchObject({ late: true })
    expect(await journal.tellNews({ ...live, id: 'another' }, [one], 10)).toEqual([])
    expect(await journal.tellNews(live, numbers(20), 10)).toStrictEqual([
      {
        operationId: id,
        tool: 'assignDID',
        effect: 'spend',
        startedAt: noon,
        row: { tn: one, asked: {}, before: available, sentAt: noon, outcome: 'done', inferred: true },
        overtaken: false,
      },
    ])
    expect(await journal.tellNews(live, numbers(20), 10)).toEqual([])
  })
})
