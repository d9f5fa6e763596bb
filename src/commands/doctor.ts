import { openPatient } from '../app/open-patient.ts'
import { type ClientName, type System, thisSystem } from '../clients/clients.ts'
import { clients } from '../clients/known-clients.ts'
import { callOf } from '../clients/program.ts'
import { type Machine, thisMachine } from '../config/machine.ts'
import { type Examined, examine, type Finding } from '../doctor/check.ts'
import { environmentOf } from '../doctor/check-variables.ts'
import { checks, clientChecks } from '../doctor/checks.ts'
import { findLaunch, type Launch } from '../doctor/launch.ts'
import { asJson, printExamined, printSummary, theRest } from '../doctor/report.ts'
import type { Terminal } from '../terminal/terminal.ts'

export interface DoctorOptions {
  env: Readonly<Record<string, string | undefined>>
  /** Looks at the configuration that this client holds, instead of that of the terminal. */
  client?: ClientName | undefined
  json: boolean
  /** The path of this program. */
  program: string
}

/**
 * `did-mcp doctor`: looks at one thing after the other, from Node to the carrier's answer, and says what to do about
 * whatever is not as it should be. Nothing is written to the carrier, and no secret is shown.
 *
 * @returns 0 where nothing failed, else 1.
 */
export async function doctor(
  options: DoctorOptions,
  terminal: Terminal,
  machine: Machine = thisMachine(),
  system: System = thisSystem(options.env),
): Promise<number> {
  const { client, json } = options
  const whose = client && clients[client].title
  const subject = whose === undefined ? 'the environment of this terminal' : `the configuration of ${whose}`
  if (!json) terminal.print(`did-mcp ${DID_MCP_VERSION} looks at ${subject}.\n`)
  const examined: Examined[] = []
  for await (const one of examineAll(options, machine, system)) {
    examined.push(one)
    if (!json) printExamined(one, terminal)
  }
  if (json) terminal.print(asJson(subject, examined))
  else printSummary(examined, terminal)
  return examined.some(({ verdict }) => verdict === 'failed') ? 1 : 0
}

async function* examineAll(
  { env, client: name, program }: DoctorOptions,
  machine: Machine,
  system: System,
): AsyncGenerator<Examined, void> {
  const client = name && clients[name]
  const call = callOf(program, system)
  let given = env
  if (client !== undefined) {
    const found = await findLaunch(client, { program, call }, system, machine)
    yield* examine(clientChecks, { found, system, call })
    // Without an entry there is no environment to look at.
    if (found.launch === undefined) return
    given = environmentOf(found.launch, system)
    const unknown = Object.keys(found.launch.env).filter((variable) => given[variable] === undefined)
    if (unknown.length > 0) {
      yield { name: theRest, verdict: 'skipped', ms: 0, findings: [withheld(found.launch, unknown)] }
      return
    }
  }
  const patient = openPatient(given, machine, { call, env })
  try {
    yield* examine(checks, patient)
  } finally {
    await patient.close()
  }
}

function withheld({ client: { title }, env }: Launch, names: readonly string[]): Finding {
  const next = `To look at it, set ${names.join(', ')} in this terminal too.`
  const asks = names.every((name) => /^\$\{input:/.test(String(env[name])))
  const why = asks ? 'it asks a person for it' : 'it takes it from an environment of its own'
  return { verdict: 'skipped', what: `only ${title} knows ${names.join(', ')}: ${why}`, next }
}
