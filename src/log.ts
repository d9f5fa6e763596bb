import { createRequire } from 'node:module'
import { sourceStack } from './stack.ts'

/** Lines for whoever runs the server: one JSON object each, on stderr, because stdout belongs to the protocol. */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

export type LogFields = Readonly<Record<string, unknown>>

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export interface LogOptions {
  level: LogLevel
  /** Takes out of a text what no line may show. */
  hide(text: string): string
  /** Takes a line, with its newline. Never throws; false where the line was not taken. */
  write(line: string): boolean
}

/** A logger that never throws, whatever is logged. Lines that nobody took are counted in the next one that is. */
export function createLogger({ level, hide, write }: LogOptions): Logger {
  let pino: ReturnType<typeof openPino> | undefined
  let taken = true
  let lost = 0
  const wanted = order.slice(order.indexOf(level))
  const at = (severity: LogLevel) => (message: string, fields?: LogFields) => {
    if (!wanted.includes(severity)) return
    pino ??= openPino(level, (line) => {
      taken = write(line)
    })
    if (lost > 0) pino[severity]({ lines: lost }, 'lines of this log were lost: nobody read them in time')
    if (taken) lost = 0
    if (fields === undefined) pino[severity](hide(message))
    else pino[severity](plain(fields, hide, []), hide(message))
    if (!taken) lost++
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

const order: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

/** Loaded with the first line that is written: most starts write none before the client has its tools. */
function openPino(level: LogLevel, write: (line: string) => void) {
  const { pino } = createRequire(import.meta.url)('pino') as typeof import('pino')
  const options = {
    level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    // A field may be called `msg` or `time`: under a key of its own it doubles none of the line's.
    nestedKey: 'fields',
  }
  return pino(options, { write })
}

const redacted = '[redacted]'

/** Keys, in lower case and without punctuation, whose values are never shown. */
const secretKeys: ReadonlySet<string> = new Set([
  'secret',
  'password',
  'authorization',
  'cookie',
  'setcookie',
  'token',
  'ticket',
  'databaseurl',
  'didmcpsecret',
  'didmcpdatabaseurl',
])

function isSecretKey(key: string): boolean {
  return secretKeys.has(key.toLowerCase().replace(/[^a-z]/g, ''))
}

const maxDepth = 8
const maxItems = 100
const maxText = 10_000

/** A value as plain JSON data, bounded, secrets redacted by key and by value; `above` holds the objects it lies in. */
function plain(value: unknown, hide: (text: string) => string, above: readonly object[]): unknown {
  if (typeof value === 'string') return hide(value).slice(0, maxText)
  if (typeof value === 'bigint' || typeof value === 'symbol') return hide(String(value))
  if (typeof value === 'function') return '[function]'
  if (typeof value !== 'object' || value === null) return value
  if (above.includes(value)) return '[circular]'
  if (above.length >= maxDepth) return '[deeper]'
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (value instanceof Date || value instanceof URL) return hide(String(value.toJSON()))
  const inside = [...above, value]
  if (Array.isArray(value)) return value.slice(0, maxItems).map((item) => plain(item, hide, inside))
  return Object.fromEntries(
    entries(value).map(([key, item]) => [hide(key), isSecretKey(key) ? redacted : plain(item, hide, inside)]),
  )
}

function entries(value: object): [string, unknown][] {
  try {
    // Name, message and stack alone: what libraries hang on their errors is the request, secret included.
    if (value instanceof Error) {
      const { name, message, stack } = value
      return Object.entries({ name, message, stack: stack && sourceStack(stack) })
    }
    return Object.entries(value).slice(0, maxItems)
  } catch {
    // A getter that throws.
    return [['unreadable', true]]
  }
}
