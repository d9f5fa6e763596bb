import { existsSync } from 'node:fs'
import { basename, isAbsolute } from 'node:path'
import type { Finding } from './check.ts'
import { type ClientPatient, isNode, sure } from './client-patient.ts'

/** Whether the entry's command is one that the client finds. */
export async function command({ found, call }: ClientPatient): Promise<readonly Finding[]> {
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
  // The other arguments are not shown, because those of a shell may hold the secret.
  return findings.length > 0 ? findings : [{ verdict: 'ok', what: [command, program ?? ''].join(' ').trim() }]
}

function misplaced(path: string): string[] {
  if (/[\b\f\n\r\t]/.test(path)) {
    return [
      'a path of Windows stands there with single backslashes, and some were read as other signs: write each twice',
    ]
  }
  if (!isAbsolute(path)) {
    return [`"${path}" is a relative path, and nobody knows from which folder the client starts it`]
  }
  return existsSync(path) ? [] : [`there is no ${path}`]
}
