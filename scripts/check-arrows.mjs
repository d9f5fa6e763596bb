// Proves that arrows between rooms run downward only: `node scripts/check-arrows.mjs [FOLDER]`, the folder that holds
// src. Exit code 1, with a line for each arrow that runs wrong, and also where it finds no arrows to judge.
//
// It reads source text, not what a compiler leaves of it, because compilers drop type-only imports. Whatever the syntax
// around it, a quoted text that begins with ./ or ../ is an arrow to that file; no other text may begin so.
import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What other rooms may know of the journal: its port, and what an operation and a question are. */
const journalPort = ['journal/journal.ts', 'journal/operation.ts', 'journal/question.ts']

/** What a tool may know of a write: why one is refused, and what its answer is. Never the door itself. */
const writeWords = ['operations/refusal.ts', 'operations/envelope.ts']

/**
 * Each room, and what it may import beside itself. `room/` is all that lies in a folder, `room/*` only the files
 * directly in it, anything else one file.
 */
const rooms = {
  'domain/': [],
  'policy/': ['domain/'],
  'carrier/': ['domain/'],
  'journal/': ['domain/'],
  'terminal/': ['domain/untrusted.ts'],
  'log.ts': ['stack.ts', 'domain/'],
  'stack.ts': [],
  'ambient.d.ts': [],
  'config/': ['domain/', 'policy/'],
  'config.ts': ['domain/', 'config/', 'policy/'],
  'clients/': ['domain/', 'config/'],
  'listings/': ['domain/', 'carrier/*'],
  'operations/': ['domain/', 'carrier/*', 'policy/', ...journalPort],
  'tools/': ['domain/', 'carrier/*', 'listings/', 'policy/', ...journalPort, ...writeWords],
  'mcp/': ['domain/', 'carrier/*', 'listings/', 'policy/', ...journalPort, 'operations/', 'tools/'],
  'transports/': ['domain/', 'mcp/json-rpc.ts', 'mcp/frames.ts'],
  'sandbox/': ['domain/loopback.ts', 'carrier/soap/wsdl.ts'],
  'doctor/': ['domain/', 'carrier/*', 'clients/', 'config/', 'config.ts', ...journalPort, 'policy/', 'terminal/'],
  'app/': [
    'domain/',
    'carrier/',
    'clients/',
    'config/',
    'config.ts',
    'doctor/',
    'journal/',
    'listings/',
    'log.ts',
    'mcp/',
    'operations/',
    'policy/',
    'sandbox/',
    'terminal/',
    'tools/',
  ],
  'commands/': [
    'domain/',
    'app/',
    'carrier/',
    'clients/',
    'config/',
    'config.ts',
    'doctor/',
    'journal/',
    'listings/',
    'log.ts',
    'mcp/',
    'operations/',
    'policy/',
    'sandbox/',
    'terminal/',
    'tools/',
    'transports/',
  ],
  'main.ts': ['commands/'],
}

/** Places that are known to few: who may import them, whatever the rooms allow. */
const knownTo = {
  'commands/*': ['main.ts', 'commands/parse.ts'],
  'app/': ['app/', 'commands/'],
}

/** Packages that belong to rooms. */
const packages = {
  '@modelcontextprotocol/sdk': [
    'mcp/legacy.ts',
    'mcp/legacy-wire.ts',
    'commands/call/connect-inside.ts',
    'commands/demo/demo-client.ts',
  ],
  commander: ['commands/'],
  'env-paths': ['config/'],
  kysely: ['journal/'],
  libsql: ['journal/'],
  pg: ['journal/'],
  pino: ['log.ts'],
  sax: ['carrier/soap/', 'sandbox/'],
  soap: ['carrier/soap/', 'sandbox/'],
}

/** Rooms that stay pure: the only packages they may import, Node's own included. */
const pure = { 'policy/': ['zod'] }

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url))
const files = readdirSync(`${root}/src`, { recursive: true })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.[cm]?[jt]sx?$/.test(file))
  .sort()
const arrows = files.flatMap((file) => arrowsOf(file, readFileSync(`${root}/src/${file}`, 'utf8')))
const wrong = [
  ...files.filter((file) => roomOf(file) === undefined).map((file) => `src/${file}: lies in no room`),
  ...arrows.flatMap(({ file, line, ...arrow }) => {
    const problem = judge(file, arrow)
    return problem === undefined ? [] : [`src/${file}:${line}: ${problem}`]
  }),
]
for (const circle of circles()) wrong.push(`src/${circle.join(' -> ')}: a circle of imports`)
if (arrows.length === 0) wrong.push(`no imports found under ${root}/src`)
for (const line of wrong) console.error(line)
if (wrong.length > 0) process.exit(1)
console.log(`${arrows.length} imports in ${files.length} files, each as the rooms allow`)

/** Every import that a file states: a path under src, the name of a package, or one that is computed at run time. */
function arrowsOf(file, text) {
  const find = (pattern, name) =>
    [...text.matchAll(pattern)].map((match) => ({
      file,
      line: text.slice(0, match.index).split('\n').length,
      ...name(match.groups?.target),
    }))
  return [
    ...find(/(['"`])(?<target>\.{1,2}\/[^'"`\n]*)\1/g, (target) => ({ to: posix.join(posix.dirname(file), target) })),
    // The last form is createRequire(…)('package').
    ...find(
      /(?:\bfrom\b|\bimport\b|\brequire\b|\)\s*(?=\())\s*\(?\s*(['"`])(?<target>[^.'"`\s][^'"`\s]*)\1/g,
      (name) => ({ name }),
    ),
    ...find(/\bimport\s*\((?!\s*(['"`])[^'"`]*\1\s*[,)])/g, () => ({ computed: true })),
  ]
}

function judge(file, { to, name, computed }) {
  const room = roomOf(file)
  if (room === undefined) return undefined
  if (computed) return 'an import whose target is computed cannot be judged'
  if (to !== undefined) {
    const known = Object.entries(knownTo).every(
      ([place, who]) => !covers(place, to) || who.some((one) => covers(one, file)),
    )
    const allowed = [room, ...rooms[room]].some((one) => covers(one, to))
    return known && allowed ? undefined : `${room} may not import ${to}`
  }
  const owned = Object.keys(packages).find((one) => name === one || name.startsWith(`${one}/`))
  if (owned !== undefined && !packages[owned].some((one) => covers(one, file))) return `${room} may not import ${name}`
  if (pure[room]?.includes(name) === false) return `${room} may not import ${name}`
  return undefined
}

/** Each way that leads back to where it began, inside a room too and of types alone; one for each file that closes one. */
function circles() {
  const found = []
  const done = new Set()
  const walk = (file, way) => {
    if (way.includes(file)) found.push([...way.slice(way.indexOf(file)), file])
    if (done.has(file) || way.includes(file)) return
    for (const { to } of arrows.filter((arrow) => arrow.file === file && files.includes(arrow.to))) {
      walk(to, [...way, file])
    }
    done.add(file)
  }
  for (const file of files) walk(file, [])
  return found
}

function roomOf(file) {
  return Object.keys(rooms).find((one) => covers(one, file))
}

function covers(place, file) {
  if (place.endsWith('/*')) return `${posix.dirname(file)}/*` === place
  return place.endsWith('/') ? file.startsWith(place) : file === place
}
