import { afterEach, describe, expect, test, vi } from 'vitest'
import { backUp } from '../../src/journal/take-backup.ts'
import { engines, onDatabase, openAt, postgresPlace, sqlitePlace } from './support/engines.ts'
import { allow, approval, intent, live, noon, perform, say, ticket } from './support/intents.ts'
import type { Place } from './support/places.ts'
import { startProcesses } from './support/processes.ts'
import { refusal } from './support/sqlite.ts'

const [one, two, three] = ['4352154006', '4352154007', '4352154008'] as const
const quietMs = 60_000

/** A journal with a backup's mark, of a process that has ended: on SQLite a real backup, on PostgreSQL a person's statement. */
async function restored(place: () => Place, leave: (child: Place) => Promise<void>): Promise<Place> {
  const where = place()
  await leave(where)
  if (where.engine === 'postgres') {
    await onDatabase(`insert into "${where.schema}".moments (name, at) values ('marked', 0)`)
    return where
  }
  const back = sqlitePlace()
  await backUp(where.folder, `${back.folder}/journal.db`)
  return back
}

/** What somebody was asked, said and did before; the process is killed with a number recorded and another one sent. */
async function leave(where: Place): Promise<void> {
  const [child] = await startProcesses(1)
  await child?.open(where)
  const journal = await openAt(where)
  await journal.putQuestion(ticket({ id: 'ticket', expiresAt: Date.now() + quietMs }))
  await journal.putQuestion(approval({ id: 'waits', binding: 'a', expiresAt: Date.now() + quietMs }))
  await journal.putQuestion(approval({ id: 'given', binding: 'b', expiresAt: Date.now() + quietMs }))
  await say(journal, 'given', { given: true, by: 'bob', at: noon, until: noon })
  await perform(journal, 'assignDID', [three], 'done')
  await journal.close()
  await child?.record([intent('releaseDID', [one, two], { id: 'op_open' })])
  await child?.sending('op_open', [one], noon)
  await child?.kill()
}

afterEach(() => vi.useRealTimers())

describe.each(engines)('a restored journal on $engine', ({ engine, place }) => {
  test('knows no open question any more', async () => {
    const journal = await openAt({ ...(await restored(place, leave)), quietMs: 0 })
    expect(await journal.readApprovals(Date.now())).toEqual([])
    for (const id of ['ticket', 'waits', 'given']) expect((await journal.readQuestion(id))?.state).toBe('withdrawn')
    for (const questionId of ['ticket', 'given']) {
      const spend = intent('assignDID', ['2010000000'], { questionId, at: Date.now() })
      expect(await journal.recordIntent(spend, allow)).toMatchObject({ recorded: false, refused: { why: 'spent' } })
    }
    expect(await say(journal, 'waits', { given: true, by: 'bob', at: Date.now(), until: 0 })).toBe(false)
  })

  test('hands out what was open as sent, whether or not it was when the backup was made', async () => {
    const before = Date.now()
    const journal = await openAt({ ...(await restored(place, leave)), quietMs: 0 })
    const [adopted, ...others] = await journal.adoptOperations(live, Date.now())
    expect(others).toEqual([])
    expect(adopted?.rows.map(({ tn }) => tn)).toEqual([one, two])
    for (const { sentAt } of adopted?.rows ?? []) expect(sentAt).toBeGreaterThanOrEqual(before)
  })

  test('writes nothing for the quiet time, counted once, from its first opening, by both clocks', async () => {
    const where = { ...(await restored(place, leave)), quietMs }
    const [journal, other] = [await openAt(where), await openAt(where)]
    const write = () => refusal(journal.recordIntent(intent('assignDID', ['2010000000']), allow))
    expect(await write()).toMatch(
      /^This journal was restored, and opened at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\. What was sent since the backup is not known here and may still take effect, so nothing is recorded or sent for another (59|60) s\. Try again then\.$/,
    )
    expect((await journal.readOperations({ limit: 10 })).operations).toHaveLength(2)

    const opened = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: opened + 2 * quietMs })
    expect(await write()).toContain('for another')
    // Who has not seen the mark before goes by the journal's clock, which on PostgreSQL is not this machine's.
    const fate = await refusal(other.recordIntent(intent('assignDID', ['2010000000']), allow))
    expect(fate).toContain(engine === 'SQLite' ? 'it was accepted' : 'for another')
  })

  test('that was not restored writes at once', async () => {
    const journal = await openAt({ ...place(), quietMs })
    expect(await journal.recordIntent(intent('assignDID', [one]), allow)).toEqual({ recorded: true })
  })
})

test.runIf(engines.length > 1)(
  'a mark that a person sets under a running server is met by its next write',
  async () => {
    const where = postgresPlace()
    const journal = await openAt({ ...where, quietMs })
    await perform(journal, 'assignDID', [one], 'done')
    await onDatabase(`insert into "${where.schema}".moments (name, at) values ('marked', 0)`)
    expect(await refusal(journal.recordIntent(intent('assignDID', [two]), allow))).toContain(
      'This journal was restored',
    )
  },
)
