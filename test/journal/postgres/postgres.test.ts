import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { type Journal, JournalUnavailable } from '../../../src/journal/journal.ts'
import { lockKey } from '../../../src/journal/postgres/owner-session.ts'
import { openPostgresJournal } from '../../../src/journal/postgres/postgres.ts'
import { deadEndpoint } from '../../carrier/support/peer.ts'
import { afterwards, databaseUrl, onDatabase, openAt, postgresPlace } from '../support/engines.ts'
import { allow, intent, live, noon, perform } from '../support/intents.ts'
import { startProxy } from '../support/proxy.ts'

const [one, two] = ['4352154006', '4352154007'] as const

test('a database that nobody answers for is said so, without the password', async () => {
  const { port } = new URL(await deadEndpoint())
  const failure = await openPostgresJournal({ url: `postgres://ann:hunter2@127.0.0.1:${port}/x` }).catch(String)
  expect(failure).toBe(
    `JournalUnavailable: The journal's database at 127.0.0.1:${port} failed (connect ECONNREFUSED 127.0.0.1:${port}). ` +
      'Nothing is sent to the carrier meanwhile. Bring the database back, which needs no restart of did-mcp, or correct DID_MCP_DATABASE_URL, which does.',
  )
})

describe.runIf(databaseUrl !== undefined)('a PostgreSQL journal', () => {
  test.each([
    ['database', (url: URL) => Object.assign(url, { pathname: '/did_mcp_no_such' }), 'does not exist'],
    ['role', (url: URL) => Object.assign(url, { username: 'did_mcp_nobody' }), ''],
  ])('where there is no such %s, it is not told to bring it back', async (_, change, words) => {
    const url = change(new URL(databaseUrl ?? '')).href
    const failure = String(await openPostgresJournal({ url }).catch(String))
    expect(failure).toContain(words)
    expect(failure).toMatch(
      /Set right the user, its rights or the address in DID_MCP_DATABASE_URL; did-mcp doctor says which\. A new address needs a restart\.$/,
    )
  })

  test('lives in a schema of any name, beside others', async () => {
    const place = { ...postgresPlace(), schema: `did "mcp"; --${process.pid}` }
    afterwards(() => onDatabase(`drop schema if exists "${place.schema.replaceAll('"', '""')}" cascade`))
    const id = await perform(await openAt(place), 'assignDID', [one], 'done')
    expect((await (await openAt(place)).readOperation(id))?.status).toBe('done')
    expect(await (await openAt(postgresPlace())).readOperation(id)).toBeUndefined()
  })

  test('from the future is refused and left as it is', async () => {
    const place = postgresPlace()
    await openAt(place)
    await onDatabase(`update "${place.schema}".schema_version set version = 99`)
    await expect(openAt(place)).rejects.toThrow('written by a newer did-mcp (schema 99; this one knows 5)')
    expect(await onDatabase(`select version from "${place.schema}".schema_version`)).toEqual([{ version: 99 }])
  })

  test('that is stopped refuses everything, and serves again when it is back, without a restart', async () => {
    const proxy = await startProxy()
    const journal = await openAt({ ...postgresPlace(), url: proxy.url })
    const made = intent('assignDID', [one, two])
    await journal.recordIntent(made, allow)
    await journal.markSending(made.id, [one], noon)

    await proxy.stop()
    const calls = [
      journal.recordIntent(intent('assignDID', ['2010000000']), allow),
      journal.markSending(made.id, [two], noon),
      journal.settleNumbers(made.id, [{ tn: one, outcome: 'done' }], noon),
      journal.readOperations({ limit: 1 }),
      journal.adoptOperations(live, noon),
    ]
    for (const { status, reason } of (await Promise.allSettled(calls)) as PromiseRejectedResult[]) {
      expect([status, reason]).toEqual(['rejected', expect.any(JournalUnavailable)])
    }
    await proxy.start()

    await journal.settleNumbers(made.id, [{ tn: one, outcome: 'done' }], noon)
    await journal.markSending(made.id, [two], noon)
    await journal.settleNumbers(made.id, [{ tn: two, outcome: 'done' }], noon)
    expect((await journal.readOperation(made.id))?.status).toBe('done')
  })

  test('a commit whose answer was lost holds nothing once the journal is back', async () => {
    const proxy = await startProxy()
    const journal = await openAt({ ...postgresPlace(), url: proxy.url })
    await journal.adoptOperations(live, noon)
    const made = intent('assignDID', [one])
    proxy.loseAnswerTo('commit\0')
    await expect(journal.recordIntent(made, allow)).rejects.toThrow(JournalUnavailable)
    expect((await journal.readOperation(made.id))?.status).toBe('open')

    expect(await journal.recordIntent(intent('assignDID', [one]), allow)).toEqual({ recorded: true })
    expect(await journal.readOperation(made.id)).toMatchObject({
      status: 'failed',
      counts: { done: 0, failed: 0, uncertain: 0, notAttempted: 1 },
      rows: [
        { outcome: 'not_attempted', meaning: 'Nothing was sent: the journal failed while this was being recorded.' },
      ],
    })
  })

  test('an owner whose session was ended takes its lock again; what was taken over meanwhile is not its own any more', async () => {
    const place = postgresPlace()
    const [journal, other] = [await openAt(place), await openAt(place)]
    const elsewhere = { ...live, id: 'b', place: 'elsewhere' }
    const [taken, kept] = [intent('assignDID', [one]), intent('assignDID', [two], { account: elsewhere })]
    await journal.recordIntent(taken, allow)
    await journal.recordIntent(kept, allow)
    await endSession(await ownerKey(place.schema))

    await expect.poll(async () => (await other.adoptOperations(live, noon)).map(({ id }) => id)).toEqual([taken.id])
    await expect(journal.markSending(taken.id, [one], noon)).rejects.toThrow("no longer this process's to send")
    await journal.markSending(kept.id, [two], noon)
    expect(await other.adoptOperations(elsewhere, noon)).toEqual([])
  })

  test('an owner that cannot have its lock back neither records nor sends', async () => {
    const place = postgresPlace()
    const journal: Journal = await openAt(place)
    const made = intent('assignDID', [one])
    await journal.recordIntent(made, allow)
    const key = await ownerKey(place.schema)
    const holder = new pg.Client({ connectionString: databaseUrl })
    await holder.connect()
    const queued = holder.query('select pg_advisory_lock($1)', [key])
    await endSession(key)
    await queued

    await expect(journal.markSending(made.id, [one], noon)).rejects.toThrow('cannot have it back yet')
    expect((await journal.readOperation(made.id))?.rows[0]).not.toHaveProperty('sentAt')
    await holder.end()
    await journal.markSending(made.id, [one], noon)
  })
})

/** The lock of the only owner in this schema. */
async function ownerKey(schema: string): Promise<string> {
  const [owner] = (await onDatabase(`select id from "${schema}".owners`)) as { id: string }[]
  return lockKey('did-mcp', schema, 'owner', owner?.id ?? '')
}

async function endSession(key: string): Promise<void> {
  const ended = await onDatabase(`
    select pg_terminate_backend(pid) as ended from pg_locks
    where locktype = 'advisory' and granted and ((classid::bigint << 32) | objid::bigint) = ${key}`)
  expect(ended).toEqual([{ ended: true }])
}
