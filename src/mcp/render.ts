import * as z from 'zod'
import type { Environment } from '../domain/account.ts'
import { harmless, quote } from '../domain/untrusted.ts'
import { type Clean, type CleanObject, cleanData, mostOf, ownWords } from './cleaning.ts'
import { environmentMeta, sandboxLine } from './environment.ts'
import { fieldsOf, inOrder, namesInOrder } from './shown-fields.ts'

/** The answer to a tools/call, whichever revision of the protocol it goes out in. */
export type ToolResult = {
  /** The answer as data; absent where the call failed, because clients hold it against the output schema. */
  structuredContent?: CleanObject
  content: { type: 'text'; text: string }[]
  isError?: true
  _meta: { [name: string]: unknown }
}

/**
 * A tool's plain answer as an MCP result: structured, and the same as a dense text for clients that read only text.
 *
 * @param schema of the answer: both forms keep its order, and its descriptions stand at the head of the columns
 */
export function renderResult(answer: object, environment: Environment, schema?: z.ZodObject): ToolResult {
  const structuredContent = inOrder(cleanData(answer), schema)
  return {
    structuredContent,
    content: [{ type: 'text', text: describe(structuredContent, fieldsOf(schema)).join('\n') }],
    _meta: environmentMeta(environment),
  }
}

type ShapeFields = ReturnType<typeof fieldsOf>

/** A line for each field; lists of objects as tables. */
function describe(answer: CleanObject, fields: ShapeFields): string[] {
  return Object.entries(answer).flatMap(([name, value]) => {
    if (name === 'environment') return value === 'sandbox' ? sandboxLine(value) : [`environment: ${value}`]
    if (name === 'summary' && typeof value === 'string') return [value]
    if (isTable(value)) return table(name, value, fieldsOf(fields?.[name]))
    if (Array.isArray(value))
      return [`${name}:${value.length === 0 ? ' none' : ''}`, ...value.map((line) => cell(line, name))]
    if (isObject(value) && Object.values(value).some((inner) => typeof inner === 'object')) {
      return [`${name}:`, ...describe(value, fieldsOf(fields?.[name]))]
    }
    return [`${name}: ${cell(value, name)}`]
  })
}

/** One header, one line a row; columns that no row fills are left out. */
function table(name: string, objects: CleanObject[], fields: ShapeFields): string[] {
  const { rows, fields: all } = spread(objects, fields)
  const columns = namesInOrder(
    all,
    rows.flatMap((row) => Object.keys(row)),
  )
  const inner = columns.filter((column) => rows.some((row) => isTable(row[column])))
  const plain = columns.filter((column) => !inner.includes(column))
  return [
    `${name} (${rows.length}): ${plain.map((column) => heading(column, all)).join('|')}`,
    ...rows.flatMap((row) => [
      plain.map((column) => cell(row[column], column)).join('|'),
      ...inner.flatMap((column) => {
        const value = row[column]
        return isTable(value) ? table(column, value, fieldsOf(all?.[column])).map((line) => `  ${line}`) : []
      }),
    ]),
  ]
}

/** What a name alone would not tell stands in brackets behind it. */
function heading(column: string, fields: ShapeFields): string {
  const schema = fields?.[column]
  const description = schema instanceof z.ZodType ? schema.description : undefined
  return description === undefined ? column : `${column} (${description})`
}

/** What the carrier knows of a number stands beside what the row says of it, but for what the row says already. */
function spread(rows: CleanObject[], fields: ShapeFields): { rows: CleanObject[]; fields: ShapeFields } {
  if (!rows.some(({ did }) => did !== undefined && isObject(did))) return { rows, fields }
  return {
    rows: rows.map(({ did, ...row }) => {
      if (did === undefined || !isObject(did)) return row
      const besides = Object.entries(did).filter(([name, value]) => row[name] !== value)
      return {
        ...row,
        ...Object.fromEntries(besides.map(([name, value]) => [name in row ? `did.${name}` : name, value])),
      }
    }),
    fields: { ...fields, ...fieldsOf(fields?.did), ...fields },
  }
}

function cell(value: Clean | undefined, name: string): string {
  if (value === undefined) return ''
  if (value === true) return 'yes'
  if (value === false) return 'no'
  if (typeof value === 'string') {
    if (quoted.has(name)) return value === '' ? 'none' : quote(value, mostOf(name))
    return ownWords.has(name) ? value : harmless(value, mostOf(name))
  }
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value)) return value.map((inner) => cell(inner, name)).join(', ')
  const entries = Object.entries(value)
  // A rate center is named with its state: `LOGAN, UT`.
  const between = entries.some(([key]) => key.includes(',')) ? '; ' : ', '
  return entries.map(([key, inner]) => `${harmless(key)}=${cell(inner, key)}`).join(between)
}

/** What others may have written: in quotation marks nothing of it is taken for a fact of ours. */
const quoted: ReadonlySet<string> = new Set([
  'words',
  'refId',
  'cnamName',
  'rows',
  'did.status',
  'endUser',
  'salesRep',
  'portingFrom',
  'client',
  'reason',
])

const isObject = (value: Clean | undefined): value is CleanObject => typeof value === 'object' && !Array.isArray(value)

const isTable = (value: Clean | undefined): value is CleanObject[] =>
  Array.isArray(value) && value.length > 0 && value.every(isObject)
