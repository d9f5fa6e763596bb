import { randomBytes } from 'node:crypto'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg, { type ClientConfig, type CustomTypesConfig } from 'pg'
import { type Clock, systemClock } from '../../domain/clock.ts'
import { databaseJournal } from '../database.ts'
import type { Db, Engine, Trx } from '../engine.ts'
import { codeOf, type DatabaseFailure, guardedBy, unavailable } from '../failures.ts'
import { type Journal, JournalUnavailable } from '../journal.ts'
import { migrate } from '../migrations.ts'
import type { Tables } from '../tables.ts'
import { lockKey, ownerSession } from './owner-session.ts'
import { lookAtServer, sessionOptions } from './postgres-server.ts'
import { parsePostgresUrl, withoutPassword } from './postgres-url.ts'
import { type ServerClock, serverClock } from './server-clock.ts'

export interface PostgresJournalOptions {
  /**
   * The database's URL, postgres://user:password@host:port/database; off loopback the server's certificate is always
   * verified.
   */
  url: string
  /** The schema that holds the tables, made where it is missing; `did_mcp` unless told. */
  schema?: string
  /** The most connections, beside the one that holds this process's lock; 4 unless told. */
  poolSize?: number
  /** How long nothing is written after the database was restored, milliseconds; 130 s unless told. */
  quietMs?: number
  /** This machine's clocks; the system's unless told. */
  clock?: Pick<Clock, 'now' | 'ticks'>
}

/**
 * The journal of a team or a fleet. Throws {@link JournalUnavailable} where the database cannot be reached or trusted; one
 * that goes away later fails each call the same way and serves again once it is back, without a restart.
 */
export async function openPostgresJournal(options: PostgresJournalOptions): Promise<Journal> {
  const { url, schema = 'did_mcp', poolSize = 4, quietMs, clock = systemClock } = options
  const address = parsePostgresUrl(url)
  const config = {
    ...address,
    ...timeouts,
    options: sessionOptions,
    application_name: 'did-mcp',
    types: numbersForBigints,
  }
  const pool = new pg.Pool({ ...config, max: poolSize, allowExitOnIdle: true })
  // A connection that breaks fails the query on it, or the next one; unheard, its event would end the process.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const explain = ({ code, message }: DatabaseFailure) =>
    `The journal's database at ${address.host}:${address.port} failed (${withoutPassword(message, url)}). ` +
    `Nothing is sent to the carrier meanwhile. ${wronglySet.has(code) ? setRight : bringBack}`
  let engine: Engine | undefined
  try {
    const about = await lookAtServer(pool, config)
    engine = postgresEngine({ pool, config, schema, explain, about, time: serverClock(clock), wall: () => clock.now() })
    await migrate({ begun: hasVersion(schema), read: engine.read, alone: aloneIn(schema, engine) })
    return await databaseJournal(engine, quietMs)
  } catch (failure) {
    await (engine ? engine.close(false) : pool.end())
    throw unavailable(failure, explain)
  }
}

/** Whether a journal's tables are in this database. It only looks. Rejects where the database does not answer. */
export async function hasTables(url: string, schema = 'did_mcp'): Promise<boolean> {
  const client = new pg.Client({ ...parsePostgresUrl(url), ...timeouts, application_name: 'did-mcp' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const asked = `select 1 from pg_tables where schemaname = $1 and tablename = 'schema_version'`
    return (await client.query(asked, [schema])).rows.length > 0
  } finally {
    await client.end()
  }
}

const bringBack =
  'Bring the database back, which needs no restart of did-mcp, or correct DID_MCP_DATABASE_URL, which does.'
const setRight =
  'Set right the user, its rights or the address in DID_MCP_DATABASE_URL; did-mcp doctor says which. A new address needs a restart.'

/**
 * The codes of a wrong setting: no such role, wrong password, no such database or schema, no right, what a pooler does not
 * know, no such host.
 */
const wronglySet = new Set(['28000', '28P01', '3D000', '3F000', '42501', '08P01', 'ENOTFOUND'])

interface OpenPool {
  pool: pg.Pool
  config: ClientConfig
  schema: string
  explain(failure: DatabaseFailure): string
  about: string
  time: ServerClock
  wall: () => number
}

function postgresEngine({ pool, config, schema, explain, about, time, wall }: OpenPool): Engine {
  const ownerId = randomBytes(16).toString('hex')
  const keyOf = (kind: string, name: string) => lockKey('did-mcp', schema, kind, name)
  const owner = ownerSession(config, keyOf('owner', ownerId))
  const guard = guardedBy(explain)
  const db: Db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }).withSchema(schema)
  const write = <T>(run: (trx: Trx) => Promise<T>) => guard.run(() => transaction(db, time, 'read write', run))
  return {
    ownerId,
    about,
    warnings: [],
    now: (at = wall()) => time.now(at),
    read: (run) => guard.run(() => transaction(db, time, 'read only', run)),
    write,
    serialize: async (trx, name) => {
      await sql`select pg_advisory_xact_lock(${keyOf('turn', name)}::bigint)`.execute(trx)
    },
    holdOwner: () => guard.run(() => owner.hold()),
    whileDead: (id, run) =>
      write(async (trx) => {
        const { rows } = await sql<{ dead: boolean }>`
          select pg_try_advisory_xact_lock(${keyOf('owner', id)}::bigint) as dead`.execute(trx)
        return rows[0]?.dead ? run(trx, () => undefined) : undefined
      }),
    strayOwners: async () => [],
    close: async () => {
      if (guard.close()) await Promise.allSettled([owner.release(), pool.end()])
    },
  }
}

function transaction<T>(
  db: Db,
  time: ServerClock,
  access: 'read only' | 'read write',
  run: (trx: Trx) => Promise<T>,
): Promise<T> {
  return again((begun) =>
    db
      .transaction()
      .setAccessMode(access)
      .setIsolationLevel(access === 'read only' ? 'repeatable read' : 'read committed')
      .execute(async (trx) => {
        begun()
        await time.sync(trx)
        return run(trx)
      }),
  )
}

/** Lets one process at a time migrate the tables, in the schema, which is made where it is missing. */
function aloneIn(schema: string, { write, serialize }: Engine) {
  return (run: (trx: Trx) => Promise<void>) =>
    write(async (trx) => {
      await serialize(trx, 'migrations')
      const { rows } = await sql`select 1 from pg_namespace where nspname = ${schema}`.execute(trx)
      // The schema is looked for first, because `if not exists` asks for the right to make schemas even where it is there.
      if (rows.length === 0) await trx.schema.createSchema(schema).execute()
      await run(trx)
    })
}

/** Bounds on every wait: for a connection, for a lock, for an answer, and on a transaction whose process was stopped. */
const timeouts = {
  connectionTimeoutMillis: 5_000,
  lock_timeout: 8_000,
  statement_timeout: 10_000,
  query_timeout: 12_000,
  idle_in_transaction_session_timeout: 15_000,
  keepAlive: true,
} satisfies ClientConfig

/** The parser that reads int8 as a number: the journal's are milliseconds and counts, far below 2^53. */
const numbersForBigints: CustomTypesConfig = {
  getTypeParser: (oid, format) => (oid === 20 ? Number : pg.types.getTypeParser(oid, format)),
}

/**
 * The codes serialization_failure and deadlock_detected: the server undid the whole transaction and asks for another try.
 */
const undone = new Set(['40001', '40P01'])

/**
 * Runs a transaction anew where that is safe: the server says that it was undone, or it never began because its pooled
 * connection had died unseen.
 */
async function again<T>(run: (begun: () => void) => Promise<T>): Promise<T> {
  for (let left = 3; ; left--) {
    let hasBegun = false
    try {
      return await run(() => {
        hasBegun = true
      })
    } catch (failure) {
      const safe = !hasBegun || undone.has(codeOf(failure))
      if (left === 0 || !safe || failure instanceof JournalUnavailable || refusedAtOnce(failure)) throw failure
    }
  }
}

/**
 * Whether a connection failed in a way that another try would only repeat: nobody answers there, or the wait for it is over.
 */
function refusedAtOnce(failure: unknown): boolean {
  return codeOf(failure) === 'ECONNREFUSED' || (failure instanceof Error && failure.message.includes('timeout'))
}

function hasVersion(schema: string): (trx: Trx) => Promise<boolean> {
  return async (trx) => {
    const found = await sql`
      select 1 from pg_tables where schemaname = ${schema} and tablename = 'schema_version'`.execute(trx)
    return found.rows.length > 0
  }
}
