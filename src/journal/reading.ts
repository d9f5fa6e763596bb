import { sql } from 'kysely'
import type { JournalAccount } from '../domain/account.ts'
import { grouped } from '../domain/grouped.ts'
import type { Engine, Trx } from './engine.ts'
import type { Operation, OperationPage, OperationQuery, Unsettled } from './operation.ts'
import { operationOf, unsettledOf } from './rows.ts'

/** Reads operations with all their rows, in the order of the ids. */
export async function operationsById(trx: Trx, ids: readonly string[]): Promise<Operation[]> {
  if (ids.length === 0) return []
  const operations = await trx
    .selectFrom('operations as o')
    .innerJoin('accounts as a', 'a.id', 'o.account_id')
    .selectAll('o')
    .select(['a.place', 'a.environment', 'a.label', 'a.instance'])
    .where('o.id', 'in', ids)
    .execute()
  const numbers = await trx.selectFrom('numbers').selectAll().where('operation_id', 'in', ids).orderBy('tn').execute()
  const byId = new Map(operations.map((operation) => [operation.id, operation]))
  const rows = grouped(numbers, (number) => number.operation_id)
  return ids.flatMap((id) => {
    const operation = byId.get(id)
    return operation ? [operationOf(operation, rows.get(id) ?? [])] : []
  })
}

/**
 * Implements `Journal.readOperations`: newest first, by start and then id, so that a page neither repeats nor skips what arrives
 * between.
 */
export function readOperations(engine: Engine, query: OperationQuery): Promise<OperationPage> {
  const { account, label, caller, reason, tn, tool, since, until, status, limit, after } = query
  return engine.read(async (trx) => {
    let page = trx.selectFrom('operations as o').select('o.id')
    if (account) page = page.where('o.account_id', '=', account.id)
    if (label !== undefined) {
      page = page.where('o.account_id', 'in', (eb) => eb.selectFrom('accounts').select('id').where('label', '=', label))
    }
    if (caller !== undefined) page = page.where('o.caller', '=', caller)
    if (reason !== undefined) page = page.where('o.reason', '=', reason)
    if (tool !== undefined) page = page.where('o.tool', '=', tool)
    if (since !== undefined) page = page.where('o.started_at', '>=', since)
    if (until !== undefined) page = page.where('o.started_at', '<', until)
    if (status !== undefined) page = page.where('o.status', '=', status)
    if (tn !== undefined) {
      page = page.where('o.id', 'in', (eb) => eb.selectFrom('numbers').select('operation_id').where('tn', '=', tn))
    }
    if (after) {
      page = page.where((eb) =>
        eb.or([
          eb('o.started_at', '<', after.startedAt),
          eb.and([eb('o.started_at', '=', after.startedAt), eb('o.id', '<', after.id)]),
        ]),
      )
    }
    const found = await page
      .orderBy('o.started_at', 'desc')
      .orderBy('o.id', 'desc')
      .limit(limit + 1)
      .execute()
    const ids = found.slice(0, limit).map(({ id }) => id)
    return { operations: await operationsById(trx, ids), more: found.length > limit }
  })
}

/** Implements `Journal.uncertain`. */
export function readUncertain(engine: Engine, account: JournalAccount, tns?: readonly string[]): Promise<Unsettled[]> {
  return engine.read(async (trx) => {
    if (tns?.length === 0) return []
    const rows = await unsettled(trx, account)
      .where('n.outcome', '=', 'uncertain')
      .where('o.status', '!=', 'open')
      .$if(tns !== undefined, (query) => query.where('n.tn', 'in', tns ?? []))
      .execute()
    return rows.map(unsettledOf)
  })
}

/** Implements `Journal.news`. It reads before it writes, because every answer asks for news and few have any. */
export async function tellNews(
  engine: Engine,
  account: JournalAccount,
  tns: readonly string[],
  most: number,
): Promise<Unsettled[]> {
  if (tns.length === 0) return []
  const untold = await engine.read((trx) =>
    unsettled(trx, account).where('n.late', '=', 1).where('n.tn', 'in', tns).limit(most).execute(),
  )
  if (untold.length === 0) return []
  return engine.write(async (trx) => {
    const chosen = untold.map((row) => row.tn)
    const told = await trx
      .updateTable('numbers')
      .set({ late: 0 })
      .where('late', '=', 1)
      .where('tn', 'in', chosen)
      .where('operation_id', 'in', [...new Set(untold.map((row) => row.operation_id))])
      .returning(['operation_id', 'tn'])
      .execute()
    // When two processes ask at once, each row is told by the one whose update found it untold.
    const mine = new Set(told.map((row) => `${row.operation_id} ${row.tn}`))
    const rows = await unsettled(trx, account).where('n.tn', 'in', tns).execute()
    return rows.filter((row) => mine.has(`${row.operation_id} ${row.tn}`)).map(unsettledOf)
  })
}

function unsettled(trx: Trx, account: JournalAccount) {
  return trx
    .selectFrom('numbers as n')
    .innerJoin('operations as o', 'o.id', 'n.operation_id')
    .selectAll('n')
    .select(['o.tool', 'o.effect', 'o.started_at'])
    .select((eb) => {
      const later = eb
        .selectFrom('numbers as later')
        .innerJoin('operations as then', 'then.id', 'later.operation_id')
        .innerJoin('accounts as a', 'a.id', 'then.account_id')
        .select(sql.lit(1).as('one'))
        .whereRef('later.tn', '=', 'n.tn')
        .whereRef('later.sent_at', '>', 'n.sent_at')
        .where('a.place', '=', account.place)
      return eb.case().when(eb.exists(later)).then(1).else(0).end().as('overtaken')
    })
    .where('o.account_id', '=', account.id)
    .orderBy('o.started_at')
    .orderBy('o.id')
    .orderBy('n.tn')
}
