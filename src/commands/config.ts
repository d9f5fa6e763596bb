import {
  type Client,
  type ClientName,
  clients,
  type Platform,
  placeholders,
  platformNames,
  resolvePlace,
  type System,
  thisSystem,
} from '../clients/clients.ts'
import { clientEnvironment } from '../clients/entry-environment.ts'
import { callOf, isCached, isSame, npx, quoted } from '../clients/program.ts'
import type { Terminal } from '../terminal/terminal.ts'

export interface ClientConfigOptions {
  client: ClientName
  env: System['env']
  /** The path of this program, absolute. */
  program: string
}

/**
 * `did-mcp config CLIENT`: the entry for a client, ready to be copied, and where it goes. It prints and writes nothing
 * else, and shows no secret, whatever the environment holds.
 *
 * @returns 0
 */
export function printClientConfig(
  options: ClientConfigOptions,
  terminal: Terminal,
  system: System = thisSystem(options.env),
  node: string = process.execPath,
): number {
  const client = clients[options.client]
  const launch = launchOf(node, options.program, system)
  const { env, left } = clientEnvironment(options.env, system.list)
  const forms = formsOf(env)
  const print = (...lines: readonly string[]) => {
    for (const line of lines) terminal.print(line)
  }
  print(terminal.strong(`did-mcp for ${client.title}`), '')
  if (client.name === 'claude-code') {
    print(`Run ${forms.length > 1 ? 'one of these' : 'this'} once, in any folder.`, '')
    for (const { title, env } of forms) print(title, '', addCommand(launch, env, system.platform), '')
    print('An earlier one is taken away with: claude mcp remove --scope user did', '')
    print('Or have the same in a file.')
  }
  print(...whereItGoes(client, system), ...(client.opens === undefined ? [] : [client.opens]))
  print(`If there is no such file, make it. If it has "${client.key}" already, add "did" beside what stands there.`, '')
  for (const { title, env } of forms) {
    print(title, '', JSON.stringify({ [client.key]: { did: entry(client, launch, env) } }, null, 2), '')
  }
  print(`Fill in what is written in capitals. ${keepSecret}`, '')
  print(client.reload, `Then check it: ${callOf(options.program, system, node)} doctor --client ${client.name}`, '')
  print(launch.why)
  if (left.length > 0) print('', 'Set here, and not in the entry:', ...left.map((line) => `- ${line}`))
  return 0
}

const keepSecret =
  'Keep the secret in a file of its own that only you may read (one line, chmod 600): then it is in no configuration.'

/** For the account that is set here; where none is, for the sandbox, and for an account. */
function formsOf(env: Readonly<Record<string, string>>) {
  if ('DID_MCP_LOGIN' in env) return [{ title: 'Your own account:', env }]
  return [
    { title: 'The embedded sandbox, in which nothing is real:', env },
    { title: 'Or your own account:', env: { ...placeholders, ...env } },
  ]
}

interface Launch {
  command: string
  args: readonly string[]
  why: string
}

/** Links that stay when Node is updated: Homebrew's own folder has the version in its name. */
const lastingNodes = ['/opt/homebrew/bin/node', '/usr/local/bin/node', '/usr/bin/node']

function launchOf(node: string, program: string, { platform }: System): Launch {
  // A copy in npx's cache goes away with the cache.
  if (isCached(program)) {
    const [command = '', ...args] = platform === 'win32' ? ['cmd', '/c', ...npx] : npx
    const why =
      'This copy lies in the cache of npx, so the entry asks npx for it at each start. A client that does not find npx ' +
      'needs full paths: npm install --global did-mcp, and print this anew with it.'
    return { command, args, why }
  }
  const command = lastingNodes.find((one) => isSame(one, node)) ?? node
  const why =
    'Full paths, because clients have neither your PATH nor your folder. Print it anew when Node or did-mcp moves.'
  return { command, args: [program], why }
}

function entry(client: Client, { command, args }: Launch, env: Readonly<Record<string, string>>) {
  return { ...(client.typed && { type: 'stdio' }), command, args, ...(Object.keys(env).length > 0 && { env }) }
}

/** `--env` takes every word up to the next option, so another option stands between it and the name. */
function addCommand({ command, args }: Launch, env: Readonly<Record<string, string>>, platform: Platform): string {
  const variables = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`])
  const words = ['claude', 'mcp', 'add', ...variables, '--scope', 'user', 'did', '--', command, ...args]
  return words.map((word) => quoted(word, platform)).join(' ')
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
