import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename, isAbsolute } from 'node:path'
import { promisify } from 'node:util'
import type { System } from '../clients/clients.ts'
import { type Check, codeOf, type Finding } from './check.ts'
import { isNewEnough } from './check-installation.ts'
import { judgeVariables } from './check-variables.ts'
import type { Found, Launch } from './launch.ts'

/** How a client starts did-mcp: looked at before the configuration that it hands over. */
export interface ClientPatient {
  found: Found
  system: System
  /** How a person starts this program: what a command's words come after. */
  call: string
}

export const clientChecks: readonly Check<ClientPatient>[] = [
  { name: 'client', look: async ({ found }) => found.findings },
  { name: 'command', needs: ['client'], look: command },
  { name: 'variables', needs: ['client'], look: async ({ found, system }) => judgeVariables(sure(found), system) },
  { name: 'launch', needs: ['command'], look: launch },
]

async function command({ found, call }: ClientPatient): Promise<readonly Finding[]> {
  const { client, command, args } = sure(found)
  const next = 'This prints an entry with full paths:'
  const run = `${call} config ${client.name}`
  if (command === '') {
    const what = 'the entry has no "command": it is for a server elsewhere, not for one on this machine'
    return [{ verdict: 'failed', what, next, run }]
  }
  const program = isNode(command) ? args.find((arg) => !arg.startsWith('-')) : undefined
  const bare = basename(command) === command
  const problems = [bare ? undefined : command, program].flatMap((path) => (path ? misplaced(path) : []))
  const findings = problems.map((what): Finding => ({ verdict: 'failed', what, next, run }))
  if (bare) {
    const what = `"${command}" is looked for in the client's own PATH, which is not that of this terminal`
    const path = 'If the client does not find it, write its full path. An installed did-mcp prints the entry with it:'
    findings.unshift({ verdict: 'warning', what, next: path, run })
  }
  // Other arguments stay out: a shell's may hold the secret.
  return findings.length > 0 ? findings : [{ verdict: 'ok', what: [command, program ?? ''].join(' ').trim() }]
}

function misplaced(path: string): string[] {
  if (!isAbsolute(path)) {
    return [`"${path}" is a relative path, and nobody knows from which folder the client starts it`]
  }
  return existsSync(path) ? [] : [`there is no ${path}`]
}

const isNode = (command: string) => /^node(\.exe)?$/i.test(basename(command))

/** npx may have to fetch the package first. */
const launchMs = 60_000

/** Starts what the client starts, for its version alone. */
async function launch({ found, system }: ClientPatient): Promise<Finding> {
  const { command, args } = sure(found)
  const plain = isNode(command) ? args.length === 1 : /^(npx|did-mcp)(\.cmd|\.exe)?$/i.test(basename(command))
  if (!plain) return { verdict: 'skipped', what: 'not tried: the command is more than node, npx or did-mcp alone' }
  const shell = system.platform === 'win32' && !isNode(command)
  const run = async (...words: string[]) => {
    const options = { cwd: system.home, timeout: launchMs, env: { ...system.env }, shell }
    const { stdout } = await promisify(execFile)(command, words, options)
    return stdout.trim().slice(0, 40)
  }
  try {
    const node = isNode(command) ? await run('--version') : undefined
    if (node !== undefined && !isNewEnough(node)) {
      return { verdict: 'failed', what: `${command} is Node ${node}: too old`, next: 'Name a newer Node in the entry.' }
    }
    const version = await run(...args, '--version')
    const what = `its command finds did-mcp ${version}${node ? `, on Node ${node}` : ''}`
    if (version === DID_MCP_VERSION) return { verdict: 'ok', what }
    const next = `This here is ${DID_MCP_VERSION}; what follows was checked with it.`
    return { verdict: 'warning', what, next }
  } catch (error) {
    const next = 'Run the command of the entry in a terminal, with --version after it, and read what it says.'
    return { verdict: 'failed', what: `it does not start (${codeOf(error)})`, next }
  }
}

function sure({ launch }: Found): Launch {
  if (launch === undefined) throw new Error('no entry was found')
  return launch
}
