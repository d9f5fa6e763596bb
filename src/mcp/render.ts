import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import type { Environment } from '../carrier/carrier.ts'
import { harmless, quote, visible } from '../carrier/untrusted.ts'
import { environmentMeta, sandboxLine } from './environment.ts'

/** A tool's plain answer as an MCP result: structured, and the same as a dense text for clients that read only text. */
export function renderResult(answer: object, environment: Environment): CallToolResult {
  const structuredContent = clean(answer)
  return {
    structuredContent,
    content: [{ type: 'text', text: [...describe(structuredContent), ...sandboxLine(environment)].join('\n') }],
    _meta: environmentMeta(environment),
  }
}

/** A line for each field; lists of objects as tables. */
function describe(answer: Structured): string[] {
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
function table(name: string, rows: Structured[]): string[] {
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

function cell(value: Value | undefined, name: string): string {
  if (value === undefined) return ''
  if (value === true) return 'yes'
  if (value === false) return 'no'
  if (name === 'words' && typeof value === 'string') return quote(value)
  if (typeof value === 'string') return ownWords.has(name) ? value : harmless(value, mostOf(name))
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value)) return value.map((inner) => cell(inner, name)).join(', ')
  return Object.entries(value)
    .map(([key, inner]) => `${harmless(key)}=${cell(inner, key)}`)
    .join(', ')
}

/** Our own fields: nothing of the carrier's or a model's is in them that is not harmless already. */
const ownWords = new Set([
  'summary',
  'preview',
  'nextCursor',
  'ticket',
  'approvalId',
  'operationId',
  'id',
  'caller',
  'account',
])

/** How much of a field is shown, characters. */
function mostOf(name: string): number {
  if (ownWords.has(name)) return mostOwn
  return name === 'meaning' ? mostMeaning : mostShown
}

const mostShown = 200
/** Above the longest: what the carrier answered, what to do, and what was seen since. */
const mostMeaning = 500
/** Of our own texts; far above any of them. */
const mostOwn = 4_000

type Value = string | number | boolean | Value[] | Structured
interface Structured {
  [name: string]: Value
}

/** Law 6 of the house: what cannot be seen is stripped from every text, and none is longer than it may be. */
function clean(value: object): Structured {
  const cleaned: [string, Value][] = []
  for (const [key, inner] of Object.entries(value) as [string, unknown][]) {
    const kept = cleanValue(inner, key)
    if (kept !== undefined) cleaned.push([visible(key), kept])
  }
  return Object.fromEntries(cleaned)
}

function cleanValue(value: unknown, name: string): Value | undefined {
  if (typeof value === 'string') return visible(value, mostOf(name))
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.flatMap((inner) => cleanValue(inner, name) ?? [])
  return typeof value === 'object' && value !== null ? clean(value) : undefined
}

const isObject = (value: Value | undefined): value is Structured => typeof value === 'object' && !Array.isArray(value)

const isTable = (value: Value | undefined): value is Structured[] =>
  Array.isArray(value) && value.length > 0 && value.every(isObject)
