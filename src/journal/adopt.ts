import { setTimeout as sleep } from 'node:timers/promises'
import type { JournalAccount } from '../domain/account.ts'
import { grouped } from '../domain/grouped.ts'
import type { Engine, Trx } from './engine.ts'
import type { Operation, Settled } from './operation.ts'
import { operationsById } from './reading.ts'
import { settleIn } from './settlement.ts'

/** How often a lock is tried: another process that tries the same one at this moment looks like a living owner. */
const tries = 4

/**
 * Implements `Journal.adopt`. Each dead owner is dealt with while its lock is held, so two processes never both take its
 * operations. Dead owners that own nothing open any more are forgotten on the way.
 */
export async function adoptOperations(engine: Engine, account: JournalAccount, now: number): Promise<Operation[]> {
  const adopted: Operation[] = []
  for (const { id, owes } of await otherOwners(engine, account)) {
    const taken = await whileDead(engine, id, owes ? tries : 1, async (trx, bury) => {
      const mine = await takeOver(trx, id, engine.ownerId, account)
      await closeGoneSandboxes(trx, id, account, now)
      if (await ownsNothingOpen(trx, id)) {
        await trx.deleteFrom('owners').where('id', '=', id).execute()
        bury()
      }
      return mine
    })
    adopted.push(...(taken ?? []))
  }
  return adopted.sort((a, b) => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1))
}

/** Whether this owner could be forgotten, because no operation waits for its lock. */
export async function ownsNothingOpen(trx: Trx, ownerId: string): Promise<boolean> {
  const open = await trx
    .selectFrom('operations')
    .select('id')
    .where('owner_id', '=', ownerId)
    .where('status', '=', 'open')
    .limit(1)
    .executeTakeFirst()
  return open === undefined
}

async function whileDead<T>(
  engine: Engine,
  id: string,
  tries: number,
  run: (trx: Trx, bury: () => void) => Promise<T>,
): Promise<T | undefined> {
  for (let left = tries; left > 0; left--) {
    const done = await engine.whileDead(id, run)
    if (done !== undefined || left === 1) return done
    await sleep(5 + Math.random() * 20)
  }
  return undefined
}

/** Owners worth a try: those with something here to take over (`owes`), and those with nothing open at all. */
async function otherOwners(engine: Engine, account: JournalAccount): Promise<{ id: string; owes: boolean }[]> {
  const strays = await engine.strayOwners()
  return engine.read(async (trx) => {
    const open = await trx
      .selectFrom('operations as o')
      .innerJoin('accounts as a', 'a.id', 'o.account_id')
      .select(['o.owner_id', 'a.place', 'a.instance'])
      .distinct()
      .where('o.status', '=', 'open')
      .execute()
    const known = await trx.selectFrom('owners').select('id').execute()
    const owing = new Set(open.filter((o) => o.place === account.place || o.instance !== null).map((o) => o.owner_id))
    const busy = new Set(open.map((o) => o.owner_id))
    const idle = [...known.map(({ id }) => id), ...strays].filter((id) => !busy.has(id))
    return [
      ...[...owing].map((id) => ({ id, owes: true })),
      ...[...new Set(idle)].map((id) => ({ id, owes: false })),
    ].filter(({ id }) => id !== engine.ownerId)
  })
}

async function takeOver(trx: Trx, from: string, to: string, account: JournalAccount): Promise<Operation[]> {
  const taken = await trx
    .updateTable('operations')
    .set({ owner_id: to })
    .where('owner_id', '=', from)
    .where('account_id', 'in', (eb) =>
      eb
        .selectFrom('accounts')
        .select('id')
        .where('place', '=', account.place)
        .where((a) => a.or([a('instance', 'is', null), a('id', '=', account.id)])),
    )
    .where('status', '=', 'open')
    .returning('id')
    .execute()
  return operationsById(
    trx,
    taken.map(({ id }) => id),
  )
}

/**
 * Closes the operations of sandboxes that died with their process: nobody can be asked, and nothing can land any more, so no
 * fence is needed.
 */
async function closeGoneSandboxes(trx: Trx, owner: string, account: JournalAccount, now: number): Promise<void> {
  const open = await trx
    .selectFrom('operations as o')
    .innerJoin('accounts as a', 'a.id', 'o.account_id')
    .innerJoin('numbers as n', 'n.operation_id', 'o.id')
    .select(['o.id', 'n.tn', 'n.sent_at'])
    .where('o.owner_id', '=', owner)
    .where('o.status', '=', 'open')
    .where('a.instance', 'is not', null)
    .where('a.id', '!=', account.id)
    .where('n.outcome', 'is', null)
    .execute()
  for (const [id, rows] of grouped(open, (row) => row.id)) {
    const settled = rows.map(({ tn, sent_at }): Settled => ({ tn, late: true, ...sandboxGone(sent_at !== null) }))
    await settleIn(trx, id, settled, now)
  }
}

function sandboxGone(sent: boolean): Pick<Settled, 'outcome' | 'meaning'> {
  return sent
    ? { outcome: 'uncertain', meaning: 'The embedded sandbox is gone: it ended with its process before it answered.' }
    : {
        outcome: 'not_attempted',
        meaning: 'Nothing was sent: the embedded sandbox is gone, it ended with its process.',
      }
}
