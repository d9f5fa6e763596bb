import { createSoapCarrier } from '../../../src/carrier/soap/soap-carrier.ts'
import { journalAccount } from '../../../src/domain/account.ts'
import { systemClock } from '../../../src/domain/clock.ts'
import type { Journal } from '../../../src/journal/journal.ts'
import { openDoor } from '../../../src/operations/create-operations.ts'
import { perform } from '../../../src/operations/perform.ts'
import { builtIn } from '../../../src/policy/policy.ts'
import { tools } from '../../../src/tools/index.ts'
import { openPlace } from '../../journal/support/places.ts'
import { allAllowed, allConfirmed, unlimited } from '../../support/policies.ts'
import type { Write } from './write.ts'

/**
 * A process that writes, and is killed or stopped at one step of it. The wrappers around journal and carrier are the
 * seam: nothing of it is in the program.
 */
const write: Write = JSON.parse(process.env.WRITE ?? '{}')
const { place, endpoint, tool, calls, kill, pause, confirmation, quietMs } = write

const die = (): Promise<never> => {
  process.kill(process.pid, 'SIGKILL')
  return new Promise(() => undefined)
}

const account = { endpoint, login: 'sandbox', environment: 'sandbox' as const }
const carrier = createSoapCarrier({
  account,
  secret: 'sandbox',
  timeoutMs: { call: 4000, listing: 10_000 },
  concurrency: 8,
  retryDelayMs: 1,
})
const method = carrier[tool].bind(carrier)
carrier[tool] = async (params, call) => {
  try {
    return await method(params, call)
  } finally {
    if (kill === 'answer read') await die()
  }
}

const journal = await openPlace(place)
/** Its own operation: what it settles of ended processes on the way is none of the steps. */
let own: string | undefined
const record: Journal['recordIntent'] = journal.recordIntent.bind(journal)
journal.recordIntent = async (...args) => {
  own = args[0].id
  if (kill === 'before intent') await die()
  const recorded = await record(...args)
  if (kill === 'after intent') await die()
  return recorded
}
const sending: Journal['markSending'] = journal.markSending.bind(journal)
journal.markSending = async (...args) => {
  await sending(...args)
  if (kill === 'sending committed') await die()
  if (pause) process.kill(process.pid, 'SIGSTOP')
}
const settle: Journal['settleNumbers'] = journal.settleNumbers.bind(journal)
journal.settleNumbers = async (...args) => {
  await settle(...args)
  if (kill === 'outcome committed' && args[0] === own) await die()
}

const { effect } = tools.find(({ name }) => name === tool) ?? { effect: 'read' }
if (effect === 'read') throw new Error(`${tool} does not write`)
const door = openDoor({
  account: journalAccount(account),
  carrier,
  journal: async () => journal,
  policy: () => {
    const { limits } = unlimited
    const asked = confirmation === undefined ? allAllowed : allConfirmed
    return { ...builtIn, ...asked, limits: { ...limits, assignedPerDay: write.assignedPerDay } }
  },
  clock: { ...systemClock, after: () => () => undefined },
  quietMs,
  deadlineMs: 4000,
  log: { warn: () => undefined },
})
const answers: object[] = []
for (const rows of calls) {
  const call = perform(door, { tool: { name: tool, effect }, rows, confirmation }, { name: 'crash@test' })
  answers.push(await call.catch(({ name, code, message }) => ({ name, code, message })))
}
process.stdout.write(JSON.stringify(answers))
await journal.close()
await carrier.close()
process.exit(0)
