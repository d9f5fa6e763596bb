// The rooms of the house: what each is for, and what it may import. check-arrows.mjs proves it; the tables in AGENTS.md and
// docs/architecture.md are written from it (npm run write:readme-tables).
import { existsSync } from 'node:fs'

/** What other rooms may know of the carrier: its port, its codes and its errors, not its adapter. */
const carrierPort = ['carrier/*']

/** What other rooms may know of the journal: its port, and what an operation and a question are. */
const journalPort = ['journal/journal.ts', 'journal/operation.ts', 'journal/question.ts']

/** What a tool may know of a write: why one is refused, and what its answer is. Never the door itself. */
const writeWords = ['operations/refusal.ts', 'operations/envelope.ts']

/**
 * Each room with its job, from the entry downward, and what it may import beside itself: a list, or every room but those
 * named. `room/` is all that lies in a folder, `room/*` only the files directly in it, anything else one file. A room
 * whose folder is not there yet has its arrows already, and stands in no table.
 */
export const rooms = [
  { room: 'main.ts', job: 'the entry: reads argv and environment, and exits', may: ['commands/'] },
  { room: 'commands/', job: 'the command line, one file a command', may: { but: ['main.ts'] } },
  { room: 'app/', job: 'wires the rooms together', may: { but: ['main.ts', 'commands/', 'transports/'] } },
  {
    room: 'doctor/',
    job: 'what is wrong with a set-up, one file a check',
    may: ['domain/', 'policy/', ...carrierPort, ...journalPort, 'clients/', 'config/', 'terminal/'],
  },
  {
    room: 'clients/',
    job: 'the programs that launch us: their configuration files and entries',
    may: ['domain/', 'config/'],
  },
  {
    room: 'terminal/',
    job: 'what a person sees there: columns, wrapping, questions, times',
    may: ['domain/untrusted.ts'],
  },
  {
    room: 'transports/',
    job: 'lines in, lines out, over pipes or HTTP; an orderly end',
    may: ['domain/', 'mcp/json-rpc.ts', 'mcp/frames.ts'],
  },
  {
    room: 'mcp/',
    job: 'the MCP face, as functions that know no SDK: tools, resources, prompts, completion, forms; `mcp/legacy.ts` puts it on one',
    may: ['domain/', 'policy/', ...carrierPort, ...journalPort, 'listings/', 'operations/', 'tools/'],
  },
  {
    room: 'tools/',
    job: 'one file a tool, a value; `tools/index.ts` is the table',
    may: ['domain/', 'policy/', ...carrierPort, ...journalPort, 'listings/', ...writeWords],
  },
  {
    room: 'operations/',
    job: 'a write from intent to outcome: the one door, `operations/perform.ts`',
    may: ['domain/', 'policy/', ...carrierPort, ...journalPort],
  },
  { room: 'listings/', job: 'large answers, held for paging; CSV', may: ['domain/', ...carrierPort] },
  { room: 'access/', job: 'who a token is, and what it may', may: ['domain/'] },
  {
    room: 'pages/',
    job: 'what a person opens in a browser',
    may: ['domain/', 'access/', 'operations/', ...journalPort],
  },
  { room: 'notify/', job: 'what people are told of', may: ['domain/', ...journalPort] },
  { room: 'metrics/', job: "what an operator's systems read", may: ['domain/'] },
  {
    room: 'policy/',
    job: 'may this be done, and who must say yes: pure, data in and data out',
    may: ['domain/'],
  },
  { room: 'carrier/', job: 'the port and its codes; `carrier/soap/` is the adapter', may: ['domain/'] },
  {
    room: 'journal/',
    job: 'what was meant, asked and done: the port and its one implementation, on two engines',
    may: ['domain/'],
  },
  {
    room: 'sandbox/',
    job: "the embedded carrier; its codes and texts are its own, so that neither side hides the other's mistake",
    may: ['carrier/soap/wsdl.ts', 'domain/loopback.ts'],
  },
  {
    room: 'config/',
    job: 'environment and policy files to plain data, every problem named at once',
    may: ['domain/', 'policy/'],
  },
  {
    room: 'log.ts',
    job: 'JSON lines to stderr, secrets taken out by key and by value',
    may: ['domain/', 'stack.ts'],
  },
  { room: 'stack.ts', job: 'the place in a stack that an error came from', may: [] },
  { room: 'ambient.d.ts', job: 'what the bundler puts in place', may: [] },
  {
    room: 'domain/',
    job: 'the nouns that every room speaks: number, facts, effect, names of the writes, account, untrusted text, clock',
    may: [],
  },
]

/** Places that are known to few: who may import them, whatever the rooms allow. */
export const knownTo = {
  'commands/*': ['main.ts', 'commands/parse.ts'],
  'app/': ['app/', 'commands/'],
}

/** The most files in a room, those of its catalogues left out. */
export const mostFiles = 32

/** Folders of values of one kind, a file each: they grow with what there is to list. */
export const catalogues = ['tools/', 'operations/writes/']

/** Packages that belong to rooms. */
export const packages = {
  '@modelcontextprotocol/sdk': [
    'mcp/legacy.ts',
    'mcp/legacy-wire.ts',
    'commands/call/connect-inside.ts',
    'commands/demo/demo-client.ts',
  ],
  commander: ['commands/'],
  'env-paths': ['config/'],
  jose: ['access/'],
  kysely: ['journal/'],
  libsql: ['journal/'],
  pg: ['journal/'],
  pino: ['log.ts'],
  sax: ['carrier/soap/', 'sandbox/'],
  soap: ['carrier/soap/', 'sandbox/'],
}

/** Rooms that stay pure: the only packages they may import, Node's own included. */
export const pure = { 'policy/': ['zod'], 'domain/': [] }

/** What a room may import, each as a place. */
export function allowedIn({ may }) {
  return Array.isArray(may) ? may : rooms.map(({ room }) => room).filter((room) => !may.but.includes(room))
}

/** A document with the rooms that there are written anew, between its two comments: `rooms`, or `folders` for a map. */
export function withRoomTable(document) {
  return document.replace(/(<!-- (rooms|folders) -->\n)[\s\S]*?(<!-- \/\2 -->)/, (_, open, table, close) => {
    return `${open}${(table === 'rooms' ? roomTable() : folderTable()).join('\n')}\n${close}`
  })
}

function roomTable() {
  const places = (list) =>
    list
      .filter((place) => isThere(place.replace(/\*$/, '')))
      .map((place) => `\`${place}\``)
      .join(', ') || 'nothing'
  return [
    '| room | job | may import |',
    '|---|---|---|',
    ...rooms
      .filter(({ room }) => isThere(room))
      .map(({ room, job, may }) => {
        return `| \`${room}\` | ${job} | ${Array.isArray(may) ? places(may) : `all but ${places(may.but)}`} |`
      }),
  ]
}

function folderTable() {
  const folders = rooms.filter(({ room }) => room.endsWith('/') && isThere(room))
  return ['| room | job |', '|---|---|', ...folders.map(({ room, job }) => `| \`${room}\` | ${job} |`)]
}

const isThere = (place) => existsSync(new URL(place, new URL('../src/', import.meta.url)))
