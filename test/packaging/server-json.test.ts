import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { withBundles } from '../../scripts/server-json.mjs'
import { variableTable } from '../../src/config/variables.ts'

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
const server: unknown = read('packaging/server.json')
const { name, version, mcpName, repository } = read('package.json')

/**
 * What the registry's schema of 2025-12-11 says of the parts that are used here; anything else is a mistake of ours. It
 * is stricter than the registry's own (schemas/2025-12-11/server.schema.json in modelcontextprotocol/static), which asks
 * for name, description and version alone and lets unknown keys through.
 */
const registrySchema = z.strictObject({
  $schema: z.literal('https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json'),
  name: z
    .string()
    .min(3)
    .max(200)
    .regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/),
  title: z.string().min(1).max(100),
  description: z.string().min(1).max(100),
  repository: z.strictObject({ url: z.url(), source: z.literal('github') }),
  version: z.string().max(255),
  packages: z.array(
    z.strictObject({
      registryType: z.literal('npm'),
      registryBaseUrl: z.literal('https://registry.npmjs.org'),
      identifier: z.string(),
      version: z.string().refine((text) => text !== 'latest'),
      runtimeHint: z.literal('npx'),
      transport: z.strictObject({ type: z.literal('stdio') }),
      environmentVariables: z.array(
        z.strictObject({
          name: z.string(),
          description: z.string(),
          isRequired: z.boolean().optional(),
          isSecret: z.boolean().optional(),
          format: z.enum(['string', 'number', 'boolean', 'filepath']).optional(),
          choices: z.array(z.string()).optional(),
          default: z.string().optional(),
        }),
      ),
    }),
  ),
})

test('server.json is what the registry takes, and of this version', () => {
  const parsed = registrySchema.parse(server)
  expect(parsed.version).toBe(version)
  expect(parsed.packages.map((one) => [one.identifier, one.version])).toEqual([[name, version]])
})

test('the package says the same name and place, which is how the registry knows whose it is', () => {
  const parsed = registrySchema.parse(server)
  expect(mcpName).toBe(parsed.name)
  expect(repository).toEqual({ type: 'git', url: `git+${parsed.repository.url}.git` })
  expect(parsed.repository.url).toBe(`https://github.com/${parsed.name.replace(/^io\.github\./, '')}`)
})

test('its variables are those that are read, and secrets are marked', () => {
  const known = variableTable().map((variable) => variable.name)
  const variables = registrySchema.parse(server).packages.flatMap((one) => one.environmentVariables)
  expect(known).toEqual(expect.arrayContaining(variables.map((variable) => variable.name)))
  expect(variables.filter(({ isSecret }) => isSecret).map((variable) => variable.name)).toEqual([
    'DID_MCP_SECRET',
    'DID_MCP_DATABASE_URL',
  ])
})

test('at a release each bundle stands beside the package, by its address and the checksum of what it holds', () => {
  const bundles = { [`did-mcp-${version}-linux-x64.mcpb`]: Buffer.from('one'), 'other.mcpb': Buffer.from('two') }
  const { packages, ...rest } = withBundles(registrySchema.parse(server), bundles)
  const { packages: before, ...unchanged } = registrySchema.parse(server)
  expect(rest).toEqual(unchanged)
  expect(packages.slice(0, before.length)).toEqual(before)
  const place = `https://github.com/did-mcp/did-mcp/releases/download/v${version}`
  const entry = (file: string, text: string) => ({
    registryType: 'mcpb',
    identifier: `${place}/${file}`,
    version,
    fileSha256: createHash('sha256').update(text).digest('hex'),
    transport: { type: 'stdio' },
  })
  expect(packages.slice(before.length)).toEqual([
    entry(`did-mcp-${version}-linux-x64.mcpb`, 'one'),
    entry('other.mcpb', 'two'),
  ])
})
