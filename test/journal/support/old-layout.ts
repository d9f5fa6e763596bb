import { join } from 'node:path'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { migrations } from '../../../src/journal/migrations.ts'
import { secureFile } from '../../../src/journal/sqlite/folder.ts'
import { openDatabase } from '../../../src/journal/sqlite/libsql.ts'
import { LibsqlDialect } from '../../../src/journal/sqlite/libsql-dialect.ts'
import { databaseUrl } from './engines.ts'
import { hour, live, noon, yours } from './intents.ts'
import type { Place } from './places.ts'

/** Leaves a journal as a did-mcp of this layout did: its tables, and rows of every kind written in that layout by SQL. */
export async function leaveLayout(where: Place, version: number): Promise<void> {
  const { db, schema } = await opened(where)
  const table = (name: string) => (schema === undefined ? sql.table(name) : sql.table(`${schema}.${name}`))
  await db.transaction().execute(async (trx) => {
    if (schema !== undefined) await trx.schema.createSchema(schema).execute()
    await trx.schema
      .createTable('schema_version')
      .addColumn('version', 'integer', (c) => c.notNull())
      .execute()
    for (const migration of migrations.slice(0, version)) await migration(trx)
    await sql`insert into ${table('schema_version')} values (${version})`.execute(trx)
    await sql`insert into ${table('accounts')} values (${live.id}, ${live.place}, 'live', ${live.label}, null)`.execute(
      trx,
    )
    await sql`insert into ${table('owners')} values ('gone', 'desk', 1, ${noon})`.execute(trx)
    for (const { id, tn, status, outcome, until } of operations) {
      await sql`insert into ${table('operations')} (id, account_id, owner_id, tool, effect, caller, reason, confirmed_by,
        status, started_at, ended_at) values (${id}, ${live.id}, 'gone', 'configDID', 'change', 'ann@desk', 'why', 'policy',
        ${status}, ${noon}, ${status === 'done' ? noon + 1 : null})`.execute(trx)
      const [before, after] = version < 3 ? ['before_facts', 'after_facts'] : ['before', 'after']
      await sql`insert into ${table('numbers')} (operation_id, tn, asked, ${sql.ref(before as string)}, sent_at, outcome,
        ${sql.ref(after as string)}, fenced_until) values (${id}, ${tn}, ${'{"epg":13550}'}, ${JSON.stringify(yours)}, ${noon},
        ${outcome}, ${outcome === 'done' ? '{"epg":13550}' : null}, ${until})`.execute(trx)
      if (status !== 'done')
        await sql`insert into ${table('claims')} values (${live.place}, ${tn}, ${id}, ${until})`.execute(trx)
    }
    await sql`insert into ${table('noes')} values ('no_1', ${refused}, ${live.id}, 'configDID', 'eve', ${noon},
      ${noon + hour})`.execute(trx)
    const shown = JSON.stringify([{ tn: refused, facts: yours, asked: { epg: 13550 } }])
    const asked = [live.id, 'ann@desk', 'configDID', 'change', 'binding'].map((text) => sql`${text}`)
    if (version < 4) {
      await sql`insert into ${table('yeses')} values ('ap_1', 'approval', null, ${sql.join(asked)}, ${shown}, '["a line"]',
        'why', ${noon}, ${noon + hour}, 'waiting', null, null)`.execute(trx)
    } else {
      await sql`insert into ${table('questions')} values ('ap_1', 'approval', ${sql.join(asked)}, ${shown}, '[]',
        '["a line"]', 'why', ${noon}, ${noon}, ${noon + hour}, 'waiting', 0, null, null, null)`.execute(trx)
    }
  })
  await db.destroy()
}

/** The operations that every layout is left with: one that ended, one that is uncertain and fenced, one that is open. */
export const operations = [
  { id: 'op_done', tn: '4352154001', status: 'done', outcome: 'done', until: null },
  { id: 'op_uncertain', tn: '4352154002', status: 'uncertain', outcome: 'uncertain', until: noon + hour },
  { id: 'op_open', tn: '4352154003', status: 'open', outcome: null, until: null },
] as const

/** The number that somebody's no and a waiting approval are about. */
export const refused = '4352154004'

async function opened(where: Place): Promise<{ db: Kysely<unknown>; schema?: string }> {
  if (where.engine === 'postgres') {
    const dialect = new PostgresDialect({ pool: new pg.Pool({ connectionString: databaseUrl, max: 1 }) })
    return { db: new Kysely<unknown>({ dialect }).withSchema(where.schema), schema: where.schema }
  }
  const path = join(where.folder, 'journal.db')
  secureFile(path)
  return { db: new Kysely<unknown>({ dialect: new LibsqlDialect(openDatabase(path), 1_000) }) }
}
