import { type Client, resolvePlace, type System } from '../clients/clients.ts'
import type { Machine } from '../config/machine.ts'
import { isOurs } from '../config/variables.ts'
import type { Finding } from './check.ts'
import { readClientFile } from './client-file.ts'

/** The way a client starts did-mcp, as its configuration says. */
export interface Launch {
  client: Client
  file: string
  /** The entry's name. */
  name: string
  /** The command, with the client's placeholders filled in where that can be known here. */
  command: string
  args: readonly string[]
  env: Readonly<Record<string, unknown>>
}

/**
 * The entry that launches did-mcp, and what was seen while it was looked for. Where there is no launch, a finding says why.
 */
export interface Found {
  findings: readonly Finding[]
  launch?: Launch
}

/**
 * Finds the entry that launches did-mcp in the client's files on this system, the person's own file first.
 *
 * @param own this program: its path, by which an entry is known whatever its folder is called, and how a person starts it
 */
export async function findLaunch(
  client: Client,
  own: { program: string; call: string },
  system: System,
  machine: Machine,
): Promise<Found> {
  const paths = client.places[system.platform].flatMap((place) => resolvePlace(place, system))
  const files = paths.filter((path) => machine.stamp(path) !== undefined)
  const next = 'This prints an entry, and where it goes:'
  const run = `${own.call} config ${client.name}`
  if (files.length === 0) {
    const what = `${client.title} has no configuration here: ${paths.join(', ')}`
    return { findings: [{ verdict: 'failed', what, next, run }] }
  }
  const findings: Finding[] = []
  const entries: Entry[] = []
  for (const file of files) {
    const { json, finding } = await readClientFile(client, file, machine)
    entries.push(...entriesOf(client, file, json, system.folder))
    if (finding !== undefined) findings.push(finding)
    const stray = partsOf(json, system.folder).flatMap((part) => [part.env, object(part[client.key]).env])
    const names = stray.flatMap((env) => Object.keys(object(env))).filter(isOurs)
    if (names.length > 0) {
      const what = `in ${file} "env" stands outside of the entry, so the server is not given ${names.join(', ')}`
      findings.push({ verdict: 'warning', what, next: 'Move it into the entry, after "args".' })
    }
  }
  const ours = entries.filter(({ value }) => launchesUs(value, own.program))
  const [entry, ...others] = ours.length > 0 ? ours : entries.filter(({ name }) => /^did(-mcp)?$/i.test(name))
  if (entry === undefined && findings.some(({ verdict }) => verdict === 'failed')) return { findings }
  if (entry === undefined) {
    const what = `no entry under "${client.key}" launches did-mcp: ${files.join(', ')}`
    const bundle =
      client.name === 'claude-desktop' ? 'An installed bundle stands elsewhere: Settings, Extensions. ' : ''
    return { findings: [...findings, { verdict: 'failed', what, next: `${bundle}${next}`, run }] }
  }
  findings.push({ verdict: 'ok', what: `${entry.file}, entry "${entry.name}"` })
  for (const { file, name } of others) {
    const what = `"${name}" in ${file} launches did-mcp too`
    findings.push({ verdict: 'warning', what, next: 'Keep one of them: with two, each tool stands there twice.' })
  }
  return { findings, launch: launchOf(client, entry, system) }
}

interface Entry {
  file: string
  name: string
  value: { readonly [key: string]: unknown }
}

/**
 * The parts of a client's file that may hold entries: Claude Code keeps a person's own entries for one folder beside those
 * for all.
 */
function partsOf(json: unknown, folder: string) {
  return [object(object(object(json).projects)[folder]), object(json)]
}

function entriesOf(client: Client, file: string, json: unknown, folder: string): Entry[] {
  return partsOf(json, folder).flatMap((part) =>
    Object.entries(object(part[client.key])).map(([name, value]) => ({ file, name, value: plainEntry(object(value)) })),
  )
}

/**
 * Brings an entry to the form that most clients write. opencode has command and arguments in one list, and calls `env`
 * `environment`.
 */
function plainEntry({ command, environment, ...value }: Entry['value']): Entry['value'] {
  if (!Array.isArray(command)) return { ...value, ...(command !== undefined && { command }) }
  const [program, ...args] = command
  return { ...value, command: program, args, ...(environment !== undefined && { env: environment }) }
}

function launchesUs({ command, args }: Entry['value'], program: string): boolean {
  const known = /(^|[/])did-mcp(@[^/]*|[/].*)?$/
  return [command, ...list(args)].some((word) => typeof word === 'string' && (word === program || known.test(word)))
}

function launchOf(client: Client, { file, name, value }: Entry, system: System): Launch {
  const fill = (text: unknown) => filled(String(text), client, system)
  return {
    client,
    file,
    name,
    command: value.command === undefined ? '' : fill(value.command),
    args: list(value.args).map(fill),
    env: Object.fromEntries(
      Object.entries(object(value.env)).map(([key, text]) => [key, typeof text === 'string' ? fill(text) : text]),
    ),
  }
}

/**
 * Fills in a client's own placeholders. A placeholder that only the client knows stays as it stands, as does a variable that
 * is not set here: the client has an environment of its own, which cannot be seen from here.
 */
function filled(text: string, client: Client, { env, home, folder }: System): string {
  switch (client.variable) {
    case 'claude':
      return text.replace(/\$\{(\w+)(?::-([^}]*))?\}/g, (whole, name, otherwise) => env[name] ?? otherwise ?? whole)
    case 'shell':
      return text.replace(/\$\{(\w+)\}|\$(\w+)/g, (whole, braced, bare) => env[braced ?? bare] ?? whole)
    case '{env:':
      return text.replace(/\{env:(\w+)\}/g, (whole, name) => env[name] ?? whole)
    case 'env:':
      return text
        .replace(/\$\{env:(\w+)\}/g, (whole, name) => env[name] ?? whole)
        .replace(/\$\{userHome\}/g, () => home)
        .replace(/\$\{workspaceFolder\}/g, () => folder)
    default:
      return text
  }
}

function object(value: unknown): { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
