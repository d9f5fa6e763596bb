import type { Engine, Trx } from './engine.ts'

const day = 24 * 60 * 60_000

/** How long an expired question is still known, so that its replay names the operation it was spent on. */
const remembered = 7 * day

/**
 * Implements `Journal.forget`. Deleted rows cannot come back when a wrong clock is set right, so no single look at the clock
 * deletes anything: only what an earlier look saw, a day or more before this one, counts as past.
 */
export async function forgetOld(
  engine: Engine,
  now: number,
  keepMs: number | undefined,
  most: number,
): Promise<number> {
  const seen = await engine.read(readLooks)
  const soon = seen.past === undefined && seen.looked !== undefined && seen.looked <= now && now < seen.looked + day
  if (soon) return 0
  return engine.write(async (trx) => {
    const past = await look(trx, now)
    if (past === undefined) return 0
    await trx.deleteFrom('claims').where('until', '<=', past).execute()
    await trx.deleteFrom('noes').where('until', '<=', past).execute()
    await trx
      .deleteFrom('questions')
      .where('expires_at', '<', past - remembered)
      .execute()
    return keepMs === undefined ? 0 : forgetOperations(trx, past - keepMs, most)
  })
}

interface Looks {
  /** The time at the last look at the clock; moved on once a day at most. */
  looked?: number | undefined
  /** The time at the look before that one, which has certainly passed. */
  past?: number | undefined
}

async function readLooks(trx: Trx): Promise<Looks> {
  const rows = await trx.selectFrom('moments').selectAll().where('name', 'in', ['looked', 'past']).execute()
  return Object.fromEntries(rows.map(({ name, at }) => [name, at]))
}

/**
 * Looks at the clock once more.
 *
 * @returns the time that has certainly passed, milliseconds since 1970
 */
async function look(trx: Trx, now: number): Promise<number | undefined> {
  const { looked, past } = await readLooks(trx)
  // A recorded look that lies in the future was wrong, or this one is: neither counts.
  const wrong = looked === undefined || looked > now
  const next = wrong ? now : now - looked >= day ? now : looked
  const over = !wrong && next !== looked ? looked : past !== undefined && past <= now ? past : undefined
  if (next !== looked) await keep(trx, 'looked', next)
  if (over !== past) await keep(trx, 'past', over)
  return over
}

async function keep(trx: Trx, name: 'looked' | 'past', at: number | undefined): Promise<void> {
  await trx.deleteFrom('moments').where('name', '=', name).execute()
  if (at !== undefined) await trx.insertInto('moments').values({ name, at }).execute()
}

/** Removes operations that ended before `before`, which lies in the past, so a fence that ended before it stands no more. */
async function forgetOperations(trx: Trx, before: number, most: number): Promise<number> {
  const over = trx
    .selectFrom('operations')
    .select('id')
    .where('status', '!=', 'open')
    .where('ended_at', '<', before)
    .where('id', 'not in', (eb) =>
      eb
        .selectFrom('numbers')
        .select('operation_id')
        .where((row) => row.or([row('outcome', '=', 'uncertain'), row('fenced_until', '>', before)])),
    )
    // An operation that wrote a number after another one became uncertain of it is kept: without it, the number's present
    // state would pass for the uncertain operation's outcome.
    .where('id', 'not in', (eb) =>
      eb
        .selectFrom('numbers as doubtful')
        .innerJoin('numbers as later', 'later.tn', 'doubtful.tn')
        .select('later.operation_id')
        .where('doubtful.outcome', '=', 'uncertain')
        .whereRef('later.sent_at', '>', 'doubtful.sent_at'),
    )
    .orderBy('ended_at')
    .limit(most)
  const forgotten = await trx.deleteFrom('operations').where('id', 'in', over).executeTakeFirst()
  return Number(forgotten.numDeletedRows)
}
