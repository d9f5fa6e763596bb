import { isAbsolute } from 'node:path'
import * as z from 'zod'
import { isLoopback } from '../domain/loopback.ts'
import { type Toolset, toolsets } from '../domain/toolset.ts'
import { confirmationModes } from '../policy/settings.ts'

/** The README's words about a variable. */
interface About {
  description: string
  /** The default in words, where it is no plain value. */
  otherwise?: string
  /** Whether the value stays out of every message. */
  hidden?: true
}

const about = z.registry<About>()

const credential = z.string().refine(isCredential, { error: 'must be one line of at most 256 bytes' })

const absolutePath = z.string().refine((path) => isAbsolute(path), { error: 'must be an absolute path' })

/** A schema of texts that a check finds nothing wrong with. */
const checked = (problemOf: (text: string) => string | undefined) =>
  z.string().superRefine((text, issues) => {
    const problem = problemOf(text)
    if (problem !== undefined) issues.addIssue(problem)
  })

const whole = (least: number, most: number) =>
  z
    .string()
    .refine((text) => /^[0-9]{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most, {
      error: `must be a whole number from ${least} to ${most}`,
    })
    .transform(Number)

const choice = <const Choices extends readonly [string, ...string[]]>(...choices: Choices) =>
  z.enum(choices, { error: `must be ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}` })

/** The variables that are read, all of them. The empty string counts as unset; see `readConfig`. */
const variables = z.strictObject({
  DID_MCP_LOGIN: credential.optional().register(about, {
    description: 'API user at the carrier',
    otherwise: 'none: the embedded sandbox is used, and says so everywhere',
    hidden: true,
  }),
  DID_MCP_SECRET: credential.optional().register(about, {
    description: 'its secret',
    hidden: true,
  }),
  DID_MCP_SECRET_FILE: z.string().optional().register(about, {
    description: 'in place of `DID_MCP_SECRET`: a file that holds it, one line of at most 256 bytes',
  }),
  DID_MCP_ENDPOINT: checked(endpointProblem).optional().register(about, {
    description: 'SOAP endpoint; https, unless its host is literally loopback',
    otherwise: 'the production endpoint',
    hidden: true,
  }),
  DID_MCP_POLICY: absolutePath.optional().register(about, {
    description: 'policy file (JSON), an absolute path; read again when it changes',
    otherwise: 'the built-in policy',
  }),
  DID_MCP_CONFIRMATION: choice(...confirmationModes)
    .default('auto')
    .register(about, {
      description:
        '`auto` or `human`: who may say yes where the client cannot ask a person; may only tighten the policy',
    }),
  DID_MCP_STATE_DIR: absolutePath.optional().register(about, {
    description: 'where the journal lies (0700), an absolute path',
    otherwise: "the platform's state folder (XDG on Linux)",
  }),
  DID_MCP_DATABASE_URL: checked(databaseProblem).optional().register(about, {
    description: 'PostgreSQL for the journal, shared by several machines or a fleet',
    otherwise: 'none: SQLite in the state folder',
    hidden: true,
  }),
  DID_MCP_DATABASE_PASSWORD_FILE: absolutePath.optional().register(about, {
    description:
      'a file that holds the password for `DID_MCP_DATABASE_URL`, one line of at most 256 bytes, an absolute path',
  }),
  DID_MCP_PROXY: checked(proxyProblem).optional().register(about, {
    description:
      'an HTTP proxy toward the carrier (CONNECT), like `http://user:password@proxy:3128`; not for an endpoint on loopback',
    otherwise: 'none: connects directly, whatever `HTTPS_PROXY` says',
    hidden: true,
  }),
  DID_MCP_TIMEOUT_MS: whole(100, 900_000).optional().register(about, {
    description: 'carrier deadline per call, in milliseconds, 100 to 900000',
    otherwise: '30000; 180000 for searches and audits',
  }),
  DID_MCP_CONCURRENCY: whole(1, 64).default(8).register(about, { description: 'carrier calls in flight, 1 to 64' }),
  DID_MCP_LOG_LEVEL: choice('debug', 'info', 'warn', 'error').default('info').register(about, {
    description: 'what is logged to stderr: `debug`, `info`, `warn` or `error`',
  }),
  DID_MCP_QUIET_SECONDS: whole(0, 3600).optional().register(about, {
    description: 'how long a request whose answer was not read may still take effect at the carrier, 0 to 3600',
    otherwise: '130; 5 where the environment is `sandbox`',
  }),
  DID_MCP_RETENTION_DAYS: whole(1, 36_500).optional().register(about, {
    description: 'how long finished operations are kept, 1 to 36500',
    otherwise: 'for ever',
  }),
  DID_MCP_READ_ONLY: z.enum(['1', '0'], { error: 'must be 1 or 0' }).optional().register(about, {
    description:
      '`1`: no tool and no prompt that writes is offered; may only tighten the policy. Reads, resources, `listOperations`, recovery and settling go on',
    otherwise: 'no',
  }),
  DID_MCP_TOOLSETS: z
    .string()
    .refine((text) => namesIn(text).every(isToolset), { error: `must be of ${toolsets.join(', ')}, comma-separated` })
    .transform((text) => [...new Set(namesIn(text).filter(isToolset))])
    .optional()
    .register(about, {
      description:
        'what is offered beside the ten and `listOperations`: `e911`, `cnam`, `routing`, `account`, comma-separated',
    }),
  DID_MCP_PUBLIC_URL: checked(publicUrlProblem).optional().register(about, {
    description: 'what clients and browsers call this server, for `serve`, without a path: `https://did.example.com`',
    otherwise: 'the address it listens on',
  }),
  DID_MCP_OAUTH_ISSUER: checked(issuerProblem).optional().register(about, {
    description: 'whose OAuth tokens `serve` takes, exactly as the issuer names itself',
  }),
  DID_MCP_OAUTH_AUDIENCE: z.string().optional().register(about, {
    description: 'for whom these tokens must be, as for `https://did.example.com/mcp`',
  }),
  DID_MCP_TOKENS_FILE: absolutePath.optional().register(about, {
    description:
      'static tokens for `serve`, an absolute path: `[{ "sha256": "<hex>", "name": "agent", "scopes": ["did:read", "did:write"] }]`, readable by its owner alone; read again when it changes',
  }),
})

export type Variables = z.output<typeof variables>

/** The environment variables of a process. */
export type Env = Readonly<Record<string, string | undefined>>

/** The rows of the README's table of variables, in its order. */
export function variableTable(): { name: string; meaning: string; default: string }[] {
  return Object.entries(variables.shape).map(([name, schema]) => {
    const facts = about.get(schema)
    const standard = schema instanceof z.ZodDefault ? String(schema.def.defaultValue) : 'none'
    return { name, meaning: facts?.description ?? '', default: facts?.otherwise ?? standard }
  })
}

/**
 * Reads the variables that begin with `DID_MCP_`. Every problem is named, with no hidden value in any; a value that is right
 * by itself is still read, so that the problems between variables come out in the same go.
 */
export function readVariables(env: Env): { values: Variables; problems: string[] } {
  const named = Object.entries(env).filter(([name, value]) => value && isOurs(name))
  const unfilled = named.filter(([, value = '']) => isPlaceholder(value)).map(([name]) => name)
  const stated = named.filter(([name]) => !unfilled.includes(name))
  const issues = variables.safeParse(Object.fromEntries(stated)).error?.issues ?? []
  const wrong = new Set(issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : issue.path)))
  const said = unfilled.map(
    (name) => `${name.slice(0, 60)} is a placeholder that nobody filled in: give it a value, or leave it out`,
  )
  const problems = issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map(unknownVariable)
    const name = String(issue.path[0])
    return [`${name} ${issue.message}${isHidden(name) ? '' : `, but is ${quoted(env[name])}`}`]
  })
  return {
    values: variables.parse(Object.fromEntries(stated.filter(([name]) => !wrong.has(name)))),
    problems: [...said, ...problems],
  }
}

/** Whether a value is what a client leaves in the place of one that it did not know: `${NAME}`, `${input:name}`, `<your login>`. */
const isPlaceholder = (value: string): boolean => /^(?:\$\{[^{}]*\}|<[^<>]*>|%[A-Za-z_]+%)$/.test(value.trim())

/** Whether a variable is read here, or would be if it were spelt right. `DID_MCP_TEST_` is the tests' own. */
export const isOurs = (name: string): boolean => /^DID_MCP_(?!TEST_)/i.test(name)

/** Whether a text can be a login or secret: one line, within their byte limit. */
export function isCredential(text: string): boolean {
  return Buffer.byteLength(text) <= 256 && !/\p{Cc}/u.test(text)
}

function namesIn(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

function isToolset(name: string): name is Toolset {
  return (toolsets as readonly string[]).includes(name)
}

function databaseProblem(text: string): string | undefined {
  if (!/^postgres(?:ql)?:\/\//.test(text) || !URL.canParse(text)) {
    return 'must be a PostgreSQL address, like postgresql://user:password@host:5432/database, its password percent-encoded (@ is %40, / is %2F, # is %23, ? is %3F)'
  }
  // Where a URL's delimiter stands in the password, nobody can tell where it ends, and a part of it becomes the host.
  const [, authority = '', rest = ''] = /^[^:]+:\/\/([^/?#]*)(.*)$/s.exec(text) ?? []
  const { password, pathname } = new URL(text)
  if (authority.split('@').length > 2 || /[@#]/.test(rest) || !isDecodable(password)) {
    return 'must hold its password percent-encoded as UTF-8: @ is %40, / is %2F, # is %23, ? is %3F, % itself is %25'
  }
  return /^\/?$/.test(pathname)
    ? 'must name the database at its end, like postgresql://user:password@host:5432/database'
    : undefined
}

/** Whether a password can be percent-decoded, because the log hides it in that form too. */
function isDecodable(password: string): boolean {
  try {
    decodeURIComponent(password)
    return true
  } catch {
    return false
  }
}

function endpointProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return 'must be an https address'
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') {
    return 'must not hold a user or password: set DID_MCP_LOGIN and DID_MCP_SECRET'
  }
  if (url.search !== '' || url.hash !== '')
    return 'must end with its path, without "?wsdl" or anything after "?" or "#"'
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return undefined
  return 'must begin with https:// (http:// is for loopback hosts alone), because the secret travels in every request'
}

function proxyProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const bare = url?.protocol === 'http:' && url.pathname === '/' && url.search === '' && url.hash === ''
  if (!bare || url.hostname === '') {
    return 'must be the address of an HTTP proxy, like http://user:password@proxy.example.com:3128, without a path'
  }
  if (text.split('@').length <= 2 && isDecodable(url.username) && isDecodable(url.password)) return undefined
  return 'must hold its user and password percent-encoded as UTF-8: @ is %40, / is %2F, # is %23, ? is %3F, % itself is %25'
}

function publicUrlProblem(text: string): string | undefined {
  const bare = URL.canParse(text) && [new URL(text).origin, `${new URL(text).origin}/`].includes(text)
  if (!bare) return 'must be an address without path, user or query, in lower case, like https://did.example.com'
  return isSafeAddress(text) ? undefined : 'must begin with https:// (http:// is for loopback hosts alone)'
}

function issuerProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const bare = url !== undefined && url.search === '' && url.hash === '' && url.username === '' && url.password === ''
  if (!bare) return 'must be an address without user, query or fragment, like https://login.example.com'
  return isSafeAddress(text) ? undefined : 'must begin with https:// (http:// is for loopback hosts alone)'
}

function isSafeAddress(text: string): boolean {
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
}

/**
 * Names the variable that a misspelt one may mean; ignored, it would silently drop what it sets, perhaps a safety policy.
 */
function unknownVariable(name: string): string {
  const known = Object.keys(variables.shape)
  const [nearest] = known.map((one) => ({ one, far: distance(one, name.toUpperCase()) })).sort((a, b) => a.far - b.far)
  const near = nearest !== undefined && nearest.far <= mostLettersOff
  return `${name.slice(0, 60)} is not a variable of did-mcp: ${near ? `did you mean ${nearest.one}?` : `there are ${known.join(', ')}`}`
}

const mostLettersOff = 3

/** The Levenshtein distance: how many letters are inserted, dropped or replaced between two words. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1]
    for (const [column, other] of [...b].entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

function isHidden(name: string): boolean {
  const schema = Object.entries(variables.shape).find(([one]) => one === name)?.[1]
  return schema !== undefined && about.get(schema)?.hidden === true
}

function quoted(value: string | undefined): string {
  const text = JSON.stringify(value ?? '')
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
