import type { JournalAccount } from '../domain/account.ts'
import type { Engine, Trx } from './engine.ts'
import type { NewNo, No } from './journal.ts'
import { noOf } from './rows.ts'
import { plain } from './settled-columns.ts'

/** Implements `Journal.noes`; without account, tool and numbers it reads every no in force, those that end first first. */
export function readNoes(engine: Engine, now: number, on?: NoesOn): Promise<No[]> {
  return engine.read((trx) => noesOn(trx, now, on))
}

interface NoesOn {
  account: JournalAccount
  tool: string
  tns: readonly string[]
}

/** Reads the noes in force inside a transaction that does more. */
export async function noesOn(trx: Trx, now: number, on?: NoesOn): Promise<No[]> {
  if (on?.tns.length === 0) return []
  let noes = trx.selectFrom('noes').selectAll().where('until', '>', now)
  if (on) {
    const { place } = on.account
    noes = noes
      .where('account_id', 'in', (eb) => eb.selectFrom('accounts').select('id').where('place', '=', place))
      .where('tool', '=', on.tool)
      .where('tn', 'in', on.tns)
  }
  const rows = await noes.orderBy('until').orderBy('no_id').orderBy('tn').execute()
  return rows.map(noOf)
}

/** Makes a no stand on its numbers, in the transaction that closes the question it was said to. */
export async function putNo(trx: Trx, no: NewNo): Promise<void> {
  if (no.tns.length === 0) return
  const columns = { no_id: no.id, account_id: no.account.id, tool: no.tool, said_by: plain(no.by) }
  await trx
    .insertInto('noes')
    .values(no.tns.map((tn) => ({ ...columns, tn, said_at: no.at, until: no.until })))
    .execute()
}

export function liftNo(engine: Engine, noId: string): Promise<boolean> {
  return engine.write(async (trx) => {
    const lifted = await trx.deleteFrom('noes').where('no_id', '=', noId).executeTakeFirst()
    return lifted.numDeletedRows > 0
  })
}
