import { describe, expect, test } from 'vitest'
import { afterwards, databaseUrl, onDatabase, openAt, postgresPlace } from '../support/engines.ts'
import { intent, live, noon, perform } from '../support/intents.ts'
import { pooler, startPooler } from '../support/pooler.ts'
import { refusal } from '../support/sqlite.ts'

describe.runIf(databaseUrl !== undefined)("the server's session", () => {
  test('waits for the disk whatever the role says, and is named with its version', async () => {
    const role = `did_mcp_hasty_${process.pid}`
    await onDatabase(`create role ${role} login superuser`)
    afterwards(() => onDatabase(`drop owned by ${role} cascade; drop role ${role}`))
    await onDatabase(`alter role ${role} set synchronous_commit = off`)
    const url = Object.assign(new URL(databaseUrl ?? ''), { username: role }).href
    const journal = await openAt({ ...postgresPlace(), url })
    expect(journal.about).toMatch(/^PostgreSQL \d+(\.\d+)?.*, synchronous_commit on$/)
    expect(journal.warnings).toEqual([])
    await journal.close()
  })
})

const passes = 'ignore_startup_parameters = options,lock_timeout,statement_timeout,idle_in_transaction_session_timeout'

describe.runIf(databaseUrl !== undefined && pooler !== undefined)('a pooler before the database', () => {
  test('in transaction mode is refused: its sessions, and their locks, are anybody’s', async () => {
    const url = await startPooler('transaction', passes)
    const place = postgresPlace()
    expect(await refusal(openAt({ ...place, url }))).toBe(
      `What answers at ${new URL(url).host} is a connection pooler that gives a session's server to other clients between ` +
        'transactions (transaction mode), so the lock that proves a did-mcp process alive would prove nothing. Nothing ' +
        'was changed. Let DID_MCP_DATABASE_URL name the database itself, or a pool in session mode.',
    )
    expect(await onDatabase(`select 1 from pg_namespace where nspname = '${place.schema}'`)).toEqual([])
  })

  test('in session mode is as good as none', async () => {
    const journal = await openAt({ ...postgresPlace(), url: await startPooler('session', passes) })
    await perform(journal, 'assignDID', ['4352154006'], 'done')
    const made = intent('releaseDID', ['4352154006'])
    await journal.recordIntent(made, () => undefined)
    expect(await journal.adoptOperations(live, noon)).toEqual([])
  })

  test('that does not pass on what is asked of a session is said so', async () => {
    const url = await startPooler('session')
    expect(await refusal(openAt({ ...postgresPlace(), url }))).toMatch(/unsupported startup parameter.*Set right/s)
  })
})
