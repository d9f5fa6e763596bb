import { execFile } from 'node:child_process'
import { basename } from 'node:path'
import { promisify } from 'node:util'
import { codeOf, type Finding } from './check.ts'
import { isNewEnough } from './check-node.ts'
import { type ClientPatient, isNode, sure } from './client-patient.ts'

/** How long the start may take, milliseconds: npx may have to fetch the package first. */
const launchMs = 60_000

/** Starts the command that the client starts, only to learn its version. */
export async function launch({ found, system }: ClientPatient): Promise<Finding> {
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
    if (/\bE404\b/.test(String((error as { stderr?: unknown }).stderr ?? ''))) {
      const next =
        'Until a version is published there, clone the project, run "npm ci" in it, and print an entry with its path:'
      return { verdict: 'failed', what: 'npx finds no did-mcp on npm', next, run: 'node dist/main.js config CLIENT' }
    }
    const next = 'Run the command of the entry in a terminal, with --version after it, and read what it says.'
    return { verdict: 'failed', what: `it does not start (${codeOf(error)})`, next }
  }
}
