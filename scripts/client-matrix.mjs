// Tries the built server with real clients and converters, and prints the table of docs/clients.md:
// `npm run clients:matrix`, with `-- --write` into that page. npm fetches each into a folder of the system's cache.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { calls, clients, columns, notRun } from './matrix-clients.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const cache = join(tmpdir(), 'did-mcp-client-matrix')
const published = await publishedTools()

const rows = []
for (const client of clients) rows.push(await row(client))
const lines = [
  `| client | version | ${Object.values(columns).join(' | ')} |`,
  `|---|---|${Object.keys(columns)
    .map(() => '---|')
    .join('')}`,
  ...rows.map((cells) => `| ${cells.join(' | ')} |`),
  '',
  `Made by \`npm run clients:matrix -- --write\` on Node ${process.versions.node}, every row of it. Not run by it:`,
  '',
  ...Object.entries(notRun).map(([name, why]) => `- ${name}: ${why}`),
]
console.log(lines.join('\n'))
if (process.argv.includes('--write')) {
  const page = join(root, 'docs/clients.md')
  const place = /(<!-- matrix -->\n)[\s\S]*?(<!-- \/matrix -->)/
  writeFileSync(
    page,
    readFileSync(page, 'utf8').replace(place, (_, open, close) => `${open}${lines.join('\n')}\n${close}`),
  )
}
process.exit(0)

async function row(client) {
  const versions = client.packages.map((name) => `\`${name}\``).join(', ') || 'none'
  try {
    const modules = await load(client)
    const cells = await tried(client, modules)
    return [client.name, versions, ...Object.keys(columns).map((column) => cells[column])]
  } catch (error) {
    const why = `not run: ${short(error.message)}`
    return [client.name, versions, ...Object.keys(columns).map(() => why)]
  }
}

async function tried(client, modules) {
  const cells = { frames: 'sends none', form: 'not tried' }
  await withServer({}, client, modules, async (one) => {
    cells.list = compared(await one.list())
    for (const [column, [name, args]] of Object.entries(calls))
      cells[column] = await outcome(() => one.call(name, args))
    if (one.frames) cells.frames = await one.frames()
    if (one.form) cells.form = `answered \`${(await one.form()).data?.status}\``
  })
  cells.placeholder = await refusal(client, modules)
  return cells
}

async function outcome(call) {
  try {
    const { refused, words, before } = await call()
    if (before) return 'refused before it is sent'
    return refused ? `refused: ${short(words)}` : 'read'
  } catch (error) {
    return `refused by the client: ${short(error.message)}`
  }
}

/** The same, where the login is a variable that nobody replaced: the server must not start. */
async function refusal(client, modules) {
  try {
    await withServer(
      { DID_MCP_LOGIN: `\${DID_MCP_LOGIN}`, DID_MCP_SECRET: 'not a secret' },
      client,
      modules,
      () => undefined,
    )
  } catch {
    return 'does not start'
  }
  return 'starts: taken for a login'
}

/** What a client makes of the tools: whether it keeps each, each argument, and each key of a write's numbers. */
function compared(tools) {
  const lost = published.flatMap(({ name, inputSchema }) => {
    const kept = tools.find((tool) => tool.name === name)?.inputSchema
    if (kept === undefined) return [name]
    return namesIn(inputSchema).flatMap((path) => (namesIn(kept).includes(path) ? [] : [`${name}.${path}`]))
  })
  if (lost.length > 0) return `loses ${lost.length}: ${lost.slice(0, 3).join(', ')}`
  const same = published.every(({ name, inputSchema }) => {
    const kept = tools.find((tool) => tool.name === name).inputSchema
    return JSON.stringify(kept) === JSON.stringify(inputSchema)
  })
  return same ? 'as published' : 'every name kept'
}

/** The names of a schema's properties, those of lists of objects too. */
function namesIn({ properties = {}, items, anyOf = [] }) {
  const own = Object.entries(properties).flatMap(([name, inner]) => [
    name,
    ...namesIn(inner).map((deep) => `${name}.${deep}`),
  ])
  return [...own, ...(items ? namesIn(items) : []), ...anyOf.flatMap(namesIn)]
}

async function withServer(env, client, modules, use) {
  const state = mkdtempSync(join(tmpdir(), 'did-mcp-matrix-'))
  const server = {
    command: process.execPath,
    args: [join(root, 'dist/main.js')],
    env: {
      PATH: process.env.PATH,
      HOME: state,
      DID_MCP_STATE_DIR: join(state, 'state'),
      DID_MCP_LOG_LEVEL: 'error',
      ...env,
    },
  }
  const deadline = new Promise((_, reject) => setTimeout(reject, 60_000, new Error('nothing within 60 s')).unref())
  try {
    const one = await Promise.race([client.open(modules, server), deadline])
    try {
      await Promise.race([use(one), deadline])
    } finally {
      await one.close()
    }
  } finally {
    rmSync(state, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** The tools as they leave the server, before any client has read them. */
async function publishedTools() {
  const [raw] = clients
  let tools = []
  await withServer({}, raw, {}, async (one) => {
    tools = await one.list()
  })
  return tools
}

/** A client's modules; npm installs them where they are not yet, and runs no script of theirs. */
async function load({ packages, modules }) {
  if (packages.length === 0) return {}
  const folder = join(cache, packages.join('+').replace(/[/@]/g, '_'))
  const ready = join(folder, 'ready')
  if (!existsSync(ready)) {
    mkdirSync(folder, { recursive: true })
    const words = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', ...packages]
    execFileSync('npm', words, { stdio: 'ignore', shell: process.platform === 'win32' })
    writeFileSync(ready, '')
  }
  const file = join(folder, 'load.mjs')
  writeFileSync(
    file,
    Object.entries(modules)
      .map(([name, from]) => `export * as ${name} from '${from}'\n`)
      .join(''),
  )
  return import(pathToFileURL(file))
}

function short(text) {
  const line = text.replace(/\s+/g, ' ').replaceAll('|', '/')
  return line.length > 70 ? `${line.slice(0, 70)}…` : line
}
