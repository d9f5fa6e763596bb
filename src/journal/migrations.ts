import { type Kysely, sql } from 'kysely'
import type { Engine, Trx } from './engine.ts'
import { JournalUnavailable } from './journal.ts'

/** The migrations in order; a journal's version is how many of them it has seen. A released migration is never edited. */
export const migrations: readonly ((trx: Kysely<unknown>) => Promise<void>)[] = [
  firstTables,
  moments,
  ownFacts,
  questions,
  clients,
]

export interface MigrationDoor {
  /** Whether the table schema_version is there. */
  begun(trx: Trx): Promise<boolean>
  read: Engine['read']
  /** Runs a write that no other process is in at the same time. */
  alone(run: (trx: Trx) => Promise<void>): Promise<void>
}

/**
 * Brings the tables to the latest version, safe when several processes start at once, and without a write where there is
 * nothing to do. Throws JournalUnavailable for a journal that a newer did-mcp has written.
 */
export async function migrate({ begun, read, alone }: MigrationDoor): Promise<void> {
  if (await read(async (trx) => (await begun(trx)) && (await versionOf(trx)) === migrations.length)) return
  await alone(async (trx) => {
    if (!(await begun(trx))) {
      await trx.schema
        .createTable('schema_version')
        .addColumn('version', 'integer', (c) => c.notNull())
        .execute()
      await trx.insertInto('schema_version').values({ version: 0 }).execute()
    }
    // The version is read again under the lock, because another process may have migrated first.
    for (const migration of migrations.slice(await versionOf(trx))) await migration(trx as unknown as Kysely<unknown>)
    await trx.updateTable('schema_version').set({ version: migrations.length }).execute()
  })
}

async function versionOf(trx: Trx): Promise<number> {
  const { version } = await trx.selectFrom('schema_version').select('version').executeTakeFirstOrThrow()
  if (version <= migrations.length) return version
  throw new JournalUnavailable(
    `The journal was written by a newer did-mcp (schema ${version}; this one knows ${migrations.length}). ` +
      'It was not touched. Update did-mcp, or point it at another journal.',
  )
}

async function firstTables(trx: Kysely<unknown>): Promise<void> {
  const { schema } = trx
  await schema
    .createTable('accounts')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('place', 'text', (c) => c.notNull())
    .addColumn('environment', 'text', (c) => c.notNull())
    .addColumn('label', 'text', (c) => c.notNull())
    .addColumn('instance', 'text')
    .execute()

  await schema
    .createTable('operations')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('owner_id', 'text', (c) => c.notNull())
    .addColumn('tool', 'text', (c) => c.notNull())
    .addColumn('effect', 'text', (c) => c.notNull())
    .addColumn('caller', 'text', (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('confirmed_by', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('started_at', 'bigint', (c) => c.notNull())
    .addColumn('ended_at', 'bigint')
    .execute()
  await schema.createIndex('operations_of_account').on('operations').columns(['account_id', 'started_at']).execute()
  await schema.createIndex('operations_newest').on('operations').columns(['started_at', 'id']).execute()
  await schema
    .createIndex('operations_open')
    .on('operations')
    .column('owner_id')
    .where(sql.ref('status'), '=', sql.lit('open'))
    .execute()

  await schema
    .createTable('numbers')
    .addColumn('operation_id', 'text', (c) => c.notNull().references('operations.id').onDelete('cascade'))
    .addColumn('tn', 'text', (c) => c.notNull())
    .addColumn('asked', 'text', (c) => c.notNull())
    .addColumn('before_facts', 'text', (c) => c.notNull())
    .addColumn('sent_at', 'bigint')
    .addColumn('outcome', 'text')
    .addColumn('code', 'integer')
    .addColumn('meaning', 'text')
    .addColumn('words', 'text')
    .addColumn('after_facts', 'text')
    .addColumn('held_until', 'bigint')
    .addColumn('inferred', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('fenced_until', 'bigint')
    .addColumn('seen', 'text')
    .addColumn('resolved_by', 'text')
    .addColumn('late', 'integer', (c) => c.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('numbers_key', ['operation_id', 'tn'])
    .execute()
  await schema.createIndex('numbers_by_tn').on('numbers').column('tn').execute()
  await schema
    .createIndex('numbers_uncertain')
    .on('numbers')
    .column('operation_id')
    .where(sql.ref('outcome'), '=', sql.lit('uncertain'))
    .execute()
  await schema
    .createIndex('numbers_untold')
    .on('numbers')
    .column('tn')
    .where(sql.ref('late'), '=', sql.lit(1))
    .execute()

  await schema
    .createTable('claims')
    .addColumn('place', 'text', (c) => c.notNull())
    .addColumn('tn', 'text', (c) => c.notNull())
    .addColumn('operation_id', 'text', (c) => c.notNull().references('operations.id').onDelete('cascade'))
    .addColumn('until', 'bigint')
    .addPrimaryKeyConstraint('claims_key', ['place', 'tn'])
    .execute()
  await schema.createIndex('claims_of_operation').on('claims').column('operation_id').execute()

  await schema
    .createTable('yeses')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.unique())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('caller', 'text', (c) => c.notNull())
    .addColumn('tool', 'text', (c) => c.notNull())
    .addColumn('effect', 'text', (c) => c.notNull())
    .addColumn('binding', 'text', (c) => c.notNull())
    .addColumn('facts', 'text', (c) => c.notNull())
    .addColumn('preview', 'text', (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('said_by', 'text')
    .addColumn('operation_id', 'text')
    .execute()
  await schema.createIndex('yeses_by_binding').on('yeses').column('binding').execute()

  await schema
    .createTable('noes')
    .addColumn('no_id', 'text', (c) => c.notNull())
    .addColumn('tn', 'text', (c) => c.notNull())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('tool', 'text', (c) => c.notNull())
    .addColumn('said_by', 'text', (c) => c.notNull())
    .addColumn('said_at', 'bigint', (c) => c.notNull())
    .addColumn('until', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('noes_key', ['no_id', 'tn'])
    .execute()
  await schema.createIndex('noes_by_tn').on('noes').column('tn').execute()

  await schema
    .createTable('owners')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('host', 'text', (c) => c.notNull())
    .addColumn('pid', 'integer', (c) => c.notNull())
    .addColumn('started_at', 'bigint', (c) => c.notNull())
    .execute()
}

async function moments({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('moments')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .execute()
}

/** Gives what was asked, `before` and `after` the same names everywhere: each is a JSON object that is the write's own. */
async function ownFacts({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('numbers').renameColumn('before_facts', 'before').execute()
  await schema.alterTable('numbers').renameColumn('after_facts', 'after').execute()
}

interface TablesOfYeses {
  yeses: {
    id: string
    kind: string
    hash: string | null
    account_id: string
    caller: string
    tool: string
    effect: string
    binding: string
    facts: string
    preview: string
    reason: string | null
    created_at: number
    expires_at: number
    state: string
    said_by: string | null
    operation_id: string | null
  }
  questions: Omit<TablesOfYeses['yeses'], 'hash' | 'facts'> & {
    shown: string
    refused: string
    put_at: number
    wrong: number
    ended_at: number | null
  }
}

/**
 * Turns the tickets and approvals of older journals into questions; forms were not kept. A question that cannot be gone on
 * from is withdrawn.
 */
async function questions(trx: Kysely<unknown>): Promise<void> {
  const { schema } = trx
  await schema
    .createTable('questions')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('caller', 'text', (c) => c.notNull())
    .addColumn('tool', 'text', (c) => c.notNull())
    .addColumn('effect', 'text', (c) => c.notNull())
    .addColumn('binding', 'text', (c) => c.notNull())
    .addColumn('shown', 'text', (c) => c.notNull())
    .addColumn('refused', 'text', (c) => c.notNull())
    .addColumn('preview', 'text', (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('put_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('wrong', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('said_by', 'text')
    .addColumn('ended_at', 'bigint')
    .addColumn('operation_id', 'text')
    .execute()
  const before = trx as unknown as Kysely<TablesOfYeses>
  for (const { hash, facts, ...yes } of await before.selectFrom('yeses').selectAll().execute()) {
    const open = yes.state === 'waiting' || yes.state === 'given'
    // A ticket is named by its hash. A question that does not say what would be written cannot be gone on from.
    const state = open && !facts.includes('"asked":') ? 'withdrawn' : yes.state
    const row = { ...yes, id: hash ?? yes.id, shown: facts, refused: '[]', put_at: yes.created_at, state }
    // Older journals did not keep when a question ended; it was at the latest when the question would have expired.
    await before
      .insertInto('questions')
      .values({ ...row, wrong: 0, ended_at: open ? null : yes.expires_at })
      .execute()
  }
  await schema.dropTable('yeses').execute()
  await schema.createIndex('questions_by_binding').on('questions').column('binding').execute()
  await schema.createIndex('questions_of_tool').on('questions').columns(['tool', 'kind', 'state']).execute()
}

/** Lets an operation keep the name that its client claims, which older journals did not know. */
async function clients({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('operations').addColumn('client', 'text').execute()
}
