import type { Client, System } from '../clients/clients.ts'
import { isOurs } from '../config/variables.ts'
import type { Finding } from './check.ts'
import type { Launch } from './launch.ts'

/**
 * The environment that the client gives to the server. A value that the client would ask a person for is taken from this
 * terminal, where it is set here.
 */
export function environmentOf({ client, env }: Launch, system: System): Record<string, string | undefined> {
  const ours = Object.entries(system.env).filter(([name]) => client.inherits || !isOurs(name))
  const given = Object.entries(env).map(([name, value]): [string, string | undefined] => [
    name,
    asked(value) ? system.env[name] : unset(value) ? undefined : String(value),
  ])
  return Object.fromEntries([...ours, ...given])
}

/** Whether a value is one that only the client has, as VS Code's inputs are. */
const asked = (value: unknown) => typeof value === 'string' && /^\$\{input:/.test(value)

/** The variable of the client's own environment that a value names, where it is not set here. */
const unset = (value: unknown) => (typeof value === 'string' ? /\$?\{env:(\w+)\}/.exec(value)?.[1] : undefined)

/** Judges what an entry sets, and finds what would not reach the server as it stands there. */
export function judgeVariables({ client, env }: Launch, system: System): readonly Finding[] {
  const findings = Object.entries(env).flatMap(([name, value]) => judgeVariable(name, value, client, system))
  if (!client.inherits) {
    const lost = Object.keys(system.env).filter((name) => isOurs(name) && system.env[name] && !(name in env))
    const next = 'Add to the entry\'s "env" what the server shall have.'
    if (lost.length > 0) {
      const what = `set in this terminal, and not handed on by ${client.title}: ${lost.join(', ')}`
      findings.push({ verdict: 'warning', what, next })
    }
  }
  const names = Object.keys(env).filter(isOurs)
  const what = names.length > 0 ? `the entry sets ${names.join(', ')}` : 'the entry sets none'
  return [{ verdict: 'ok', what }, ...findings]
}

function judgeVariable(name: string, value: unknown, client: Client, system: System): Finding[] {
  if (typeof value !== 'string') {
    return [{ verdict: 'failed', what: `${name} is no text`, next: 'Write its value in double quotes.' }]
  }
  if (asked(value)) {
    const here = system.env[name] ? ', and is taken from this terminal here' : ''
    return [{ verdict: 'ok', what: `${name} is asked for by ${client.title}${here}` }]
  }
  const variable = unset(value)
  if (variable !== undefined && client.variable?.endsWith('env:')) {
    const what = `${name} is taken from ${variable}, which is not set here: ${client.title} hands on what it was started with`
    const next = `Set ${variable} where ${client.title} is started, and here to look at what it leads to.`
    return [{ verdict: 'warning', what, next }]
  }
  if (value.includes('${')) {
    const next = 'Write the value itself there, or set the variable that it names.'
    return [{ verdict: 'failed', what: `${name} holds a placeholder that ${client.title} does not fill in`, next }]
  }
  if (leftOver.test(value)) {
    const next =
      'Write your own there: the API user from the Back Office (Add-Ons, API Users), the full path of the file with ' +
      'its secret.'
    return [{ verdict: 'failed', what: `${name} is still ${value}, which only shows what goes there`, next }]
  }
  return isPlainSecret(name, value) ? [plainSecret(name)] : []
}

/** The placeholders of `did-mcp config` and the README, which somebody forgot to replace. */
const leftOver = /^your-api-user$|^\/(full|absolute)\/path\/to\//i

function isPlainSecret(name: string, value: string): boolean {
  if (name === 'DID_MCP_SECRET') return value !== ''
  return name === 'DID_MCP_DATABASE_URL' && URL.canParse(value) && new URL(value).password !== ''
}

function plainSecret(name: string): Finding {
  const what = `${name} stands in the file in plain text, for every program and backup that reads it`
  const file = 'Put the secret into a file that only you may read (chmod 600), and set DID_MCP_SECRET_FILE to its path.'
  return {
    verdict: 'warning',
    what,
    next: name === 'DID_MCP_SECRET' ? file : 'Let only you read the file (chmod 600).',
  }
}
