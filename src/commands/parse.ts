import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { parseTelephoneNumber } from '../carrier/telephone-number.ts'
import type { Journal, OperationStatus } from '../journal/journal.ts'
import { noStandsMs } from '../operations/confirm.ts'
import { approve, deny, lift, listApprovals } from './approvals.ts'
import { type ClientName, clientNames } from './clients.ts'
import { withJournal } from './journal.ts'
import { listOperations, type OperationsQuery, resolveOperation } from './operations.ts'
import { openTerminal } from './terminal.ts'
import { whoAmI } from './who.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The commands of the terminal.
 *
 * @param program the path of this program, for the demo to start
 * @returns the exit code: 0, 1 for what failed, 2 for what was asked or set wrongly
 */
export async function parse(args: readonly string[], env: Environment, program: string): Promise<number> {
  let code = 0
  const { stdin, stdout, stderr } = process
  const terminal = openTerminal({ stdin, stdout, stderr, env })
  const onJournal = async (command: (journal: Journal) => Promise<number>) => {
    code = await withJournal(env, command, terminal)
  }
  const decider = () => ({ by: whoAmI(), now: Date.now })

  const cli = new Command('did-mcp')
    .description('MCP server for telephone numbers (DIDs). Without a command it serves MCP over stdio.')
    .version(DID_MCP_VERSION)
    .exitOverride()
    .enablePositionalOptions()

  cli
    .command('sandbox')
    .description('only the embedded carrier, as a SOAP service on loopback, for any SOAP client')
    .option('--port <number>', 'port on 127.0.0.1; 0: the system chooses', whole(0, 65_535), 0)
    .option('--owned <number>', 'numbers that the account owns', whole(0, 500_000), 25)
    .action(async (options: { port: number; owned: number }) => {
      const { sandbox } = await import('./sandbox.ts')
      await sandbox(options)
    })

  const operations = cli
    .command('operations')
    .description('the journal: what was done to which number, by whom, on whose yes, with what outcome')
    // What stands behind `resolve` is its own: it has a --tn too.
    .enablePositionalOptions()
    .option('--tn <number>', 'operations on this number', telephoneNumber)
    .addOption(new Option('--tool <name>', 'of this tool').choices(writeTools))
    .option('--since <when>', 'started since: an ISO date or time, or 24h, 7d', moment)
    .addOption(new Option('--status <status>', 'with this status').choices(statuses))
    .option('--limit <number>', 'at most so many', whole(1, 10_000), 50)
    .option('--json', 'as JSON, with every number', false)
    .action((options: OperationsQuery & { status?: OperationStatus }) =>
      onJournal((journal) => listOperations(journal, options, terminal)),
    )
  operations
    .command('resolve <id>')
    .description("records a person's word on an uncertain number")
    .requiredOption('--tn <number>', 'the number', telephoneNumber)
    .addOption(new Option('--as <outcome>', 'how it ended').choices(['done', 'failed']).makeOptionMandatory())
    .action((id: string, { tn, as }: { tn: string; as: 'done' | 'failed' }) => {
      const { by, now } = decider()
      return onJournal((journal) => resolveOperation(journal, { id, tn, as, by, at: now() }, terminal))
    })

  const approvals = cli.command('approvals').description('the requests that wait for a person, and the noes in force')
  approvals
    .command('list', { isDefault: true })
    .description('lists them')
    .action(() => onJournal((journal) => listApprovals(journal, decider(), terminal)))
  approvals
    .command('approve <id>')
    .description('shows what was previewed and asks for a yes')
    .action((id: string) => onJournal((journal) => approve(journal, id, decider(), terminal)))
  approvals
    .command('deny <id>')
    .description(`says no; it stands for these numbers for ${noStandsMs / 60_000} minutes`)
    .action((id: string) => onJournal((journal) => deny(journal, id, decider(), terminal)))
  approvals
    .command('lift <id>')
    .description('takes a no back')
    .action((id: string) => onJournal((journal) => lift(journal, id, terminal)))

  cli
    .command('audit')
    .description('the whole account as CSV')
    .requiredOption('--csv <file>', 'the file to write')
    .option('--force', 'replace a file of that name', false)
    .action(async (options: { csv: string; force: boolean }) => {
      const { audit } = await import('./audit.ts')
      code = await audit(options, env, terminal)
    })

  cli
    .command('doctor')
    .description('looks at configuration, policy, journal and carrier one by one, and says what to do')
    .addOption(new Option('--client <name>', 'at what this client is set up with').choices(clientNames))
    .option('--json', 'as JSON', false)
    .action(async (options: { client?: ClientName; json: boolean }) => {
      const { doctor } = await import('./doctor.ts')
      code = await doctor({ env, program, ...options }, terminal)
    })

  cli
    .command('config')
    .description('prints the entry for a client, and where it goes; it writes nothing')
    .addArgument(new Argument('<client>').choices(clientNames))
    .action(async (client: ClientName) => {
      const { printClientConfig } = await import('./client-config.ts')
      code = printClientConfig({ client, env, program }, terminal)
    })

  cli
    .command('demo')
    .description('the whole life of a number, through a real MCP client over stdio, on the embedded carrier')
    .action(async () => {
      const { demo } = await import('./demo.ts')
      code = await demo(program, terminal)
    })

  try {
    await cli.parseAsync(args, { from: 'user' })
  } catch (error) {
    // commander has said on stderr what is wrong; --help and --version end here too, with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    throw error
  }
  return code
}

const writeTools = ['reserveDID', 'assignDID', 'configDID', 'releaseDID']
const statuses = ['open', 'done', 'partly_done', 'failed', 'uncertain']

function whole(least: number, most: number) {
  return (text: string): number => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    if (value >= least && value <= most) return value
    throw new InvalidArgumentError(`A whole number from ${least} to ${most} was expected.`)
  }
}

function telephoneNumber(text: string): string {
  try {
    return parseTelephoneNumber(text)
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : 'A telephone number was expected.')
  }
}

/** Milliseconds since 1970. */
function moment(text: string): number {
  const ago = /^(\d{1,5})([hd])$/.exec(text)
  if (ago) return Date.now() - Number(ago[1]) * (ago[2] === 'h' ? 3_600_000 : 86_400_000)
  const at = /^\d{4}-\d{2}-\d{2}(T.+)?$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw new InvalidArgumentError('An ISO date or time was expected, or 24h, 7d.')
  return at
}
