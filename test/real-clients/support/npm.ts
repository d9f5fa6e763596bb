import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** A release of Node that npm keeps in its own cache, and the folder of what was fetched along with it. */
export interface Fetched {
  node: string
  /** `node_modules`. */
  modules: string
}

/**
 * Has npm fetch its `node` package, and others beside it, at exact versions. Nothing is written here; the next
 * run finds them in the cache.
 *
 * @throws Error with npm's own words where the registry cannot be reached.
 */
export async function fetchNode(version: string, ...others: string[]): Promise<Fetched> {
  const packages = [`node@${version}`, ...others].map((name) => `--package=${name}`)
  const { stdout } = await promisify(execFile)('npm', [
    'exec',
    '--yes',
    ...packages,
    '--',
    'node',
    '--print',
    'process.version + process.execPath',
  ])
  const [, found, node = ''] = /^v([0-9.]+)(.+)$/m.exec(stdout) ?? []
  if (found !== version) throw new Error(`npm was asked for Node ${version} and came with ${found}`)
  // node_modules/node/bin/node
  return { node, modules: join(node, '../../..') }
}
