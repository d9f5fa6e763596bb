import type { Selectable } from 'kysely'
import { keepFences } from './claims.ts'
import type { Engine, Trx } from './engine.ts'
import { JournalUnavailable } from './journal.ts'
import { type Counts, type OperationRow, type Own, type Settled, statusOf } from './operation.ts'
import { rowOf } from './rows.ts'
import { settledColumnNames, settledColumns } from './settled-columns.ts'
import type { NumbersTable, OperationsTable } from './tables.ts'

/**
 * Implements `Journal.sending`. It is refused where the operation is no longer this process's, and for a number that was
 * sent or settled before: a write is never sent twice.
 */
export async function markSending(
  engine: Engine,
  operationId: string,
  tns: readonly string[],
  at: number,
  again: boolean,
): Promise<void> {
  if (tns.length === 0) return
  await engine.write(async (trx) => {
    const operation = await lockOperation(trx, operationId)
    if (operation?.owner_id !== engine.ownerId || operation.status !== 'open') {
      throw new JournalUnavailable(
        `Operation ${operationId} is no longer this process's to send: another process took it over or it has ended. ` +
          'Nothing more of it was sent; listOperations tells how it ended.',
      )
    }
    const marked = await trx
      .updateTable('numbers')
      .set({ sent_at: at })
      .where('operation_id', '=', operationId)
      .where('tn', 'in', tns)
      .$if(!again, (query) => query.where('sent_at', 'is', null))
      .where('outcome', 'is', null)
      .executeTakeFirst()
    if (Number(marked.numUpdatedRows) === tns.length) return
    throw new JournalUnavailable(
      `Numbers of operation ${operationId} were sent or settled before. Nothing was sent again; listOperations tells how they stand.`,
    )
  })
}

/** Implements `Journal.settle`. */
export function settleNumbers(
  engine: Engine,
  operationId: string,
  rows: readonly Settled<Own>[],
  at: number,
): Promise<void> {
  return engine.write((trx) => settleIn(trx, operationId, rows, at))
}

/** Settles numbers inside a write that does more. */
export async function settleIn(
  trx: Trx,
  operationId: string,
  rows: readonly Settled<Own>[],
  at: number,
): Promise<void> {
  if (rows.length === 0) return
  const operation = await lockOperation(trx, operationId)
  if (!operation) throw new JournalUnavailable(`Operation ${operationId} is not in the journal. Nothing was changed.`)
  const numbers = await trx
    .selectFrom('numbers')
    .selectAll()
    .where('operation_id', '=', operationId)
    .where(
      'tn',
      'in',
      rows.map(({ tn }) => tn),
    )
    .execute()
  const changed = changes(operationId, numbers, rows)
  if (changed.length === 0) return
  await overwrite(trx, changed)
  await endOrRecount(trx, operation, at)
}

/** Holds off every other writer of this operation until the transaction ends, on both engines. */
async function lockOperation(trx: Trx, id: string): Promise<Selectable<OperationsTable> | undefined> {
  return trx
    .updateTable('operations')
    .set((eb) => ({ owner_id: eb.ref('owner_id') }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}

function changes(
  operationId: string,
  numbers: readonly Selectable<NumbersTable>[],
  rows: readonly Settled<Own>[],
): Selectable<NumbersTable>[] {
  const byTn = new Map(numbers.map((number) => [number.tn, number]))
  const changed = new Map<string, Selectable<NumbersTable>>()
  for (const next of rows) {
    const number = byTn.get(next.tn)
    if (!number) throw new JournalUnavailable(`Operation ${operationId} has no number ${next.tn}. Nothing was changed.`)
    const over = settledOver(rowOf(number), next)
    if (!over) continue
    const settled = { ...number, ...over }
    byTn.set(next.tn, settled)
    changed.set(next.tn, settled)
  }
  return [...changed.values()]
}

/**
 * Returns what the row's columns become; undefined where nothing changes. A fence is kept whatever the outcome, and of two
 * the later stands.
 */
function settledOver(recorded: OperationRow, next: Settled<Own>): Partial<Selectable<NumbersTable>> | undefined {
  const fencedUntil = Math.max(recorded.fencedUntil ?? 0, next.fencedUntil ?? 0) || undefined
  if (!mayReplace(recorded, next)) {
    return fencedUntil === recorded.fencedUntil ? undefined : { fenced_until: fencedUntil ?? null }
  }
  const stillUncertain = next.outcome === 'uncertain' && recorded.outcome === 'uncertain'
  return settledColumns({
    ...next,
    fencedUntil,
    seen: next.seen ?? (next.outcome === 'uncertain' ? recorded.seen : undefined),
    // Another look at a number that stays uncertain is no news, and does not make old news told.
    late: stillUncertain ? recorded.late : next.late,
  })
}

/** Whether a new settlement may stand over what is recorded, by the rules of `Journal.settle`. */
function mayReplace(recorded: OperationRow, next: Settled<Own>): boolean {
  if (recorded.resolvedBy !== undefined) return false
  if (recorded.outcome === undefined || recorded.outcome === 'uncertain') return true
  return recorded.inferred === true && next.inferred !== true && next.outcome !== 'uncertain'
}

async function overwrite(trx: Trx, numbers: readonly Selectable<NumbersTable>[]): Promise<void> {
  await trx
    .insertInto('numbers')
    .values([...numbers])
    .onConflict((conflict) =>
      conflict
        .columns(['operation_id', 'tn'])
        .doUpdateSet((eb) =>
          Object.fromEntries(settledColumnNames.map((column) => [column, eb.ref(`excluded.${column}`)])),
        ),
    )
    .execute()
}

async function endOrRecount(trx: Trx, operation: Selectable<OperationsTable>, at: number): Promise<void> {
  const outcomes = await trx
    .selectFrom('numbers')
    .select((eb) => ['outcome', eb.fn.countAll<number>().as('rows')])
    .where('operation_id', '=', operation.id)
    .groupBy('outcome')
    .execute()
  const of = (outcome: string | null) => outcomes.find((row) => row.outcome === outcome)?.rows ?? 0
  if (of(null) > 0) return
  const counts: Counts = {
    done: of('done'),
    failed: of('failed'),
    uncertain: of('uncertain'),
    notAttempted: of('not_attempted'),
  }
  await trx
    .updateTable('operations')
    // An operation with an uncertain number has not ended; one that was corrected later ended when it was first known.
    .set({ status: statusOf(counts), ended_at: counts.uncertain > 0 ? null : (operation.ended_at ?? at) })
    .where('id', '=', operation.id)
    .execute()
  const { place } = await trx
    .selectFrom('accounts')
    .select('place')
    .where('id', '=', operation.account_id)
    .executeTakeFirstOrThrow()
  await keepFences(trx, operation.id, place, at)
}
