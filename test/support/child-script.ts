import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/**
 * A TypeScript file of the tests as one that a process of its own can run. It lies under node_modules, so that it finds
 * the packages that it leaves outside.
 *
 * @param entry its URL
 * @returns the path of the bundle
 */
export async function bundled(entry: URL): Promise<string> {
  const name = fileURLToPath(entry)
    .replace(/.*\/test\//, '')
    .replaceAll(/[/.]/g, '-')
  const outfile = fileURLToPath(
    new URL(`../../node_modules/.cache/did-mcp-test/${name}-${process.pid}.mjs`, import.meta.url),
  )
  await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    define: { DID_MCP_VERSION: JSON.stringify('0.0.0-test') },
    outfile,
    logLevel: 'error',
  })
  return outfile
}
