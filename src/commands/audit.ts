import { randomUUID } from 'node:crypto'
import { closeSync, fchmodSync, fsyncSync, lstatSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { readConfiguration, wronglySet } from '../app/configuration.ts'
import { openCarrier } from '../app/open-carrier.ts'
import type { Unreadable } from '../carrier/asking.ts'
import type { CarrierReads, Did } from '../carrier/carrier.ts'
import { CarrierError } from '../carrier/errors.ts'
import { type Account, journalAccount } from '../domain/account.ts'
import { quote } from '../domain/untrusted.ts'
import { csvHeadings, csvLine, csvOfUnreadable } from '../listings/csv.ts'
import { versioned } from '../terminal/json.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { whyNotWritten } from '../terminal/why-not-written.ts'

export interface AuditOptions {
  /** The file to write, or `-` for the standard output; absent with `json`. */
  csv?: string | undefined
  /** True for JSON on the standard output. */
  json: boolean
  /** Whether a file of that name may be replaced. */
  force: boolean
}

/**
 * `did-mcp audit`: the whole account, whatever its size, in the carrier's order, each number once; what could not be read
 * stands at the end as it came. Where it cannot be had whole, nothing of it is written or printed. A file is written
 * beside its name and gets it when it is whole; one that it replaces leaves it its permissions.
 *
 * @returns 0; 1 where nothing was written, 2 where the configuration is wrong.
 */
export async function audit(
  { csv, json, force }: AuditOptions,
  env: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<number> {
  const config = readConfiguration(env, terminal.fail)
  if (config === undefined) return wronglySet
  const carrier = openCarrier(config)
  const stop = new AbortController()
  const interrupted = () => stop.abort()
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  const file = json || csv === undefined || csv === '-' ? undefined : resolve(csv)
  // A table on the standard output is all that may stand there.
  const say = file === undefined ? terminal.fail : terminal.print
  try {
    const sink =
      file !== undefined ? fileSink(file, force) : json ? jsonSink(carrier.account, terminal) : csvSink(terminal)
    const written = await pour(carrier, sink, stop.signal, terminal)
    const whose = carrier.account.environment === 'sandbox' ? ' of the sandbox (none of them is real)' : ''
    say(`${count(written.numbers, 'number')}${whose} written${file === undefined ? '' : ` to ${file}`}`)
    for (const line of oddities(written)) say(line)
    return 0
  } catch (error) {
    const none = file === undefined ? 'Nothing was written' : 'No file was written'
    terminal.fail(stop.signal.aborted ? 'Cancelled; nothing was written.' : `${none}: ${reason(error, file ?? '')}`)
    return 1
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted)
    await carrier.close()
  }
}

/** What was written, and what came otherwise than one row a number. */
interface Written {
  numbers: number
  /** Rows that are not in it, because an earlier one names the same number. */
  doubled: number
  /** The rows that could not be read; the first of them are in it as they came. */
  unreadable: Unreadable | undefined
  /** The carrier's words about the whole. */
  words?: string | undefined
}

/** The place that numbers go to. One of `end` and `drop` is called last. */
interface Sink {
  put(did: Did): void
  end(written: Written): void
  drop(): void
}

function oddities({ doubled, unreadable, words }: Written): string[] {
  const named = count(doubled, 'row')
  return [
    ...(doubled > 0 ? [`${named} came for a number that had come before; each number stands in it once`] : []),
    ...(unreadable ? [unreadableInWords(unreadable)] : []),
    ...(words === undefined ? [] : [`The carrier says: ${quote(words)}`]),
  ]
}

function unreadableInWords({ count: many, rows }: Unreadable): string {
  const which = many > rows.length ? `the first ${rows.length} of them stand` : many === 1 ? 'it stands' : 'they stand'
  return `${count(many, 'row')} could not be read; ${which} at the end, without a number, as ${many === 1 ? 'it' : 'they'} came`
}

const count = (many: number, what: string): string => `${many} ${what}${many === 1 ? '' : 's'}`

async function pour(carrier: CarrierReads, sink: Sink, signal: AbortSignal, terminal: Terminal): Promise<Written> {
  // A number is ten digits, and so exact.
  const numbers = new Set<number>()
  let rows = 0
  try {
    const listed = await carrier.auditDIDs(
      (did) => {
        const before = numbers.size
        numbers.add(Number(did.tn))
        if (numbers.size > before) sink.put(did)
        if (++rows % rowsBetweenProgress === 0) terminal.progress(`${rows} numbers read`)
      },
      { signal },
    )
    const { unreadable, message: words } = listed
    const written = { numbers: numbers.size, doubled: rows - numbers.size, unreadable, words }
    sink.end(written)
    return written
  } catch (error) {
    sink.drop()
    throw error
  }
}

/** A file that has its name only when it is whole. */
function fileSink(file: string, force: boolean): Sink {
  permissionsOf(file, force)
  const partial = `${file}.${randomUUID().slice(0, 8)}.part`
  const descriptor = openSync(partial, 'wx', 0o600)
  let waiting = csvHeadings()
  const flush = () => {
    // Not writeSync: on a disk that fills up it writes a part, says nothing, and the file would be cut.
    writeFileSync(descriptor, waiting)
    waiting = ''
  }
  return {
    put(did) {
      waiting += csvLine(did)
      if (waiting.length > mostWaiting) flush()
    },
    end({ unreadable }) {
      if (unreadable) waiting += csvOfUnreadable(unreadable)
      flush()
      const permissions = permissionsOf(file, force)
      if (permissions !== undefined) fchmodSync(descriptor, permissions)
      fsyncSync(descriptor)
      renameSync(partial, file)
      closeSync(descriptor)
    },
    drop() {
      rmSync(partial, { force: true })
      try {
        closeSync(descriptor)
      } catch {
        // It was closed with the file's end.
      }
    },
  }
}

/** The standard output, which gets nothing before the whole is here. */
function csvSink({ write }: Terminal): Sink {
  const parts = [csvHeadings()]
  return {
    put: (did) => void parts.push(csvLine(did)),
    end({ unreadable }) {
      for (const part of parts) write(part)
      if (unreadable) write(csvOfUnreadable(unreadable))
    },
    drop: () => undefined,
  }
}

function jsonSink(account: Account, { print }: Terminal): Sink {
  const dids: Did[] = []
  return {
    put: (did) => void dids.push(did),
    end: ({ numbers: total, doubled, unreadable, words }) =>
      print(
        versioned({
          environment: account.environment,
          account: journalAccount(account).label,
          total,
          doubled,
          unreadable,
          words,
          dids,
        }),
      ),
    drop: () => undefined,
  }
}

/**
 * The permissions of the file that is to be replaced; undefined where there is none.
 *
 * @throws Error in a person's words where there is something that must not be replaced
 */
function permissionsOf(file: string, force: boolean): number | undefined {
  const stats = lstatSync(file, { throwIfNoEntry: false })
  if (stats === undefined) return undefined
  if (stats.isDirectory()) throw new Error(`${file} is a folder. Name a file in it.`)
  if (stats.isSymbolicLink()) throw new Error(`${file} is a link. Name the file that it leads to.`)
  if (!stats.isFile()) throw new Error(`${file} is no regular file. Choose another name.`)
  if (!force) throw new Error(`${file} exists. Choose another name, or replace it with --force.`)
  return stats.mode & 0o777
}

/** Characters that are held back before they are written. */
const mostWaiting = 65_536

const rowsBetweenProgress = 1000

function reason(error: unknown, file: string): string {
  return error instanceof CarrierError ? error.message : whyNotWritten(error, file)
}
