import {
  type Client,
  type ClientName,
  type Platform,
  placeholders,
  platformNames,
  resolvePlace,
  type System,
  thisSystem,
} from '../clients/clients.ts'
import { addCommand, entryOf, entryText, installLink, startCommand } from '../clients/entry.ts'
import { clientEnvironment } from '../clients/entry-environment.ts'
import { clients } from '../clients/known-clients.ts'
import { callOf } from '../clients/program.ts'
import type { Terminal } from '../terminal/terminal.ts'

export interface ClientConfigOptions {
  /** `generic`: any that launches MCP servers over stdio. */
  client: ClientName | 'generic'
  /** The entry alone, for a script. */
  json?: boolean | undefined
  /** The link alone that installs the entry. */
  link?: boolean | undefined
  env: System['env']
  /** The path of this program, absolute. */
  program: string
}

/**
 * `did-mcp config CLIENT`: the entry for a client, ready to be copied, and where it goes. It prints and writes nothing
 * else, and shows no secret, whatever the environment holds.
 *
 * @returns 0, or 2 where a link is asked for and the client has none
 */
export async function printClientConfig(
  options: ClientConfigOptions,
  terminal: Terminal,
  system: System = thisSystem(options.env),
  node: string = process.execPath,
): Promise<number> {
  const client = options.client === 'generic' ? undefined : clients[options.client]
  const launch = startCommand(node, options.program, system)
  const { env, left } = clientEnvironment(options.env, system.list)
  const forms = formsOf(env)
  const entry = entryOf(client, launch, forms[0].env)
  if (options.json) {
    const file = client && ownFile(client, system)
    const where = client === undefined ? { client: 'generic' } : { client: client.name, file, key: client.key }
    terminal.print(JSON.stringify({ version: 1, ...where, name: 'did', entry }, null, 2))
    return 0
  }
  if (options.link) {
    const link = client && installLink(client, entry)
    terminal.print(
      link ?? `${client?.title ?? 'A client of any kind'} has no install link; vscode and cursor have one.`,
    )
    return link === undefined ? 2 : 0
  }
  const print = (...lines: readonly string[]) => {
    for (const line of lines) terminal.print(line)
  }
  if (client === undefined) {
    print(terminal.strong('did-mcp for any client that launches MCP servers over stdio'), '')
    print('Whatever it calls the keys around it, the entry is this.', '')
    for (const { title, env } of forms) print(title, '', JSON.stringify(entryOf(client, launch, env), null, 2), '')
    print(`Fill in what is written in capitals. ${keepSecret}`, '', launch.why)
    return 0
  }
  print(terminal.strong(`did-mcp for ${client.title}`), '')
  if (client.name === 'claude-code') {
    print(`Run ${forms.length > 1 ? 'one of these' : 'this'} once, in any folder.`, '')
    for (const { title, env } of forms) print(title, '', addCommand(launch, env, system.platform), '')
    print('An earlier one is taken away with: claude mcp remove --scope user did', '')
    print('Or have the same in a file.')
  }
  print(...whereItGoes(client, system), ...(client.opens === undefined ? [] : [client.opens]))
  const beside =
    client.notation === 'toml'
      ? 'Else add the lines at its end.'
      : `If it has "${client.key}" already, add "did" beside what stands there.`
  print(`If there is no such file, make it. ${beside}`, '')
  for (const { title, env } of forms) {
    print(title, '', await entryText(client, entryOf(client, launch, env)), '')
  }
  print(`Fill in what is written in capitals. ${keepSecret}`, '')
  print(client.reload, `Then check it: ${callOf(options.program, system, node)} doctor --client ${client.name}`, '')
  print(launch.why)
  if (left.length > 0) print('', 'Set here, and not in the entry:', ...left.map((line) => `- ${line}`))
  return 0
}

const keepSecret =
  'Keep the secret in a file of its own that only you may read (one line, chmod 600): then it is in no configuration.'

interface EntryForm {
  title: string
  env: Readonly<Record<string, string>>
}

/** The forms of an entry: for the account that is set here, else one for the sandbox and one for an account. */
function formsOf(env: Readonly<Record<string, string>>): [EntryForm, ...EntryForm[]] {
  if ('DID_MCP_LOGIN' in env) return [{ title: 'Your own account:', env }]
  return [
    { title: 'The embedded sandbox, in which nothing is real:', env },
    { title: 'Or your own account:', env: { ...placeholders, ...env } },
  ]
}

/** The person's own file, as far as it can be named here. */
const ownFile = ({ places }: Client, system: System) => {
  const [first = ''] = places[system.platform]
  return resolvePlace(first, system)[0] ?? shownPlace(first, system.platform)
}

function whereItGoes({ places }: Client, system: System): string[] {
  const { platform } = system
  const own = (one: Platform) => places[one].filter((place) => !place.startsWith('./'))
  const [first, ...more] = own(platform).map((place) => resolvePlace(place, system)[0] ?? shownPlace(place, platform))
  const project = places[platform].filter((place) => place.startsWith('./')).map((place) => place.slice(2))
  const others = (Object.keys(platformNames) as Platform[]).filter((one) => own(one).join() !== own(platform).join())
  return [
    `It goes into ${first}`,
    ...more.map((place) => `  or ${place}`),
    ...project.map((place) => `  or ${shownPlace(place, platform)} in a project's folder`),
    ...others.map(
      (one) =>
        `(${platformNames[one]}: ${own(one)
          .map((place) => shownPlace(place, one))
          .join(' or ')})`,
    ),
  ]
}

const shownPlace = (place: string, platform: Platform) => (platform === 'win32' ? place.replaceAll('/', '\\') : place)
