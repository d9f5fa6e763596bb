import { statSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { quoted } from '../clients/program.ts'
import type { Finding } from './check.ts'
import type { Patient } from './patient.ts'

/** As package.json says under `engines`. */
const leastNode = [20, 19] as const

export const node = async (): Promise<Finding> => judgeNode(process)

/** Whether this Node runs did-mcp. */
export function judgeNode({
  version,
  platform,
  arch,
  execPath,
}: Pick<NodeJS.Process, 'version' | 'platform' | 'arch' | 'execPath'>): Finding {
  const seen = `${version} on ${platform} ${arch}, ${execPath}`
  if (isNewEnough(version)) return { verdict: 'ok', what: seen }
  return {
    verdict: 'failed',
    what: `${seen}: too old`,
    next: `Install Node ${leastNode.join('.')} or later (https://nodejs.org); the newest even version is best.`,
  }
}

/** @param version as `node --version` prints it */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  return major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1])
}

export async function configuration({ env, problems, config }: Patient): Promise<readonly Finding[]> {
  if (problems.length > 0) {
    return problems.map((what) => ({ verdict: 'failed', what, next: aboutPath(env[what.split(' ', 1)[0] ?? '']) }))
  }
  const { carrier } = config()
  if (carrier === undefined) {
    return [
      {
        verdict: 'ok',
        what: 'no credentials are set, so the embedded sandbox is the carrier: nothing in it is real',
        next: 'For your own account set DID_MCP_LOGIN and DID_MCP_SECRET_FILE.',
      },
    ]
  }
  const { host } = new URL(carrier.endpoint)
  const account: Finding = { verdict: 'ok', what: `an account at ${host}, environment ${carrier.environment}` }
  const file = env.DID_MCP_SECRET_FILE
  if (!file) return [account]
  return [account, ...(isAbsolute(file) ? [] : [relativeSecret(file)]), ...(isOpen(file) ? [openSecret(file)] : [])]
}

/** What is often taken for a full path. */
function aboutPath(path: string | undefined): string | undefined {
  return path?.startsWith('~') ? '~ is not expanded here: write the full path.' : undefined
}

function relativeSecret(path: string): Finding {
  const what = 'DID_MCP_SECRET_FILE is a relative path, and a client starts did-mcp in another folder'
  return { verdict: 'warning', what, next: `Write the full path: ${resolve(path)}` }
}

/** Whether others than its owner may read a file. Windows has no permissions of this kind. */
function isOpen(path: string): boolean {
  return process.getuid !== undefined && (statSync(path).mode & 0o077) !== 0
}

function openSecret(path: string): Finding {
  return {
    verdict: 'warning',
    what: `others may read ${path}`,
    next: 'Keep it to yourself:',
    run: `chmod 600 ${quoted(path, 'linux')}`,
  }
}
