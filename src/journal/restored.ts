import type { Engine, Trx } from './engine.ts'
import { withdraw } from './questions.ts'

/**
 * The gate of a journal that was restored: from a backup, or after a failover that may have lost commits. A restored journal
 * is known by the moment `marked`, which a backup carries and which a person sets by hand (docs/backup.md).
 */
export interface Restored {
  /**
   * Opens a marked journal: closes every open question, and treats every open number as sent. Exactly one process does it,
   * the first that comes.
   */
  open(): Promise<void>
  /**
   * Says why nothing may be recorded yet, during the quiet time after the opening: what was sent since the backup is not
   * known here. It is called inside a write, and opens a journal that was marked since.
   */
  quiet(trx: Trx): Promise<string | undefined>
}

export function restoredJournal(engine: Engine, quietMs: number): Restored {
  let known: { at: number; endsAt: number } | undefined
  return {
    open: async () => {
      if ((await engine.read(readMoments)).has('marked')) await engine.write((trx) => openMarked(trx, engine.now()))
    },
    quiet: async (trx) => {
      const moments = await readMoments(trx)
      const at = moments.has('marked') ? await openMarked(trx, engine.now()) : moments.get('restored')
      if (at === undefined) return undefined
      const byWall = at + quietMs - engine.now()
      // The quiet time is over when both clocks say so: the monotonic one counts from when this process first saw the mark.
      if (known?.at !== at) known = { at, endsAt: performance.now() + Math.min(Math.max(byWall, 0), quietMs) }
      const left = Math.max(known.endsAt - performance.now(), byWall > quietMs ? 0 : byWall)
      return left > 0 ? words(at, Math.ceil(left / 1000)) : undefined
    },
  }
}

/** Marks a copy of the journal as a backup. */
export async function mark(trx: Trx, at: number): Promise<void> {
  await trx.deleteFrom('moments').where('name', 'in', ['marked', 'restored']).execute()
  await trx.insertInto('moments').values({ name: 'marked', at }).execute()
}

async function readMoments(trx: Trx): Promise<Map<string, number>> {
  const rows = await trx.selectFrom('moments').selectAll().execute()
  return new Map(rows.map(({ name, at }) => [name, at]))
}

/**
 * Opens a journal that is marked.
 *
 * @returns when it was opened, by this process or another one; undefined where it never was
 */
async function openMarked(trx: Trx, at: number): Promise<number | undefined> {
  const marked = await trx.deleteFrom('moments').where('name', '=', 'marked').executeTakeFirst()
  if (marked.numDeletedRows === 0n) return (await readMoments(trx)).get('restored')
  await trx
    .insertInto('moments')
    .values({ name: 'restored', at })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ at }))
    .execute()
  // An open question's yes may have been spent since the backup, on what this journal does not know.
  await withdraw(trx, at)
  // A number that was not sent yet when the backup was made may have been sent since.
  await trx
    .updateTable('numbers')
    .set({ sent_at: at })
    .where('outcome', 'is', null)
    .where('operation_id', 'in', (eb) => eb.selectFrom('operations').select('id').where('status', '=', 'open'))
    .execute()
  return at
}

const words = (at: number, seconds: number) =>
  `This journal was restored, and opened at ${new Date(at).toISOString().slice(0, 19)}Z. What was sent since the backup is ` +
  `not known here and may still take effect, so nothing is recorded or sent for another ${seconds} s. Try again then.`
