import type { JournalAccount } from '../domain/account.ts'
import type { Trx } from './engine.ts'
import { accountColumns } from './rows.ts'

/** An account's row, before whatever refers to it. Its fields follow from its id, so the first writer's stand. */
export async function keepAccount(trx: Trx, account: JournalAccount): Promise<void> {
  await trx
    .insertInto('accounts')
    .values(accountColumns(account))
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}
