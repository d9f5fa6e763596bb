import { closeSync, openSync, readSync } from 'node:fs'
import type { Client, Oddity } from '../clients/clients.ts'
import { placeOf, readJson } from '../clients/lenient-json.ts'
import { type Machine, readingProblem } from '../config/machine.ts'
import type { Finding } from './check.ts'

interface FileRead {
  json?: unknown
  finding?: Finding
}

/**
 * Reads a file as this client would; nothing comes of it where the client cannot. Only places in the file are told, because
 * it may hold secrets.
 */
export async function readClientFile(client: Client, file: string, machine: Machine): Promise<FileRead> {
  const nothing = `so ${client.title} reads nothing of it`
  let text: string
  try {
    text = `${beginsWithMark(file) ? mark : ''}${machine.read(file, mostBytes)}`
  } catch (error) {
    return { finding: { verdict: 'failed', what: `${file}: ${readingProblem(error)}, ${nothing}` } }
  }
  if (client.notation === 'toml') return readToml(text, file, nothing)
  const { value, odd, wrong } = readJson(text)
  const refused = odd.find(({ oddity }) => client.oddities[oddity] === 'refused')
  if (refused !== undefined && refused.at < (wrong ?? text.length)) {
    const { what, next } = oddities[refused.oddity]
    const place = placeOf(text, refused.at)
    const why = `${file} ${what} (${place}), and ${client.title} reads strict JSON, so it reads nothing of it`
    return { finding: { verdict: 'failed', what: why, next } }
  }
  if (wrong !== undefined) {
    const what = `${file} is not JSON (${placeOf(text, wrong)}), ${nothing}`
    const next = singleBackslashes.test(text) ? doubleThem : 'Look for a missing comma, quote or bracket there.'
    return { finding: { verdict: 'failed', what, next } }
  }
  const unsure = odd.find(({ oddity }) => client.oddities[oddity] === 'unsure')
  if (unsure === undefined) return { json: value }
  const { what, next } = oddities[unsure.oddity]
  const doubt = `${file} ${what} (${placeOf(text, unsure.at)}), and ${client.title} may read nothing of it`
  return { json: value, finding: { verdict: 'warning', what: doubt, next } }
}

/** A path of Windows as the Explorer shows it. */
const singleBackslashes = /"[A-Za-z]:\\(?![\\/])/

const doubleThem =
  'A path of Windows stands there with single backslashes, each of which needs another: "C:\\\\Users", or a slash: "C:/Users".'

async function readToml(text: string, file: string, nothing: string): Promise<FileRead> {
  const { parse, TomlError } = await import('smol-toml')
  try {
    return { json: parse(text) }
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    // The parser's own words are left out, because they quote the file.
    const what = `${file} is not TOML (line ${error.line}, column ${error.column}), ${nothing}`
    const next = singleBackslashes.test(text) ? doubleThem : 'Look for a missing quote or bracket there.'
    return { finding: { verdict: 'failed', what, next } }
  }
}

/** The largest file of a client that is read, bytes. Such a file may be large: Claude Code keeps much else in its own. */
const mostBytes = 64 * 2 ** 20

const oddities: { readonly [oddity in Oddity]: Required<Pick<Finding, 'what' | 'next'>> } = {
  comment: { what: 'has a comment', next: 'Take it out.' },
  comma: { what: 'has a comma too many', next: 'Take it out.' },
  'byte order mark': { what: 'begins with a byte order mark', next: 'Save it as UTF-8 without one (BOM).' },
}

const mark = '\uFEFF'

/** Whether a file begins with a byte order mark. It is looked for in the bytes, because decoding leaves it out. */
function beginsWithMark(file: string): boolean {
  const open = openSync(file, 'r')
  try {
    const first = Buffer.alloc(3)
    readSync(open, first, 0, first.length, 0)
    return first.equals(Buffer.from(mark))
  } finally {
    closeSync(open)
  }
}
