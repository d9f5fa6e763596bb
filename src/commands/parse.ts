import { Command, CommanderError, Option } from 'commander'
import { wronglySet } from '../app/configuration.ts'
import { type PersonsJournal, withJournal } from '../app/open-journal.ts'
import { type JournalReader, whoAmI } from '../app/who.ts'
import type { ClientName } from '../clients/clients.ts'
import { clientNames } from '../clients/known-clients.ts'
import { callHere } from '../clients/program.ts'
import type { Env } from '../config/variables.ts'
import { writeTools } from '../domain/write-tool.ts'
import { type OperationStatus, operationStatuses } from '../journal/operation.ts'
import { noStandsMs } from '../operations/heard.ts'
import { either } from '../terminal/either.ts'
import { type Outlet, openOutlet } from '../terminal/outlet.ts'
import { openTerminal, type Streams, type Terminal } from '../terminal/terminal.ts'
import { approve, deny, lift, listApprovals } from './approvals.ts'
import type { AuditOptions } from './audit.ts'
import { listOperations, type OperationsQuery, type Resolution, resolveOperation } from './operations.ts'
import { csvFile, fileName, moment, note, telephoneNumber, telephoneNumbers, whole } from './parse/arguments.ts'
import { refuseUnknown } from './parse/unknown-words.ts'
import { showOperation } from './shown/one-operation.ts'

/**
 * The commands of the terminal.
 *
 * @param program the path of this program, for the demo to start
 * @returns the exit code: 0, 1 for what failed, 2 for what was asked or set wrongly
 */
export async function parse(
  args: readonly string[],
  env: Env,
  program: string,
  { stdin, stdout, stderr }: Omit<Streams, 'env'> = process,
): Promise<number> {
  const outlets = { out: openOutlet(stdout), err: openOutlet(stderr) }
  const terminal = openTerminal({ stdin, stdout, stderr, env }, outlets)
  const cli = new Command('did-mcp')
    .description('MCP server for telephone numbers (DIDs). Without a command it serves MCP over stdio.')
    .version(DID_MCP_VERSION)
    .exitOverride()
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => void outlets.out.write(text),
      writeErr: (text) => void outlets.err.write(text),
      getOutHelpWidth: () => stdout.columns || 80,
    })
    // Else it breaks nothing below 80 columns.
    .configureHelp({ minWidthToWrap: 20 })
  let code = 0
  const run: Run = {
    env,
    program,
    terminal,
    async ending(command) {
      code = await command
    },
    call: () => callHere(program, env),
    onJournal(command) {
      const reads = (journal: PersonsJournal, name: string) =>
        command(journal, { by: whoAmI(), now: () => journal.now(Date.now()), journal: name, call: run.call() })
      return run.ending(withJournal(env, reads, terminal))
    },
  }
  for (const define of commands) define(cli, run)
  try {
    refuseUnknown(cli, args)
    await cli.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) {
      // commander has said on stderr what is wrong; --help and --version end here too, with 0.
      code = error.exitCode === 0 ? 0 : wronglySet
    } else {
      terminal.fail(`did-mcp: ${error instanceof Error ? error.message : String(error)}`)
      code = 1
    }
  }
  return codeWhenOut(code, outlets)
}

/** The process ends after this: what a slow reader did not take yet would be cut. */
async function codeWhenOut(code: number, { out, err }: { out: Outlet; err: Outlet }): Promise<number> {
  const cut = await out.done()
  if (cut !== undefined) err.write(`did-mcp: the answer is not whole, it could not be written (${cut})\n`)
  return cut === undefined && (await err.done()) === undefined ? code : code || 1
}

/** What a command runs with. */
interface Run {
  env: Env
  program: string
  terminal: Terminal
  /** How a person starts this program. */
  call(): string
  /** The program ends with this command's exit code. */
  ending(command: Promise<number> | number): Promise<void>
  /** A command over the journal, which ends the program with its exit code. */
  onJournal(command: (journal: PersonsJournal, reader: JournalReader) => Promise<number>): Promise<void>
}

/** The commands, in the order of --help. What a command does is loaded when it is run, where that takes more than the journal. */
const commands: readonly ((cli: Command, run: Run) => void)[] = [
  serve,
  sandbox,
  operations,
  call,
  approvals,
  audit,
  backup,
  doctor,
  config,
  demo,
]

function serve(cli: Command, { env, program, terminal, ending }: Run): void {
  cli
    .command('serve')
    .description('the same tools over Streamable HTTP at /mcp, for many clients; /healthz and /readyz')
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option('--port <number>', 'its port; 0: the system chooses', whole(0, 65_535), 8080)
    .action(async (options: { host: string; port: number }) => {
      const { serve } = await import('./serve.ts')
      return ending(serve({ env, program, ...options }, terminal))
    })
}

function sandbox(cli: Command, { terminal }: Run): void {
  cli
    .command('sandbox')
    .description('only the embedded carrier, as a SOAP service on loopback, for any SOAP client')
    .option('--port <number>', 'port on 127.0.0.1; 0: the system chooses', whole(0, 65_535), 0)
    .option('--owned <number>', 'numbers that the account owns, 0 to 500000', whole(0, 500_000), 25)
    .action(async (options: { port: number; owned: number }) =>
      (await import('./sandbox.ts')).sandbox(options, terminal.print),
    )
}

function operations(cli: Command, { terminal, onJournal }: Run): void {
  const operations: Command = cli
    .command('operations')
    .description('the journal: what was done to which number, by whom, on whose yes, with what outcome')
    // What stands behind `resolve` is its own: it has a --tn too.
    .enablePositionalOptions()
    .argument('[id]', 'one operation whole, with every number', (word) => {
      if (word.startsWith('op_')) return word
      return operations.error(`error: unknown command '${word}'; known: resolve, or an operation's id (op_…)`)
    })
    .usage('[options] [id | command]')
    .option('--tn <number>', 'operations on this number', telephoneNumber)
    .addOption(new Option('--tool <name>', 'of this tool').choices(writeTools))
    .option('--since <when>', 'started since: a date or time (UTC), or 24h, 7d', moment(Date.now))
    .option('--until <when>', 'started before', moment(Date.now))
    .addOption(new Option('--status <status>', 'with this status').choices(operationStatuses))
    .option('--account <label>', 'of the account that is called so in the list')
    .option('--caller <name>', 'asked for by this caller')
    .option('--limit <number>', 'at most so many, 1 to 10000', whole(1, 10_000), 50)
    .addOption(new Option('--json', 'as JSON, with every number').default(false).conflicts('csv'))
    .option('--csv', 'as CSV, a line for each number', false)
    .action((id: string | undefined, options: OperationsQuery & { status?: OperationStatus }) => {
      if (id === undefined) return onJournal((journal, reader) => listOperations(journal, options, reader, terminal))
      const narrowing = ['tn', 'tool', 'since', 'until', 'status', 'account', 'caller', 'limit', 'csv'].find(
        (name) => operations.getOptionValueSource(name) === 'cli',
      )
      if (narrowing) operations.error(`error: --${narrowing} narrows the list; an operation by its id is shown whole`)
      const { json } = options
      return onJournal((journal, reader) => showOperation(journal, { id, json }, reader, terminal))
    })
  operations
    .command('resolve <id>')
    .description("records a person's word on uncertain numbers; at a terminal only")
    .requiredOption('--tn <number...>', 'the numbers (required)', telephoneNumbers)
    .addOption(
      new Option('--as <outcome>', 'how it ended (required)').choices(['done', 'failed']).makeOptionMandatory(),
    )
    .option('--note <text>', 'what the word stands on, at most 200 characters', note)
    .action((id: string, options: Omit<Resolution, 'id'>) =>
      onJournal((journal, reader) => resolveOperation(journal, { id, ...options }, reader, terminal)),
    )
}

function call(cli: Command, { env, program, terminal, ending }: Run): void {
  cli
    .command('call')
    .description("one tool call, under the same policy and confirmation as a client's; the answer as JSON")
    .argument('<tool>', "the tool's name, as releaseDID")
    .argument('<json>', 'its arguments, one JSON object')
    .action(async (tool: string, json: string) => {
      const { callTool } = await import('./call-tool.ts')
      return ending(callTool({ tool, json, env, program }, terminal))
    })
}

function approvals(cli: Command, { terminal, onJournal }: Run): void {
  const approvals = cli
    .command('approvals')
    .description('the requests that wait for a person, the yeses not used yet, and the noes in force')
  approvals
    .command('list', { isDefault: true })
    .description('lists them')
    .option('--json', 'as JSON, with every number', false)
    .action((options: { json: boolean }) =>
      onJournal((journal, reader) => listApprovals(journal, options, reader, terminal)),
    )
  approvals
    .command('approve <id>')
    .description('shows what was previewed and asks for a yes; at a terminal only')
    .action((id: string) => onJournal((journal, reader) => approve(journal, id, reader, terminal)))
  approvals
    .command('deny <id>')
    .description(
      `says no, or takes a yes back that was not used; it stands for these numbers for ${noStandsMs / 60_000} minutes`,
    )
    .action((id: string) => onJournal((journal, reader) => deny(journal, id, reader, terminal)))
  approvals
    .command('lift <id>')
    .description('takes a no back; at a terminal only')
    .action((id: string) => onJournal((journal) => lift(journal, id, terminal)))
}

function audit(cli: Command, { env, terminal, ending }: Run): void {
  const audit: Command = cli
    .command('audit')
    .description('the whole account as CSV or JSON')
    .option('--csv <file>', 'the file to write; - is the standard output', csvFile)
    .addOption(new Option('--json', 'as JSON on the standard output').default(false).conflicts('csv'))
    .option('--force', 'replace a file of that name', false)
    .action(async (options: AuditOptions) => {
      if (options.csv === undefined && !options.json)
        audit.error('error: say where it goes: --csv FILE, --csv - or --json')
      const { audit: read } = await import('./audit.ts')
      return ending(read(options, env, terminal))
    })
}

function backup(cli: Command, { env, terminal, ending }: Run): void {
  cli
    .command('backup')
    .description('a whole, consistent copy of the SQLite journal, while servers run')
    .argument('<file>', 'the file to write; one that exists is refused', fileName)
    .action(async (name: string) => {
      const { backup } = await import('./backup.ts')
      return ending(backup(name, env, terminal))
    })
}

function doctor(cli: Command, { env, program, terminal, ending }: Run): void {
  cli
    .command('doctor')
    .description('looks at configuration, policy, journal and carrier one by one, and says what to do')
    .addOption(new Option('--client <name>', 'at what this client is set up with').choices(clientNames))
    .option('--json', 'as JSON', false)
    .action(async (options: { client?: ClientName; json: boolean }) => {
      const { doctor } = await import('./doctor.ts')
      return ending(doctor({ env, program, ...options }, terminal))
    })
}

function config(cli: Command, { env, program, terminal, ending }: Run): void {
  const config: Command = cli
    .command('config')
    .description('prints the entry for a client, and where it goes; it writes nothing')
    .showHelpAfterError(`choose ${either(configurable)}`)
    .argument('<client>', either(configurable), (word) => {
      return configurable.find((name) => name === word) ?? config.error(`error: no client '${word}'`)
    })
    .option('--json', 'the entry alone, for a script', false)
    .option('--link', 'the link alone that installs the entry (vscode, cursor)', false)
    .action(async (client: (typeof configurable)[number], options: { json: boolean; link: boolean }) => {
      const { printClientConfig } = await import('./print-entry.ts')
      return ending(printClientConfig({ client, env, program, ...options }, terminal))
    })
}

/** The clients that an entry is printed for; any other one has the generic entry, and no file to look at. */
const configurable = [...clientNames, 'generic'] as const

function demo(cli: Command, { program, call, terminal, ending }: Run): void {
  cli
    .command('demo')
    .description('the whole life of a number, through a real MCP client over stdio, on the embedded carrier')
    .action(async () => {
      const { demo } = await import('./demo.ts')
      return ending(demo({ program, call: call() }, terminal))
    })
}
