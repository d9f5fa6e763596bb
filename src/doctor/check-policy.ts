import { accessSync, constants } from 'node:fs'
import { dirname } from 'node:path'
import { inWords } from '../policy/in-words.ts'
import type { Finding } from './check.ts'
import type { Patient } from './patient.ts'

/**
 * Tells where the policy comes from, and what it allows, in words.
 *
 * @param user who runs this, as a system with users numbers them
 */
export async function policy(
  { env, machine, tools, config }: Patient,
  user = process.getuid?.(),
): Promise<readonly Finding[]> {
  const own = env.DID_MCP_POLICY ? `the file ${env.DID_MCP_POLICY}` : 'the built-in policy'
  const system = machine.systemPolicyPath
  const lines = inWords(config().policy.current(), tools).map((what): Finding => ({ verdict: 'ok', what }))
  if (machine.stamp(system) === undefined) {
    return [{ verdict: 'ok', what: `${own}; there is no system policy (${system})` }, ...lines]
  }
  const from: Finding = { verdict: 'ok', what: `${own}, tightened by the system policy ${system}` }
  return user !== 0 && isReplaceable(system) ? [from, loose(system), ...lines] : [from, ...lines]
}

function loose(path: string): Finding {
  return {
    verdict: 'warning',
    what: `${path} may be changed by you, so it binds nothing that runs as you`,
    next: 'Let only an administrator write it and its folder.',
  }
}

/** Whether another file can take this one's place: that is so where the file or its folder may be written. */
function isReplaceable(path: string): boolean {
  return [path, dirname(path)].some(isWritable)
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}
