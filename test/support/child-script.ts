import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll } from 'vitest'

const bundles = new Map<string, Promise<string>>()

/**
 * A TypeScript file of the tests as one that a process of its own can run. It lies under node_modules, so that it finds
 * the packages that it leaves outside. It is made once, and removed after the tests of the file that asked for it.
 *
 * @param entry its URL
 * @returns the path of the bundle
 */
export function bundled(entry: URL): Promise<string> {
  const made = bundles.get(entry.href) ?? bundle(entry)
  bundles.set(entry.href, made)
  return made
}

// Not when the process exits: vitest ends its workers in a way that no process hears of.
afterAll(async () => {
  for (const outfile of await Promise.all(bundles.values())) rmSync(outfile, { force: true })
})

async function bundle(entry: URL): Promise<string> {
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
