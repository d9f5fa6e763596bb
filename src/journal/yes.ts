import type { JournalAccount } from '../domain/account.ts'
import { keepAccount } from './accounts.ts'
import type { Engine, Trx } from './engine.ts'
import type { NewNo, NewYes, No, ShownFacts, Yes } from './journal.ts'
import { noOf, yesColumns, yesOf } from './rows.ts'
import { plain } from './settled-columns.ts'

/** See Journal.issue. */
export function issueYes(engine: Engine, yes: NewYes): Promise<void> {
  return engine.write((trx) => addYes(trx, yes))
}

export function yesById(engine: Engine, id: string): Promise<Yes | undefined> {
  return one(engine, (trx) => yeses(trx).where('y.id', '=', id))
}

export function yesByHash(engine: Engine, hash: string): Promise<Yes | undefined> {
  return one(engine, (trx) => yeses(trx).where('y.hash', '=', hash))
}

/** See Journal.request. Spent, denied and expired ones have said what they had to say. */
export function requestApproval(engine: Engine, yes: NewYes, instead?: string): Promise<Yes> {
  return engine.write(async (trx) => {
    await engine.serialize(trx, yes.binding)
    if (instead !== undefined) {
      await trx
        .updateTable('yeses')
        .set({ expires_at: yes.createdAt })
        .where('id', '=', instead)
        .where('state', 'in', ['waiting', 'given'])
        .execute()
    }
    const live = await yeses(trx)
      .where('y.kind', '=', 'approval')
      .where('y.binding', '=', yes.binding)
      .where('y.state', 'in', ['waiting', 'given'])
      .where('y.expires_at', '>', yes.createdAt)
      .executeTakeFirst()
    if (live) return yesOf(live)
    await addYes(trx, yes)
    return yesOf(await yeses(trx).where('y.id', '=', yes.id).executeTakeFirstOrThrow())
  })
}

/** See Journal.approvals. */
export function liveApprovals(engine: Engine, now: number): Promise<Yes[]> {
  return engine.read(async (trx) => {
    const rows = await yeses(trx)
      .where('y.kind', '=', 'approval')
      .where('y.state', 'in', ['waiting', 'given'])
      .where('y.expires_at', '>', now)
      .orderBy('y.created_at')
      .orderBy('y.id')
      .execute()
    return rows.map(yesOf)
  })
}

/** See Journal.answer. A denial's no has the approval's id, so a person lifts it by the id that was denied. */
export function answerApproval(
  engine: Engine,
  id: string,
  { given, by, at, until }: { given: boolean; by: string; at: number; until: number },
): Promise<boolean> {
  return engine.write(async (trx) => {
    const answered = await trx
      .updateTable('yeses')
      .set({ state: given ? 'given' : 'denied', said_by: plain(by) })
      .where('id', '=', id)
      .where('kind', '=', 'approval')
      .where('state', 'in', given ? ['waiting'] : ['waiting', 'given'])
      .where('expires_at', '>', at)
      .returning(['account_id', 'tool', 'facts'])
      .executeTakeFirst()
    if (!answered) return false
    if (!given) {
      const tns = (JSON.parse(answered.facts) as ShownFacts[]).map(({ tn }) => tn)
      await putNo(trx, { id, tool: answered.tool, tns, by, at, until }, answered.account_id)
    }
    return true
  })
}

export function refuseNumbers(engine: Engine, no: NewNo): Promise<void> {
  return engine.write(async (trx) => {
    await keepAccount(trx, no.account)
    await putNo(trx, no, no.account.id)
  })
}

/** See Journal.noes; without account, tool and numbers every no in force, those that end first first. */
export function noesStanding(engine: Engine, now: number, on?: NoesOn): Promise<No[]> {
  return engine.read((trx) => noesOn(trx, now, on))
}

interface NoesOn {
  account: JournalAccount
  tool: string
  tns: readonly string[]
}

/** The same, inside a transaction that does more. */
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

export function liftNo(engine: Engine, noId: string): Promise<boolean> {
  return engine.write(async (trx) => {
    const lifted = await trx.deleteFrom('noes').where('no_id', '=', noId).executeTakeFirst()
    return lifted.numDeletedRows > 0
  })
}

async function addYes(trx: Trx, yes: NewYes): Promise<void> {
  await keepAccount(trx, yes.account)
  await trx.insertInto('yeses').values(yesColumns(yes)).execute()
}

async function putNo(trx: Trx, no: Omit<NewNo, 'account'>, accountId: string): Promise<void> {
  if (no.tns.length === 0) return
  const columns = { no_id: no.id, account_id: accountId, tool: no.tool, said_by: plain(no.by) }
  await trx
    .insertInto('noes')
    .values(no.tns.map((tn) => ({ ...columns, tn, said_at: no.at, until: no.until })))
    .execute()
}

function yeses(trx: Trx) {
  return trx
    .selectFrom('yeses as y')
    .innerJoin('accounts as a', 'a.id', 'y.account_id')
    .selectAll('y')
    .select(['a.place', 'a.environment', 'a.label', 'a.instance'])
}

async function one(engine: Engine, query: (trx: Trx) => ReturnType<typeof yeses>): Promise<Yes | undefined> {
  const row = await engine.read((trx) => query(trx).executeTakeFirst())
  return row && yesOf(row)
}
