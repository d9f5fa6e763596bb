import { isAbsolute } from 'node:path'
import type { Environment } from '../domain/account.ts'
import { type Hide, hider } from '../domain/hider.ts'
import { isLoopback } from '../domain/loopback.ts'
import type { Toolset } from '../domain/toolset.ts'
import type { PolicyTool } from '../policy/ruling.ts'
import type { PolicySource } from '../policy/source.ts'
import { type Machine, readingProblem } from './machine.ts'
import { openPolicy } from './policy-source.ts'
import { type Env, isCredential, readVariables, type Variables, variableTable } from './variables.ts'

/** The settings from outside, as plain data. A Config exists only where none of them has a problem. */
export interface Config {
  /** The carrier and the login there; undefined: the embedded sandbox is the carrier. */
  carrier: CarrierAccess | undefined
  policy: PolicySource
  /** The absolute path of the folder for state. */
  stateDir: string
  /**
   * The URL of the PostgreSQL database; it holds a password, so it stays out of messages. Undefined: SQLite in `stateDir`.
   */
  databaseUrl: string | undefined
  timeoutMs: { call: number; listing: number }
  /** The most carrier calls in flight. */
  concurrency: number
  logLevel: Variables['DID_MCP_LOG_LEVEL']
  quietSeconds: number
  /** How long operations are kept, days; undefined: for ever. */
  retentionDays: number | undefined
  /** The sets of tools that are offered beside the ten. */
  toolsets: readonly Toolset[]
  /** What `serve` goes by beside. */
  http: ServedOverHttp
}

/** A carrier that is reached over the network, and the login there. */
interface CarrierAccess {
  login: string
  secret: string
  endpoint: string
  environment: Environment
  /** The HTTP proxy on the way, with its password, so it stays out of messages. */
  proxy: URL | undefined
}

/** What is outside of this server, and who may come in. */
export interface ServedOverHttp {
  /** What clients and browsers call it; undefined: the address that it listens on. */
  publicUrl: URL | undefined
  /** The issuer whose tokens are taken, and the audience that they must be for. */
  oauth: { issuer: string; audience: string } | undefined
  /** The absolute path of the file of static tokens. */
  tokensFile: string | undefined
}

/** The carrier's production endpoint (docs/carrier.md, section 1). */
export const productionEndpoint = 'https://backoffice.voipinnovations.com/Services/APIService.asmx'

/**
 * Reads environment and policy files into a Config, or says everything that is wrong with them; no secret is in any message.
 */
export function readConfig(
  env: Env,
  machine: Machine,
  tools: readonly PolicyTool[],
): { config: Config } | { problems: string[] } {
  const { values, problems } = readVariables(env)
  const carrier = readCarrier(env, values, machine)
  const files = { own: values.DID_MCP_POLICY, system: machine.systemPolicyPath }
  const asked = { mode: values.DID_MCP_CONFIRMATION, readOnly: values.DID_MCP_READ_ONLY === '1' }
  const policy = openPolicy(machine, files, asked, tools)
  const stateDir = readStateDir(values, machine)
  const http = readHttp(env, values)
  const database = readDatabase(values, machine)
  if (
    problems.length > 0 ||
    'problems' in carrier ||
    'problems' in policy ||
    'problems' in stateDir ||
    'problems' in http ||
    'problems' in database
  ) {
    const others = [carrier, policy, stateDir, database, http].flatMap((part) =>
      'problems' in part ? part.problems : [],
    )
    return { problems: [...problems, ...others] }
  }
  const deadline = values.DID_MCP_TIMEOUT_MS
  return {
    config: {
      carrier: carrier.carrier,
      policy: policy.source,
      stateDir: stateDir.path,
      databaseUrl: database.url,
      timeoutMs: { call: deadline ?? 30_000, listing: deadline ?? 180_000 },
      concurrency: values.DID_MCP_CONCURRENCY,
      logLevel: values.DID_MCP_LOG_LEVEL,
      quietSeconds: values.DID_MCP_QUIET_SECONDS ?? (carrier.carrier?.environment === 'live' ? 130 : 5),
      retentionDays: values.DID_MCP_RETENTION_DAYS,
      toolsets: values.DID_MCP_TOOLSETS ?? [],
      http: http.http,
    },
  }
}

/** Judges by what is stated, so that one bad value brings no second problem. */
function readHttp(env: Env, values: Variables): { http: ServedOverHttp } | { problems: string[] } {
  const { DID_MCP_OAUTH_ISSUER: issuer, DID_MCP_OAUTH_AUDIENCE: audience, DID_MCP_PUBLIC_URL: url } = values
  const [first, second] = ['DID_MCP_OAUTH_ISSUER', 'DID_MCP_OAUTH_AUDIENCE'].map((name) => ({ name, set: env[name] }))
  if (first && second && !first.set !== !second.set) {
    const [there, missing] = first.set ? [first, second] : [second, first]
    return {
      problems: [`${there.name} is set without ${missing.name}: a token is taken for one issuer and one audience`],
    }
  }
  const oauth = issuer === undefined || audience === undefined ? undefined : { issuer, audience }
  return {
    http: { publicUrl: url === undefined ? undefined : new URL(url), oauth, tokensFile: values.DID_MCP_TOKENS_FILE },
  }
}

/** The place where the journal lies: all that a reader of the journal needs. */
export type JournalPlace = Pick<Config, 'stateDir' | 'databaseUrl'>

/**
 * Reads the settings that the journal needs, and no others: a broken policy or a missing secret must not stop a person who
 * says no at a terminal. A name that is no variable is a problem here too, because it may be one of these, misspelt.
 */
export function readJournalPlace(env: Env, machine: Machine): { place: JournalPlace } | { problems: string[] } {
  const needed = ['DID_MCP_STATE_DIR', 'DID_MCP_DATABASE_URL', 'DID_MCP_DATABASE_PASSWORD_FILE']
  const others = new Set(
    variableTable()
      .map(({ name }) => name)
      .filter((name) => !needed.includes(name)),
  )
  const stated = Object.fromEntries(Object.entries(env).filter(([name]) => !others.has(name)))
  const { values, problems } = readVariables(stated)
  const stateDir = readStateDir(values, machine)
  const database = readDatabase(values, machine)
  if ('problems' in stateDir || 'problems' in database || problems.length > 0) {
    const others = [stateDir, database].flatMap((part) => ('problems' in part ? part.problems : []))
    return { problems: [...problems, ...others] }
  }
  return { place: { stateDir: stateDir.path, databaseUrl: database.url } }
}

/**
 * Makes a function that takes the configuration's secrets out of a text, to be handed out in place of the secrets.
 *
 * @param least the length from which a secret is looked for, as in {@link hider}
 */
export function hiderOf({ carrier, databaseUrl }: Config, least?: number): Hide {
  const password = databaseUrl && decodeURIComponent(new URL(databaseUrl).password)
  const pair = carrier && `${carrier.login}:${carrier.secret}`
  return hider(
    [pair, carrier?.secret, databaseUrl, password, ...secretsOf(carrier?.proxy)].flatMap((secret) =>
      secret ? [secret] : [],
    ),
    least,
  )
}

/** The spellings of a proxy's password, as it stands in the variable and as it is sent. */
function secretsOf(proxy: URL | undefined): string[] {
  if (proxy === undefined || proxy.password === '') return []
  const [user, password] = [proxy.username, proxy.password].map(decodeURIComponent)
  return [`${user}:${password}`, proxy.href, proxy.password, password ?? '']
}

/**
 * Reads which carrier is meant, and which login there. It judges by what is stated, so that one bad value brings no second
 * complaint.
 */
function readCarrier(
  env: Env,
  values: Variables,
  machine: Machine,
): { carrier: Config['carrier'] } | { problems: string[] } {
  const login = Boolean(env.DID_MCP_LOGIN)
  const secret = Boolean(env.DID_MCP_SECRET)
  const secretFile = Boolean(env.DID_MCP_SECRET_FILE)
  const problems: string[] = []
  if (secret && secretFile) {
    problems.push('DID_MCP_SECRET and DID_MCP_SECRET_FILE are both set: unset one of them')
  }
  if (login && !secret && !secretFile) {
    problems.push(
      'DID_MCP_LOGIN is set without a secret: set DID_MCP_SECRET or DID_MCP_SECRET_FILE, or unset DID_MCP_LOGIN to use the embedded sandbox',
    )
  }
  if (!login && (secret || secretFile)) {
    const set = secret ? 'DID_MCP_SECRET' : 'DID_MCP_SECRET_FILE'
    problems.push(`${set} is set without DID_MCP_LOGIN: set DID_MCP_LOGIN, or unset ${set} to use the embedded sandbox`)
  }
  if (env.DID_MCP_ENDPOINT && !login && !secret && !secretFile) {
    problems.push(
      'DID_MCP_ENDPOINT is set without credentials: set DID_MCP_LOGIN and DID_MCP_SECRET, or unset DID_MCP_ENDPOINT to use the embedded sandbox',
    )
  }
  const file = values.DID_MCP_SECRET_FILE
  const read = file === undefined ? { secret: values.DID_MCP_SECRET } : readSecret(machine, 'DID_MCP_SECRET_FILE', file)
  if ('problem' in read) problems.push(read.problem)
  if (problems.length > 0 || 'problem' in read) return { problems }
  if (values.DID_MCP_LOGIN === undefined || read.secret === undefined) return { carrier: undefined }
  // Each endpoint has one spelling from here on, because claims and noes are found by it.
  const endpoint = new URL(values.DID_MCP_ENDPOINT ?? productionEndpoint).href
  const local = isLoopback(new URL(endpoint).hostname)
  const proxy = local || values.DID_MCP_PROXY === undefined ? undefined : new URL(values.DID_MCP_PROXY)
  return {
    carrier: {
      login: values.DID_MCP_LOGIN,
      secret: read.secret,
      endpoint,
      environment: local && values.DID_MCP_LOGIN === 'sandbox' ? 'sandbox' : 'live',
      proxy,
    },
  }
}

/** Reads a secret: one line of at most 256 bytes; a newline may end it (README.md, "Configuration"). */
function readSecret(machine: Machine, name: string, path: string): { secret: string } | { problem: string } {
  // Where nothing stands at the path, it may be no path: the secret itself is easily put there.
  const where = isThere(machine, path)
    ? path
    : '(not shown: it must be the path of a file, and may be the secret itself)'
  const at = (problem: string) => ({ problem: `${name} ${where}: ${problem}` })
  try {
    const secret = machine.read(path, 258).replace(/\r?\n$/, '')
    const fits = secret !== '' && isCredential(secret)
    return fits ? { secret } : at('it must hold one line of at most 256 bytes')
  } catch (error) {
    return at(readingProblem(error))
  }
}

/** Reads the database's address, with the password of its file in it, where there is one. */
function readDatabase(values: Variables, machine: Machine): { url: string | undefined } | { problems: string[] } {
  const { DID_MCP_DATABASE_URL: text, DID_MCP_DATABASE_PASSWORD_FILE: file } = values
  if (file === undefined) return { url: text }
  if (text === undefined) {
    return { problems: ['DID_MCP_DATABASE_PASSWORD_FILE is set without DID_MCP_DATABASE_URL: it names no database'] }
  }
  const url = new URL(text)
  if (url.password !== '') {
    return {
      problems: ['DID_MCP_DATABASE_URL holds a password beside DID_MCP_DATABASE_PASSWORD_FILE: leave one of them out'],
    }
  }
  const read = readSecret(machine, 'DID_MCP_DATABASE_PASSWORD_FILE', file)
  if ('problem' in read) return { problems: [read.problem] }
  // A URL without a host, which a socket's is, takes no password; the socket's folder goes before any host.
  if (url.hostname === '') url.hostname = 'localhost'
  url.password = encodeURIComponent(read.secret)
  return { url: url.href }
}

function isThere(machine: Machine, path: string): boolean {
  try {
    return machine.stamp(path) !== undefined
  } catch {
    return false
  }
}

function readStateDir(values: Variables, machine: Machine): { path: string } | { problems: string[] } {
  const path = values.DID_MCP_STATE_DIR ?? machine.stateDir
  if (isAbsolute(path)) return { path }
  return { problems: [`The platform's state folder ${path} is no absolute path: set DID_MCP_STATE_DIR to one`] }
}
