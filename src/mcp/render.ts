import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import type { Environment } from '../domain/account.ts'
import { harmless, quote } from '../domain/untrusted.ts'
import { type Clean, type CleanObject, cleanData, mostOf, ownWords } from './cleaning.ts'
import { environmentMeta, sandboxLine } from './environment.ts'

/** A tool's plain answer as an MCP result: structured, and the same as a dense text for clients that read only text. */
export function renderResult(answer: object, environment: Environment): CallToolResult {
  const structuredContent = cleanData(answer)
  return {
    structuredContent,
    content: [{ type: 'text', text: [...describe(structuredContent), ...sandboxLine(environment)].join('\n') }],
    _meta: environmentMeta(environment),
  }
}

/** A line for each field; lists of objects as tables. */
function describe(answer: CleanObject): string[] {
  return Object.entries(answer).flatMap(([name, value]) => {
    // Sandbox is said once, in the last line.
    if (name === 'environment') return value === 'sandbox' ? [] : [`environment: ${value}`]
    if (name === 'summary' && typeof value === 'string') return [value]
    if (isTable(value)) return table(name, value)
    if (Array.isArray(value))
      return [`${name}:${value.length === 0 ? ' none' : ''}`, ...value.map((line) => cell(line, name))]
    if (isObject(value) && Object.values(value).some((inner) => typeof inner === 'object')) {
      return [`${name}:`, ...describe(value)]
    }
    return [`${name}: ${cell(value, name)}`]
  })
}

/** One header, one line a row; columns that no row fills are left out. */
function table(name: string, rows: CleanObject[]): string[] {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const inner = columns.filter((column) => rows.some((row) => isTable(row[column])))
  const plain = columns.filter((column) => !inner.includes(column))
  return [
    `${name} (${rows.length}): ${plain.join('|')}`,
    ...rows.flatMap((row) => [
      plain.map((column) => cell(row[column], column)).join('|'),
      ...inner.flatMap((column) => {
        const value = row[column]
        return isTable(value) ? table(column, value).map((line) => `  ${line}`) : []
      }),
    ]),
  ]
}

function cell(value: Clean | undefined, name: string): string {
  if (value === undefined) return ''
  if (value === true) return 'yes'
  if (value === false) return 'no'
  if (typeof value === 'string') {
    if (quoted.has(name)) return quote(value, mostOf(name))
    return ownWords.has(name) ? value : harmless(value, mostOf(name))
  }
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value)) return value.map((inner) => cell(inner, name)).join(', ')
  return Object.entries(value)
    .map(([key, inner]) => `${harmless(key)}=${cell(inner, key)}`)
    .join(', ')
}

/** What others may have written: in quotation marks nothing of it is taken for a fact of ours. */
const quoted: ReadonlySet<string> = new Set(['words', 'refId', 'cnamName', 'rows'])

const isObject = (value: Clean | undefined): value is CleanObject => typeof value === 'object' && !Array.isArray(value)

const isTable = (value: Clean | undefined): value is CleanObject[] =>
  Array.isArray(value) && value.length > 0 && value.every(isObject)
