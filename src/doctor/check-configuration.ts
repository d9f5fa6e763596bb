import { statSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { quoted } from '../clients/program.ts'
import type { Finding } from './check.ts'
import type { Patient } from './patient.ts'

/** Whether the variables say what they must, and keep the secret to its owner. */
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

/** Advice about a path that begins with `~`, which is often taken for a full path. */
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
