// What the MCP registry is told of a release.
import { createHash } from 'node:crypto'

/**
 * packaging/server.json with an entry for each bundle beside the npm package. The registry wants the checksum of what it
 * names, and that is known once the bundle is packed.
 *
 * @param {{ version: string, repository: { url: string }, packages: object[] }} server
 * @param {Readonly<Record<string, Buffer>>} bundles what each holds, by the name of its file beside the release
 */
export function withBundles(server, bundles) {
  const entries = Object.entries(bundles).map(([file, bytes]) => ({
    registryType: 'mcpb',
    identifier: `${server.repository.url}/releases/download/v${server.version}/${file}`,
    version: server.version,
    fileSha256: createHash('sha256').update(bytes).digest('hex'),
    transport: { type: 'stdio' },
  }))
  return { ...server, packages: [...server.packages, ...entries] }
}
