import { beforeEach, describe, expect, test } from 'vitest'
import type { JournalAccount } from '../../src/domain/account.ts'
import { type Journal, JournalUnavailable } from '../../src/journal/journal.ts'
import { afterwards, engines, openAt } from './support/engines.ts'
import { allow, available, intent, live, minute, noon } from './support/intents.ts'
import type { Place } from './support/places.ts'
import { type Process, startProcesses } from './support/processes.ts'

describe.each(engines)('life and death of an owner on $engine', ({ place }) => {
  const [one, two] = ['4352154006', '4352154007'] as const
  let where: Place
  let journal: Journal
  let other: Process
  beforeEach(async () => {
    where = place()
    journal = await openAt(where)
    const [started] = await startProcesses(1)
    if (!started) throw new Error('no process')
    other = started
    afterwards(() => other.kill())
    await other.open(where)
  })

  /** SQLite frees a killed process's lock at once; PostgreSQL may take a moment to see that its connection has gone. */
  const adopts = async (by: Journal, account: JournalAccount, ids: string[]) => {
    const adopted = async () => (await by.adoptOperations(account, noon + minute)).map(({ id }) => id)
    if (where.engine === 'sqlite') expect(await adopted()).toEqual(ids)
    else await expect.poll(adopted).toEqual(ids)
  }

  test('what a killed process left is adopted as it stands, and is the adopter’s to send and settle', async () => {
    const made = intent('assignDID', [one, two])
    await other.record([made])
    await other.sending(made.id, [one], noon + 1)
    expect(await journal.adoptOperations(live, noon + 2)).toEqual([])

    await other.kill()

    await adopts(journal, live, [made.id])
    expect(await journal.adoptOperations(live, noon + minute)).toEqual([])
    expect((await journal.readOperation(made.id))?.rows).toStrictEqual([
      { tn: one, asked: {}, before: available, sentAt: noon + 1 },
      { tn: two, asked: {}, before: available },
    ])
    await journal.markSending(made.id, [two], noon + minute)
    await journal.settleNumbers(
      made.id,
      [one, two].map((tn) => ({ tn, outcome: 'done' })),
      noon + minute,
    )
    expect((await journal.readOperation(made.id))?.status).toBe('done')
  })

  test('a process that is stopped is not dead: nobody adopts, and it ends its operation itself', async () => {
    const made = intent('releaseDID', [one])
    await other.record([made])
    await other.sending(made.id, [one], noon)
    other.process.kill('SIGSTOP')
    expect(await journal.adoptOperations(live, noon + 60 * minute)).toEqual([])
    other.process.kill('SIGCONT')
    await other.settle(made.id, [{ tn: one, outcome: 'done', code: 106231 }], noon + 1)
    expect((await journal.readOperation(made.id))?.status).toBe('done')
  })

  test('a process that closes its journal with work left leaves it to the next', async () => {
    const made = intent('releaseDID', [one])
    await other.record([made])
    await other.close()
    await adopts(journal, live, [made.id])
    expect(await journal.adoptOperations(live, noon)).toEqual([])
  })

  test('operations at another place are left to its own processes', async () => {
    const account = { ...live, id: 'another', place: 'elsewhere' }
    const made = intent('releaseDID', [one], { account })
    await other.record([made])
    await other.kill()
    expect(await journal.adoptOperations(live, noon)).toEqual([])
    await adopts(journal, account, [made.id])
  })

  test("another login's at the same place are taken over: their claims stand in everybody's way", async () => {
    const made = intent('releaseDID', [one], { account: { ...live, id: 'another' } })
    await other.record([made])
    await other.kill()
    await adopts(journal, live, [made.id])
  })

  test('an embedded sandbox that is gone can be asked nothing: its rows are closed, and told', async () => {
    const account = { ...live, environment: 'sandbox', label: 'sandbox' } as const
    const gone: JournalAccount = { ...account, id: 'sandbox-1', instance: 'one' }
    const made = intent('assignDID', [one, two], { account: gone })
    await other.record([made])
    await other.sending(made.id, [one], noon)
    const fresh: JournalAccount = { ...account, id: 'sandbox-2', instance: 'two' }
    expect(await journal.adoptOperations(fresh, noon + minute)).toEqual([])
    expect((await journal.readOperation(made.id))?.status).toBe('open')

    await other.kill()

    await expect
      .poll(async () => {
        expect(await journal.adoptOperations(fresh, noon + minute)).toEqual([])
        return (await journal.readOperation(made.id))?.status
      })
      .toBe('uncertain')
    expect(await journal.readOperation(made.id)).toMatchObject({
      rows: [
        {
          tn: one,
          outcome: 'uncertain',
          meaning: 'The embedded sandbox is gone: it ended with its process before it answered.',
          late: true,
        },
        {
          tn: two,
          outcome: 'not_attempted',
          meaning: 'Nothing was sent: the embedded sandbox is gone, it ended with its process.',
          late: true,
        },
      ],
    })
    expect(await journal.readBusy(gone, [one, two], noon)).toEqual([])
  })

  test('an operation that was taken over is no longer its first owner’s to send, but its answer is still heard', async () => {
    const made = intent('releaseDID', [one, two])
    await journal.recordIntent(made, allow)
    await journal.markSending(made.id, [one], noon)
    await journal.close()
    const reopened = await openAt(where)
    await adopts(reopened, live, [made.id])
    await expect(other.sending(made.id, [two], noon)).rejects.toThrow(
      new JournalUnavailable(
        `Operation ${made.id} is no longer this process's to send: another process took it over or it has ended. ` +
          'Nothing more of it was sent; listOperations tells how it ended.',
      ).message,
    )
    await reopened.settleNumbers(made.id, [{ tn: one, outcome: 'failed', inferred: true }], noon)
    await other.settle(made.id, [{ tn: one, outcome: 'done', code: 106231 }], noon)
    expect((await reopened.readOperation(made.id))?.rows[0]).toMatchObject({ outcome: 'done', code: 106231 })
  })
})
