import type { Used } from '../../../src/domain/budget.ts'
import type { Journal, Refused } from '../../../src/journal/journal.ts'
import type { Intent } from '../../../src/journal/operation.ts'
import { openPlace, type Place } from './places.ts'

/** A process of its own with a journal, told over IPC what to do; see processes.ts. */
export interface Jobs {
  open(place: Place): Promise<void>
  /** Records each intent, within a budget of numbers assigned where given. */
  record(intents: readonly Intent[], budget?: number): Promise<Awaited<ReturnType<Journal['recordIntent']>>[]>
  sending: Journal['markSending']
  settle: Journal['settleNumbers']
  adopt: Journal['adoptOperations']
  close: Journal['close']
  pid(): Promise<number>
}

let journal: Journal | undefined

const opened = (): Journal => {
  if (!journal) throw new Error('no journal was opened')
  return journal
}

const jobs: Jobs = {
  open: async (place) => {
    await journal?.close()
    journal = await openPlace(place)
  },
  record: async (intents, budget) => {
    const answers = []
    for (const intent of intents) answers.push(await opened().recordIntent(intent, within(intent, budget)))
    return answers
  },
  sending: (...args) => opened().markSending(...args),
  settle: (...args) => opened().settleNumbers(...args),
  adopt: (...args) => opened().adoptOperations(...args),
  close: async () => {
    await journal?.close()
    journal = undefined
  },
  pid: async () => process.pid,
}

// A file past its size limit raises this signal, which would end the process before the write could fail.
process.on('SIGXFSZ', () => undefined)
process.on('message', async ({ id, job, args }: { id: number; job: keyof Jobs; args: unknown[] }) => {
  const run = jobs[job] as (...args: unknown[]) => Promise<unknown>
  try {
    process.send?.({ id, answer: (await run(...args)) ?? null })
  } catch (error) {
    const { name, message } = error as Error
    process.send?.({ id, failure: { name, message } })
  }
})
process.on('disconnect', () => process.exit())

function within(intent: Intent, budget: number | undefined) {
  return ({ day: { spend: assigned } }: Used): Refused | undefined =>
    budget !== undefined && assigned + intent.rows.length > budget
      ? { why: 'denied', code: 'LIMIT_EXCEEDED', reason: `${assigned} of ${budget} are assigned` }
      : undefined
}
