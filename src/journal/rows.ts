import type { Insertable, Selectable } from 'kysely'
import type { JournalAccount } from '../domain/account.ts'
import type { Facts, Settings } from '../domain/facts.ts'
import type { Trx } from './engine.ts'
import type { No } from './journal.ts'
import {
  countOutcomes,
  type Intent,
  type IntentRow,
  type Operation,
  type OperationRow,
  type Own,
  type RefusedRow,
  type Settled,
  type Unsettled,
} from './operation.ts'
import type { NewQuestion, Question, ShownFacts } from './question.ts'
import { plain, settledColumns, settledOf } from './settled-columns.ts'
import type { AccountsTable, NoesTable, NumbersTable, OperationsTable, QuestionsTable } from './tables.ts'

/** An operation's columns beside its account's, as one joined row. */
export type OperationColumns = Selectable<OperationsTable> & AccountColumns
/** An account's columns, without its id. */
export type AccountColumns = Pick<Selectable<AccountsTable>, 'place' | 'environment' | 'label' | 'instance'>

/** An operation with its numbers, which come sorted. */
export function operationOf(columns: OperationColumns, numbers: readonly Selectable<NumbersTable>[]): Operation {
  const rows = numbers.map(rowOf)
  return given<Operation>({
    id: columns.id,
    account: accountOf(columns.account_id, columns),
    tool: columns.tool,
    effect: columns.effect,
    caller: columns.caller,
    client: columns.client ?? undefined,
    reason: columns.reason ?? undefined,
    confirmedBy: columns.confirmed_by,
    status: columns.status,
    startedAt: columns.started_at,
    endedAt: columns.ended_at ?? undefined,
    counts: countOutcomes(rows),
    rows,
  })
}

/** Turns one number's columns into the row that the journal's users see. */
export function rowOf(number: Selectable<NumbersTable>): OperationRow {
  return given<OperationRow>({
    tn: number.tn,
    asked: JSON.parse(number.asked) as Settings,
    before: JSON.parse(number.before) as Facts,
    sentAt: number.sent_at ?? undefined,
    ...(settledOf(number) as Partial<Settled>),
  })
}

/** One number beside its operation's own columns. `overtaken` is 0 or 1. */
export function unsettledOf(
  columns: Selectable<NumbersTable> &
    Pick<Selectable<OperationsTable>, 'tool' | 'effect' | 'started_at'> & { overtaken: number },
): Unsettled {
  const { operation_id: operationId, tool, effect, started_at: startedAt } = columns
  return { operationId, tool, effect, startedAt, row: rowOf(columns), overtaken: columns.overtaken === 1 }
}

/** An intent as a row of `operations`, open and this owner's. */
export function intentOperation(intent: Intent, ownerId: string): Insertable<OperationsTable> {
  return {
    id: intent.id,
    account_id: intent.account.id,
    owner_id: ownerId,
    tool: intent.tool,
    effect: intent.effect,
    caller: plain(intent.caller),
    client: text(intent.client),
    reason: text(intent.reason),
    confirmed_by: plain(intent.confirmedBy),
    status: 'open',
    started_at: intent.at,
    ended_at: null,
  }
}

/** One number of an intent as a row of `numbers`, neither sent nor settled. */
export function intentNumber(
  operationId: string,
  { tn, asked, before }: IntentRow<Own, Own>,
): Insertable<NumbersTable> {
  const facts = { asked: JSON.stringify(asked), before: JSON.stringify(before) }
  return { operation_id: operationId, tn, ...facts, inferred: 0, late: 0 }
}

/** One number of an intent that is not sent, as a row of `numbers`, settled. */
export function refusedNumber(
  operationId: string,
  { outcome, code, meaning, after, ...row }: RefusedRow<Own, Own>,
): Insertable<NumbersTable> {
  return { ...intentNumber(operationId, row), ...settledColumns({ outcome, code, meaning, after }) }
}

/** An account as a row of `accounts`. */
function accountColumns({ id, place, environment, label, instance }: JournalAccount): Insertable<AccountsTable> {
  return { id, place, environment, label, instance: instance ?? null }
}

/** A new question as a row of `questions`: a ticket is given, the others wait for their answer. */
export function newQuestionColumns(
  question: NewQuestion,
): Omit<Insertable<QuestionsTable>, 'said_by' | 'ended_at' | 'operation_id'> {
  return {
    id: question.id,
    kind: question.kind,
    account_id: question.account.id,
    caller: plain(question.caller),
    tool: question.tool,
    effect: question.effect,
    binding: question.binding,
    shown: JSON.stringify(question.shown),
    refused: JSON.stringify(question.refused),
    preview: JSON.stringify(question.preview),
    reason: text(question.reason),
    created_at: question.createdAt,
    put_at: question.createdAt,
    expires_at: question.expiresAt,
    state: question.kind === 'ticket' ? 'given' : 'waiting',
    wrong: 0,
  }
}

/** A row of `questions` beside its account's columns. */
export function questionOf(columns: Selectable<QuestionsTable> & AccountColumns): Question {
  return given<Question>({
    id: columns.id,
    kind: columns.kind,
    account: accountOf(columns.account_id, columns),
    caller: columns.caller,
    tool: columns.tool,
    effect: columns.effect,
    binding: columns.binding,
    shown: JSON.parse(columns.shown) as ShownFacts[],
    refused: JSON.parse(columns.refused) as RefusedRow[],
    preview: JSON.parse(columns.preview) as string[],
    reason: columns.reason ?? undefined,
    createdAt: columns.created_at,
    putAt: columns.put_at,
    expiresAt: columns.expires_at,
    state: columns.state,
    wrong: columns.wrong,
    by: columns.said_by ?? undefined,
    endedAt: columns.ended_at ?? undefined,
    operationId: columns.operation_id ?? undefined,
  })
}

/** The numbers that these questions cover, each once. */
export function numbersShown(rows: readonly Pick<Selectable<QuestionsTable>, 'shown'>[]): string[] {
  return [...new Set(rows.flatMap(({ shown }) => (JSON.parse(shown) as ShownFacts[]).map(({ tn }) => tn)))]
}

/** A row of `noes`. */
export function noOf({ no_id: id, tool, tn, said_by: by, until }: Selectable<NoesTable>): No {
  return { id, tool, tn, by, until }
}

function accountOf(id: string, { place, environment, label, instance }: AccountColumns): JournalAccount {
  return given<JournalAccount>({ id, place, environment, label, instance: instance ?? undefined })
}

function text(value: string | undefined): string | null {
  return value === undefined ? null : plain(value)
}

/** Leaves out the keys that are undefined, so that an answer shows only what there is. */
export function given<T extends object>(value: { [key in keyof T]: T[key] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, held]) => held !== undefined)) as T
}

/** An account's row, before whatever refers to it. Its fields follow from its id, so the first writer's stand. */
export async function keepAccount(trx: Trx, account: JournalAccount): Promise<void> {
  await trx
    .insertInto('accounts')
    .values(accountColumns(account))
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}
