import type { Trx } from './engine.ts'
import type { Busy } from './journal.ts'

/** Claims and fences that stand on these numbers at `now`, sorted by number. */
export async function readBusy(trx: Trx, place: string, tns: readonly string[], now: number): Promise<Busy[]> {
  if (tns.length === 0) return []
  const claims = await trx
    .selectFrom('claims as c')
    .innerJoin('operations as o', 'o.id', 'c.operation_id')
    .select(['c.tn', 'c.operation_id', 'c.until', 'o.tool'])
    .where('c.place', '=', place)
    .where('c.tn', 'in', tns)
    .where((eb) => eb.or([eb('c.until', 'is', null), eb('c.until', '>', now)]))
    .orderBy('c.tn')
    .execute()
  return claims.map(({ tn, operation_id: operationId, tool, until }) =>
    until === null ? { tn, operationId, tool } : { tn, operationId, tool, until },
  )
}

/** Keeps of an ended operation's claims only its fences that still stand at `at`. */
export async function keepFences(trx: Trx, operationId: string, place: string, at: number): Promise<void> {
  const fenced = await trx
    .selectFrom('numbers')
    .select(['tn', 'fenced_until'])
    .where('operation_id', '=', operationId)
    .where('fenced_until', '>', at)
    .execute()
  await trx
    .deleteFrom('claims')
    .where('operation_id', '=', operationId)
    .$if(fenced.length > 0, (query) =>
      query.where(
        'tn',
        'not in',
        fenced.map(({ tn }) => tn),
      ),
    )
    .execute()
  if (fenced.length === 0) return
  await trx
    .insertInto('claims')
    .values(fenced.map(({ tn, fenced_until }) => ({ place, tn, operation_id: operationId, until: fenced_until })))
    .onConflict((conflict) =>
      conflict
        .columns(['place', 'tn'])
        .doUpdateSet((eb) => ({ until: eb.ref('excluded.until'), operation_id: eb.ref('excluded.operation_id') }))
        // A number that was written again since then belongs to the newer operation.
        .where((eb) => eb.or([eb('claims.operation_id', '=', operationId), eb('claims.until', '<=', at)])),
    )
    .execute()
}
