import { entryOf, installLink, startCommand } from '../src/clients/entry.ts'
import { clients } from '../src/clients/known-clients.ts'
import { variableTable } from '../src/config/variables.ts'
import { type Effect, effects } from '../src/domain/effect.ts'
import { toolsets } from '../src/domain/toolset.ts'
import { toolList } from '../src/mcp/tool-list.ts'
import { builtIn } from '../src/policy/policy.ts'
import { testLines } from '../src/sandbox/test-lines.ts'
import { everyTool, tools } from '../src/tools/index.ts'

/** The documents that hold tables which the code knows, each table in one of them. */
export const documents = ['README.md', 'docs/sandbox.md'] as const

/** A document with every table in it that the code knows written anew, between its two comments. */
export function withTables(document: string): string {
  return Object.entries(tables).reduce((text, [name, lines]) => {
    const place = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`)
    return text.replace(place, (_, open: string, close: string) => `${open}${lines().join('\n')}\n${close}`)
  }, document)
}

/** The names of the tables that the code knows. */
export const tableNames = (): string[] => Object.keys(tables)

/** A web address that opens the client's own link: pages such as GitHub's show no link of another scheme. */
function installAddress(link: string): string {
  return link.startsWith('cursor:')
    ? link.replace('cursor://anysphere.cursor-deeplink/mcp/install', 'https://cursor.com/install-mcp')
    : `https://vscode.dev/redirect?url=${encodeURIComponent(link)}`
}

const tables: { readonly [name: string]: () => string[] } = {
  install: () => {
    // As a copy in npx's cache says it, which is what a person without a clone has.
    const start = startCommand('node', '/_npx/did-mcp/dist/main.js', {
      env: {},
      platform: 'linux',
      home: '/',
      folder: '/',
      list: () => [],
    })
    const buttons = Object.values(clients).flatMap((client) => {
      const link = installLink(client, entryOf(client, start, {}))
      const badge = `https://img.shields.io/badge/${encodeURIComponent(client.title)}-install-10403b`
      return link === undefined ? [] : `[![Install in ${client.title}](${badge})](${installAddress(link)})`
    })
    return [`From npm, with one click: ${buttons.join(' ')}`]
  },
  tools: () => [
    '| tool | effect | what for |',
    '|---|---|---|',
    ...tools.map(({ name, effect, description }) => `| \`${name}\` | ${effect} | ${description} |`),
  ],
  toolsets: () => [
    '| toolset | tools | bytes that a model reads |',
    '|---|---|---|',
    ...toolsets.map((toolset) => {
      const own = everyTool.filter((tool) => tool.toolset === toolset)
      const names = own.map(({ name, effect }) => `\`${name}\`${effect === 'read' ? '' : ` (${effect})`}`)
      const read = toolList(own, builtIn).map(({ name, description, inputSchema }) => ({
        name,
        description,
        inputSchema,
      }))
      return `| \`${toolset}\` | ${names.join(', ')} | ${Buffer.byteLength(JSON.stringify(read))} |`
    }),
  ],
  effects: () => [
    '| effect | meaning | default |',
    '|---|---|---|',
    ...Object.keys(effects).map((effect) => {
      const { meaning, rule } = effects[effect as Effect]
      return `| ${effect} | ${meaning} | ${rule} |`
    }),
  ],
  variables: () => [
    '| variable | meaning | default |',
    '|---|---|---|',
    ...variableTable().map((row) => `| \`${row.name}\` | ${row.meaning} | ${row.default} |`),
  ],
  testLines: () => [
    '| line | behaviour |',
    '|---|---|',
    ...testLines.map(({ line, behaviour }) => `| ${line} | ${behaviour} |`),
  ],
}
