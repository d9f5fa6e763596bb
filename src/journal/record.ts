import { sql } from 'kysely'
import type { Taken, Used } from '../domain/budget.ts'

import { readBusy } from './claims.ts'
import type { Engine, Trx } from './engine.ts'
import { JournalUnavailable, type Recorded, type Refused } from './journal.ts'
import { noesOn } from './noes.ts'
import type { Intent } from './operation.ts'
import type { Question, TicketUse } from './question.ts'
import { holdQuestion, readTicketUse, spendQuestion } from './questions.ts'
import { intentNumber, intentOperation, keepAccount, refusedNumber } from './rows.ts'

const hour = 60 * 60_000
const day = 24 * 60 * 60_000
/**
 * The longest hold, milliseconds: the carrier keeps a reserved number for at most 30 minutes (docs/carrier.md, section 2).
 */
const hold = 30 * 60_000

/**
 * Implements `Journal.record`. The question is looked at before the budgets, so that a used ticket always names its
 * operation.
 *
 * @param quiet says why nothing may be recorded yet, and may write
 */
export async function recordIntent(
  engine: Engine,
  intent: Intent,
  decide: (used: Used, tickets?: TicketUse) => Refused | undefined,
  quiet: (trx: Trx) => Promise<string | undefined>,
): Promise<Recorded> {
  const tns = intent.rows.map((row) => row.tn)
  const recorded = await engine.write(async (trx): Promise<Recorded | string> => {
    // Budgets and claims are counted and taken under one lock: two processes never both take the last of a budget.
    await engine.serialize(trx, intent.account.place)
    const notYet = await quiet(trx)
    if (notYet !== undefined) return notYet
    const question = intent.questionId === undefined ? undefined : await holdQuestion(trx, intent.questionId)
    const tickets = question?.kind === 'ticket' ? await readTicketUse(trx, intent, intent.at) : undefined
    const refused =
      (await spent(trx, intent, tns, question)) ??
      (await declined(trx, intent, tns)) ??
      decide(await countUsed(trx, intent.account.id, intent.at), tickets) ??
      (await taken(trx, intent, tns))
    if (refused) return { recorded: false, refused }
    await write(trx, intent, engine.ownerId)
    return { recorded: true }
  })
  if (typeof recorded === 'string') throw new JournalUnavailable(recorded)
  return recorded
}

/** Implements `Journal.used`. A hold counts until it lapses or a later operation assigned or released its number. */
export async function countUsed(trx: Trx, accountId: string, now: number): Promise<Used> {
  const rows = await trx
    .selectFrom('operations as o')
    .innerJoin('numbers as n', 'n.operation_id', 'o.id')
    .select((eb) => [
      'o.effect',
      eb.fn.countAll<number>().as('today'),
      sql<number>`count(case when ${sql.ref('o.started_at')} > ${now - hour} then 1 end)`.as('lately'),
      eb.fn.count<number>('n.tn').distinct().as('tns'),
    ])
    .where('o.account_id', '=', accountId)
    .where('o.started_at', '>', now - day)
    .where((eb) => eb.or([eb('n.outcome', 'is', null), eb('n.outcome', 'in', ['done', 'uncertain'])]))
    .where((eb) =>
      eb.or([
        eb('o.effect', '<>', 'hold'),
        eb.and([
          eb('o.effect', '=', 'hold'),
          // An unread reservation may have begun as late as its fence ended.
          sql<boolean>`coalesce(n.held_until, coalesce(n.fenced_until, o.started_at) + ${hold}) > ${now}`,
          eb.not(
            eb.exists(
              eb
                .selectFrom('numbers as later')
                .innerJoin('operations as then', 'then.id', 'later.operation_id')
                .select(sql.lit(1).as('one'))
                .whereRef('later.tn', '=', 'n.tn')
                .whereRef('then.account_id', '=', 'o.account_id')
                .whereRef('then.started_at', '>=', 'o.started_at')
                .where('then.effect', 'in', ['spend', 'destroy'])
                .where('later.outcome', '=', 'done'),
            ),
          ),
        ]),
      ]),
    )
    .groupBy('o.effect')
    .execute()
  const of = (effect: string) => rows.find((row) => row.effect === effect)
  const taken = (when: 'today' | 'lately'): Taken => ({
    change: of('change')?.[when] ?? 0,
    safety: of('safety')?.[when] ?? 0,
    spend: of('spend')?.[when] ?? 0,
    destroy: of('destroy')?.[when] ?? 0,
  })
  return { hour: taken('lately'), day: taken('today'), held: of('hold')?.tns ?? 0 }
}

/** Says why this question's yes cannot be spent; undefined where it can, or where the intent needs no question. */
async function spent(
  trx: Trx,
  intent: Intent,
  tns: readonly string[],
  question: Question | undefined,
): Promise<Refused | undefined> {
  if (intent.questionId === undefined) return undefined
  if (question?.state === 'given' && question.expiresAt > intent.at) return undefined
  // A person took the yes back while this call was on its way, and that no still stands.
  if (question?.state === 'denied') {
    const no = await declined(trx, intent, tns)
    if (no) return no
  }
  return { why: 'spent', operationId: question?.operationId }
}

async function declined(trx: Trx, { neededYes, account, tool, at }: Intent, tns: readonly string[]) {
  const noes = neededYes ? await noesOn(trx, at, { account, tool, tns }) : []
  return noes.length > 0 ? ({ why: 'declined', noes } satisfies Refused) : undefined
}

async function taken(trx: Trx, { account, at }: Intent, tns: readonly string[]): Promise<Refused | undefined> {
  const busy = await readBusy(trx, account.place, tns, at)
  return busy.length === 0 ? undefined : { why: 'busy', busy }
}

async function write(trx: Trx, intent: Intent, ownerId: string): Promise<void> {
  await keepAccount(trx, intent.account)
  await trx.insertInto('operations').values(intentOperation(intent, ownerId)).execute()
  await trx
    .insertInto('numbers')
    .values(intent.rows.map((row) => intentNumber(intent.id, row)))
    .execute()
  const refused = (intent.refused ?? []).map((row) => refusedNumber(intent.id, row))
  if (refused.length > 0) await trx.insertInto('numbers').values(refused).execute()
  const { place } = intent.account
  // Ended fences are removed from these numbers alone: should the clock be wrong, the others stand again when it is right.
  const tns = intent.rows.map(({ tn }) => tn)
  await trx
    .deleteFrom('claims')
    .where('place', '=', place)
    .where('tn', 'in', tns)
    .where('until', '<=', intent.at)
    .execute()
  await trx
    .insertInto('claims')
    .values(intent.rows.map(({ tn }) => ({ place, tn, operation_id: intent.id, until: null })))
    .execute()
  if (intent.questionId !== undefined) await spendQuestion(trx, intent.questionId, intent.id, intent.at)
}
