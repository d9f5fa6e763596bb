import { randomUUID } from 'node:crypto'
import { closeSync, fchmodSync, fsyncSync, lstatSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { readConfiguration, wronglySet } from '../app/configuration.ts'
import { openCarrier } from '../app/open-carrier.ts'
import type { CarrierReads, Unreadable } from '../carrier/carrier.ts'
import { CarrierError } from '../carrier/errors.ts'
import { quote } from '../domain/untrusted.ts'
import { csvHeadings, csvLine, csvOfUnreadable } from '../listings/csv.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { whyNotWritten } from '../terminal/why-not-written.ts'

export interface AuditOptions {
  /** The file to write. */
  csv: string
  /** Whether a file of that name may be replaced. */
  force: boolean
}

/**
 * `did-mcp audit --csv FILE`: the whole account as CSV, whatever its size, in the carrier's order, each number once; what
 * could not be read stands at the end as it came. The file is written
 * beside its name and gets it when it is whole; one that it replaces leaves it its permissions.
 *
 * @returns 0; 1 where nothing was written, 2 where the configuration is wrong.
 */
export async function audit(
  options: AuditOptions,
  env: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<number> {
  const config = readConfiguration(env, terminal.fail)
  if (config === undefined) return wronglySet
  const carrier = openCarrier(config)
  const stop = new AbortController()
  const interrupted = () => stop.abort()
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  const file = resolve(options.csv)
  try {
    const progress = (rows: number) => terminal.progress(`${rows} numbers read`)
    const written = await write(carrier, file, options.force, stop.signal, progress)
    const whose = carrier.account.environment === 'sandbox' ? ' of the sandbox (none of them is real)' : ''
    terminal.print(`${count(written.numbers, 'number')}${whose} written to ${file}`)
    for (const line of oddities(written)) terminal.print(line)
    return 0
  } catch (error) {
    terminal.fail(
      stop.signal.aborted ? 'Cancelled; nothing was written.' : `No file was written: ${reason(error, file)}`,
    )
    return 1
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted)
    await carrier.close()
  }
}

/** What stands in the file, and what came otherwise than one row a number. */
interface Written {
  numbers: number
  /** Rows that are not in it, because an earlier one names the same number. */
  doubled: number
  /** Those that could not be read; the first of them are in it as they came. */
  unreadable: Unreadable | undefined
  /** The carrier's words about the whole. */
  words?: string | undefined
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

async function write(
  carrier: CarrierReads,
  file: string,
  force: boolean,
  signal: AbortSignal,
  progress: (rows: number) => void,
): Promise<Written> {
  permissionsOf(file, force)
  const partial = `${file}.${randomUUID().slice(0, 8)}.part`
  const descriptor = openSync(partial, 'wx', 0o600)
  let waiting = csvHeadings()
  // A number is ten digits, and so exact.
  const numbers = new Set<number>()
  let rows = 0
  const flush = () => {
    // Not writeSync: on a disk that fills up it writes a part, says nothing, and the file would be cut.
    writeFileSync(descriptor, waiting)
    waiting = ''
  }
  try {
    const listed = await carrier.auditDIDs(
      (did) => {
        const before = numbers.size
        numbers.add(Number(did.tn))
        if (numbers.size > before) waiting += csvLine(did)
        if (waiting.length > mostWaiting) flush()
        if (++rows % rowsBetweenProgress === 0) progress(rows)
      },
      { signal },
    )
    if (listed.unreadable) waiting += csvOfUnreadable(listed.unreadable)
    flush()
    const permissions = permissionsOf(file, force)
    if (permissions !== undefined) fchmodSync(descriptor, permissions)
    fsyncSync(descriptor)
    renameSync(partial, file)
    return {
      numbers: numbers.size,
      doubled: rows - numbers.size,
      unreadable: listed.unreadable,
      words: listed.message,
    }
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  } finally {
    closeSync(descriptor)
  }
}

/**
 * Those of the file that is to be replaced; undefined where there is none.
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
