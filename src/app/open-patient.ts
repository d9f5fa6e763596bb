import type { CarrierReads, Queried } from '../carrier/carrier.ts'
import type { Machine } from '../config/machine.ts'
import { type Config, readConfig } from '../config/read-config.ts'
import type { Env } from '../config/variables.ts'
import { patienceMs } from '../doctor/network.ts'
import type { Patient, Person } from '../doctor/patient.ts'
import { everyTool, toolsWith } from '../tools/index.ts'
import { onFirstNeed } from './on-first-need.ts'
import { openCarrier } from './open-carrier.ts'
import { isBegun, openJournal } from './open-journal.ts'

/** Opens what the doctor looks at: each part on first need. */
export function openPatient(env: Env, machine: Machine, person: Person): Patient {
  const read = readConfig(env, machine, everyTool)
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
    tools: 'problems' in read ? everyTool : toolsWith(read.config.toolsets),
    problems: 'problems' in read ? read.problems : [],
    config,
    journal: {
      begun: async () => isBegun(config()),
      open: async () => openJournal(config()),
      tryIn: async (folder) => openJournal({ stateDir: folder, databaseUrl: undefined }),
    },
    endpoint: async () => (await carrier.get()).endpoint,
    proxy: () => config().carrier?.proxy,
    async tunnel(through, to) {
      const { openTunnel } = await import('../carrier/soap/tunnel.ts')
      return openTunnel(through, to, AbortSignal.timeout(patienceMs))
    },
    ask() {
      answer ??= carrier.get().then((reached) => reached.carrier.queryDID(fictional, {}))
      return answer
    },
    close: carrier.close,
  }
}

/** Nobody's by the numbering plan (555-0100 to 0199), so that no carrier can have it. */
const fictional = '2125550100'

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
  const carrier = openCarrier({
    ...config,
    carrier: { login, secret, endpoint, environment: 'sandbox', proxy: undefined },
  })
  return {
    endpoint: new URL(endpoint),
    carrier,
    async close() {
      await carrier.close()
      await close()
    },
  }
}
