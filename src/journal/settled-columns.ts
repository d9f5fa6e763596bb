import type { Outcome, Own, Seen, Settled } from './operation.ts'

/** What a settlement says of a number, without which number it is. */
type Settlement = Omit<Settled<Own>, 'tn'>

/** How a field lies in its column, and how it is read back; null says nothing. */
interface Kept<Value, Column> {
  toColumn(value: Value | undefined): Column
  fromColumn(column: Column): Value | undefined
}

/**
 * The fields of a settlement, each once. Its column's type and name, what is written, what overwrites an older settlement
 * and what is read back all follow from this table, so that none of them can forget a field.
 */
const fields = {
  outcome: word<Outcome>(),
  code: number(),
  meaning: text(),
  words: text(),
  after: json<Own>(),
  heldUntil: number(),
  inferred: flag(),
  fencedUntil: number(),
  seen: json<Seen<Own>>(),
  resolvedBy: text(),
  late: flag(),
} satisfies { readonly [field in keyof Required<Settlement>]: Kept<NonNullable<Settlement[field]>, unknown> }

type SettledFields = typeof fields

/** The columns of `numbers` that a settlement writes, all of them at once. */
export type SettledColumns = {
  [field in keyof SettledFields as ColumnName<field>]: ReturnType<SettledFields[field]['toColumn']>
}

/** The column's name for a field's: `heldUntil` lies in `held_until`. */
type ColumnName<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${ColumnName<Rest>}`
  : Name

const columnName = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const table = (Object.entries(fields) as [keyof Settlement, Kept<unknown, unknown>][]).map(([field, kept]) => {
  return { field, column: columnName(field) as keyof SettledColumns, kept }
})

/** The names of the columns that a settlement writes. */
export const settledColumnNames: readonly (keyof SettledColumns)[] = table.map(({ column }) => column)

/** All columns of a settlement: what it does not say is null, so it replaces the older one whole. */
export function settledColumns(settled: Settlement): SettledColumns {
  return Object.fromEntries(
    table.map(({ field, column, kept }) => [column, kept.toColumn(settled[field])]),
  ) as unknown as SettledColumns
}

/** The settlement in a row of `numbers`; without an outcome where the number is open. */
export function settledOf(columns: SettledColumns): Partial<Settlement> {
  return Object.fromEntries(table.map(({ field, column, kept }) => [field, kept.fromColumn(columns[column])]))
}

/** Free text as both engines can hold it: PostgreSQL refuses a NUL, and libsql cuts the text at it. */
export function plain(value: string): string {
  return value.replaceAll('\0', '')
}

function text(): Kept<string, string | null> {
  return {
    toColumn: (value) => (value === undefined ? null : plain(value)),
    fromColumn: (column) => column ?? undefined,
  }
}

function word<Word extends string>(): Kept<Word, Word | null> {
  return { toColumn: (value) => value ?? null, fromColumn: (column) => column ?? undefined }
}

function number(): Kept<number, number | null> {
  return { toColumn: (value) => value ?? null, fromColumn: (column) => column ?? undefined }
}

/** A flag's column: 1 for true, 0 for all else, because SQLite has no booleans. */
function flag(): Kept<boolean, number> {
  return { toColumn: (value) => (value ? 1 : 0), fromColumn: (column) => column === 1 || undefined }
}

function json<Value extends object>(): Kept<Value, string | null> {
  return {
    toColumn: (value) => (value === undefined ? null : JSON.stringify(value)),
    fromColumn: (column) => (column === null ? undefined : (JSON.parse(column) as Value)),
  }
}
