import type { JournalAccount } from '../domain/account.ts'

import type { Engine, Trx } from './engine.ts'
import { putNo } from './noes.ts'
import { type NewQuestion, openStates, type Question, type TicketUse, type Verdict } from './question.ts'
import { given, keepAccount, newQuestionColumns, numbersShown, questionOf } from './rows.ts'
import { plain } from './settled-columns.ts'

/** Implements `Journal.putQuestion`. */
export function putQuestion(engine: Engine, question: NewQuestion, instead?: string): Promise<Question> {
  return engine.write(async (trx) => {
    await engine.serialize(trx, question.binding)
    const at = question.createdAt
    if (instead !== undefined) await withdraw(trx, at, instead)
    const live = question.kind === 'approval' ? await liveApproval(trx, question.binding, at) : undefined
    if (live) return live
    await keepAccount(trx, question.account)
    await trx.insertInto('questions').values(newQuestionColumns(question)).execute()
    return questionOf(await questions(trx).where('q.id', '=', question.id).executeTakeFirstOrThrow())
  })
}

/** Implements `Journal.question`. */
export async function readQuestion(engine: Engine, id: string): Promise<Question | undefined> {
  const row = await engine.read((trx) => questions(trx).where('q.id', '=', id).executeTakeFirst())
  return row && questionOf(row)
}

/** Implements `Journal.approvalOf`. */
export function readApproval(engine: Engine, binding: string, now: number): Promise<Question | undefined> {
  return engine.read((trx) => liveApproval(trx, binding, now))
}

/** Implements `Journal.approvals`. */
export function readApprovals(engine: Engine, now: number): Promise<Question[]> {
  return engine.read(async (trx) => {
    const rows = await open(questions(trx), now)
      .where('q.kind', '=', 'approval')
      .orderBy('q.created_at')
      .orderBy('q.id')
      .execute()
    return rows.map(questionOf)
  })
}

/** Implements `Journal.answerQuestion`. */
export function answerQuestion(
  engine: Engine,
  id: string,
  judge: (question: Question) => Verdict | undefined,
): Promise<Question | undefined> {
  return engine.write(async (trx) => {
    const question = await holdQuestion(trx, id)
    const verdict = question && judge(question)
    if (question === undefined || verdict === undefined) return question
    const after = judged(question, verdict)
    await trx
      .updateTable('questions')
      .set({
        state: after.state,
        wrong: after.wrong,
        put_at: after.putAt,
        expires_at: after.expiresAt,
        said_by: after.by === undefined ? null : plain(after.by),
        ended_at: after.endedAt ?? null,
      })
      .where('id', '=', id)
      .execute()
    if (verdict.no) {
      const { account, tool, caller, shown } = question
      const { no, at, by = caller } = verdict
      await putNo(trx, { ...no, account, tool, tns: shown.map(({ tn }) => tn), by, at })
    }
    return after
  })
}

/**
 * Reads a question as it stands, and keeps everybody else from judging or spending it until this transaction ends. Its row
 * is written, though not changed: that locks it on both engines.
 */
export async function holdQuestion(trx: Trx, id: string): Promise<Question | undefined> {
  await trx
    .updateTable('questions')
    .set((eb) => ({ state: eb.ref('state') }))
    .where('id', '=', id)
    .execute()
  const row = await questions(trx).where('q.id', '=', id).executeTakeFirst()
  return row && questionOf(row)
}

/** Closes a question as spent, by this operation. */
export async function spendQuestion(trx: Trx, id: string, operationId: string, at: number): Promise<void> {
  await trx
    .updateTable('questions')
    .set({ state: 'spent', operation_id: operationId, ended_at: at })
    .where('id', '=', id)
    .execute()
}

/** Withdraws this open question, or every open one: another takes its place, or nobody knows what it was spent on. */
export async function withdraw(trx: Trx, at: number, id?: string): Promise<void> {
  await trx
    .updateTable('questions')
    .set({ state: 'withdrawn', ended_at: at })
    .where('state', 'in', openStates)
    .$if(id !== undefined, (query) => query.where('id', '=', id ?? ''))
    .execute()
}

const hour = 60 * 60_000

/** Implements `Journal.ticketUse`, inside a transaction. */
export async function readTicketUse(trx: Trx, of: TicketUseOf, now: number): Promise<TicketUse> {
  const ofTool = trx.selectFrom('questions as q').select('q.shown').where('q.tool', '=', of.tool)
  const tickets = ofTool
    .where('q.kind', '=', 'ticket')
    .where('q.account_id', '=', of.account.id)
    .where('q.caller', '=', plain(of.caller))
  const spent = await tickets
    .where('q.state', '=', 'spent')
    .where('q.ended_at', '>', now - hour)
    .execute()
  const standing = await tickets.where('q.state', '=', 'given').where('q.expires_at', '>', now).execute()
  const { place } = of.account
  const waiting = await ofTool
    .where('q.kind', '=', 'approval')
    .where('q.state', '=', 'waiting')
    .where('q.expires_at', '>', now)
    .where('q.account_id', 'in', (eb) => eb.selectFrom('accounts').select('id').where('place', '=', place))
    .execute()
  return { spent: numbersShown(spent), given: numbersShown(standing), waiting: numbersShown(waiting) }
}

/** The tickets that are counted: whose they are, and for which tool. */
export interface TicketUseOf {
  account: JournalAccount
  caller: string
  tool: string
}

function judged(question: Question, verdict: Verdict): Question {
  const { state, at, wrong = question.wrong, putAt = question.putAt, expiresAt = question.expiresAt } = verdict
  const isOpen = openStates.some((one) => one === state)
  const by = verdict.by ?? question.by
  return given<Question>({ ...question, state, wrong, putAt, expiresAt, by, endedAt: isOpen ? undefined : at })
}

/**
 * Reads the approval of this binding that can still be answered or spent; spent, denied and expired ones are passed over.
 */
async function liveApproval(trx: Trx, binding: string, now: number): Promise<Question | undefined> {
  const row = await open(questions(trx), now)
    .where('q.kind', '=', 'approval')
    .where('q.binding', '=', binding)
    .executeTakeFirst()
  return row && questionOf(row)
}

type Questions = ReturnType<typeof questions>

function open(query: Questions, now: number): Questions {
  return query.where('q.state', 'in', openStates).where('q.expires_at', '>', now)
}

function questions(trx: Trx) {
  return trx
    .selectFrom('questions as q')
    .innerJoin('accounts as a', 'a.id', 'q.account_id')
    .selectAll('q')
    .select(['a.place', 'a.environment', 'a.label', 'a.instance'])
}
