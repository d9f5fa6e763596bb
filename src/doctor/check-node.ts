import type { Finding } from './check.ts'

/** The oldest Node that runs did-mcp, major and minor, as package.json says under `engines`. */
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

/**
 * Whether a Node is new enough to run did-mcp.
 *
 * @param version as `node --version` prints it
 */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  return major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1])
}
