import { onFirstNeed } from '../app/on-first-need.ts'
import { openCarrier } from '../app/open-carrier.ts'
import type { CarrierReads, Queried } from '../carrier/carrier.ts'
import type { Machine } from '../config/machine.ts'
import type { Env } from '../config/variables.ts'
import { type Config, readConfig } from '../config.ts'
import { tools } from '../tools/index.ts'

/** What is looked at: a configuration, and the carrier it leads to. */
export interface Patient {
  env: Env
  machine: Machine
  person: Person
  /** Every problem of the configuration; none where there is a config. */
  problems: readonly string[]
  /** Only for checks that need `configuration`. */
  config(): Config
  /** Where the carrier is: of the embedded sandbox too, which is started for this. */
  endpoint(): Promise<URL>
  /** The one question to the carrier: what a fictional number is. Asked once, whoever needs the answer. */
  ask(): Promise<Queried>
  close(): Promise<void>
}

/** Who reads what was seen, at a terminal. */
export interface Person {
  /** How they start this program: what a command's words come after. */
  call: string
  /** The variables of their terminal, in which that runs. */
  env: Env
}

/** Nobody's by the numbering plan (555-0100 to 0199), so that no carrier can have it. */
const fictional = '2125550100'

export function openPatient(env: Env, machine: Machine, person: Person): Patient {
  const read = readConfig(env, machine, tools)
  const config = () => {
    if ('problems' in read) throw new Error('there is no configuration')
    return read.config
  }
  const carrier = onFirstNeed(async () => reach(config()))
  let answer: Promise<Queried> | undefined
  return {
    env,
    machine,
    person,
    problems: 'problems' in read ? read.problems : [],
    config,
    endpoint: async () => (await carrier.get()).endpoint,
    ask() {
      answer ??= carrier.get().then((reached) => reached.carrier.queryDID(fictional, {}))
      return answer
    },
    close: carrier.close,
  }
}

interface Reached {
  endpoint: URL
  carrier: CarrierReads
  close(): Promise<void>
}

async function reach(config: Config): Promise<Reached> {
  if (config.carrier) {
    const carrier = openCarrier(config)
    return { endpoint: new URL(config.carrier.endpoint), carrier, close: carrier.close }
  }
  const { startSandbox } = await import('../sandbox/service.ts')
  const { login, secret, endpoint, close } = await startSandbox()
  const carrier = openCarrier({ ...config, carrier: { login, secret, endpoint, environment: 'sandbox' } })
  return {
    endpoint: new URL(endpoint),
    carrier,
    async close() {
      await carrier.close()
      await close()
    },
  }
}
