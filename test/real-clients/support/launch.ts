import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** What a client's configuration says of a server that it starts over stdio. */
export interface Launch {
  command: string
  args: string[]
  env: Record<string, string>
}

/**
 * The built server on `node`, with a state folder that lives as long as the test, on its own sandbox.
 *
 * @param env what else it is told, such as another sandbox.
 */
export function launch(node = process.execPath, env: Record<string, string> = {}): Launch {
  const folder = mkdtempSync(join(tmpdir(), 'did-mcp-clients-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return {
    command: node,
    args: [join(process.cwd(), 'dist/main.js')],
    env: {
      PATH: process.env.PATH ?? '',
      DID_MCP_STATE_DIR: join(folder, 'state'),
      DID_MCP_LOG_LEVEL: 'error',
      ...env,
    },
  }
}
