import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSoapCarrier } from '../../src/carrier/soap/soap-carrier.ts'
import { journalAccount } from '../../src/domain/account.ts'
import type { Journal } from '../../src/journal/journal.ts'
import type { Operation } from '../../src/journal/operation.ts'
import { openSqliteJournal } from '../../src/journal/sqlite/sqlite.ts'
import { type Door, openDoor } from '../../src/operations/door.ts'
import { perform } from '../../src/operations/perform.ts'
import { recover, settleDue } from '../../src/operations/recover.ts'
import { readingsApartMs } from '../../src/operations/settle.ts'
import { builtIn } from '../../src/policy/policy.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/service.ts'
import { manualClock } from '../support/clock.ts'
import { allAllowed } from '../support/policies.ts'

/**
 * Whatever is asked, whatever goes wrong and wherever a process dies: once nothing can land any more, the journal's done
 * operations, replayed, are what the carrier has.
 */
const numbers = ['4355550105', '4355550110', '4355550113']
const quietMs = 60_000
const deadlineMs = 10_000

const tools = ['reserveDID', 'assignDID', 'configDID', 'releaseDID'] as const
const effects = { reserveDID: 'hold', assignDID: 'spend', configDID: 'change', releaseDID: 'destroy' } as const
const faults = [
  'reset before',
  'reset after',
  'late',
  'reset late',
  'cut',
  'envelope 900',
  'unknown code',
  'missing row',
  'html 504',
  'still held',
] as const
const deaths = ['after intent', 'sending committed', 'answer read', 'outcome committed'] as const

interface Write {
  do: 'write'
  tool: (typeof tools)[number]
  on: number[]
  epg: number
  fault: (typeof faults)[number] | undefined
  death: (typeof deaths)[number] | undefined
}

type Step = Write | { do: 'land' | 'wait' | 'restart' }

const write = fc.record({
  do: fc.constant('write' as const),
  tool: fc.constantFrom(...tools),
  on: fc.uniqueArray(fc.integer({ min: 0, max: numbers.length - 1 }), { minLength: 1 }),
  epg: fc.constantFrom(8674, 8675),
  fault: fc.option(fc.constantFrom(...faults), { nil: undefined }),
  death: fc.option(fc.constantFrom(...deaths), { nil: undefined, freq: 3 }),
})
const other = fc.record({ do: fc.constantFrom('land' as const, 'wait' as const, 'restart' as const) })
const steps = fc.array(fc.oneof({ arbitrary: write, weight: 4 }, { arbitrary: other, weight: 1 }), {
  minLength: 3,
  maxLength: 14,
})

test('the journal, replayed, never contradicts the carrier', async () => {
  await fc.assert(fc.asyncProperty(steps, live), { numRuns: 40, seed: 1896130751, path: '2:11' })
}, 120_000)

async function live(script: readonly Step[]): Promise<void> {
  const clock = manualClock()
  const sandbox = await startSandbox({ now: clock.now, lateMs: 86_400_000 })
  const folder = mkdtempSync(join(tmpdir(), 'did-mcp-truth-'))
  const account = { endpoint: sandbox.endpoint, login: 'sandbox', environment: 'sandbox' as const }
  const carrier = createSoapCarrier({
    account,
    secret: 'sandbox',
    timeoutMs: { call: deadlineMs, listing: deadlineMs },
    concurrency: 8,
    retryDelayMs: 1,
  })
  const start = async () => {
    const journal = await openSqliteJournal({ folder })
    const door = openDoor({
      account: journalAccount(account),
      carrier: { ...carrier },
      journal: async () => journal,
      policy: () => ({ ...builtIn, ...allAllowed }),
      clock,
      quietMs,
      deadlineMs,
      log: { warn: () => undefined },
    })
    return { door, journal }
  }
  let process = await start()
  const restart = async () => {
    process.door.ending = true
    await process.journal.close()
    process = await start()
    await recover(process.door)
  }
  const wait = async () => {
    sandbox.landNow()
    await sandbox.landed()
    // What a dead process had begun is fenced a little longer.
    for (const ms of [5000 + deadlineMs + quietMs, readingsApartMs, readingsApartMs]) {
      clock.advance(ms)
      await settleDue(process.door)
    }
  }
  try {
    for (const step of script) {
      clock.advance(1000)
      if (step.do === 'wait') await wait()
      else if (step.do === 'restart') await restart()
      else if (step.do === 'land') sandbox.landNow()
      else if (step.do === 'write' && (await dies(process, sandbox, step))) await restart()
    }
    await restart()
    await wait()
    const { operations } = await process.journal.operations({ limit: 1000 })
    for (const tn of numbers) expect({ tn, ...truth(sandbox, tn) }).toEqual({ tn, ...replayed(operations, tn) })
  } finally {
    await process.journal.close()
    await carrier.close()
    await sandbox.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** One write; true where its process died on the way. */
async function dies(
  { door, journal }: { door: Door; journal: Journal },
  sandbox: Sandbox,
  { tool, on, epg, fault, death }: Write,
): Promise<boolean> {
  if (fault) sandbox.inject({ name: fault, operation: tool })
  const rows = on.map((index) => {
    const tn = numbers[index] ?? ''
    return tool === 'assignDID' || tool === 'configDID' ? { tn, epg } : { tn }
  })
  let die: () => void = () => undefined
  const died = new Promise<true>((resolve) => {
    die = () => resolve(true)
  })
  const over = () => {
    die()
    // A dead process does nothing more.
    return new Promise<never>(() => undefined)
  }
  const real = { ...journal }
  const mortal: Journal = {
    ...real,
    record: async (...args) => {
      const recorded = await real.record(...args)
      return death === 'after intent' ? over() : recorded
    },
    sending: async (...args) => {
      await real.sending(...args)
      if (death === 'sending committed') await over()
    },
    settle: async (...args) => {
      if (death === 'answer read') await over()
      await real.settle(...args)
      if (death === 'outcome committed') await over()
    },
  }
  const mortalDoor: Door = { ...door, journal: async () => mortal }
  const call = perform(mortalDoor, { tool: { name: tool, effect: effects[tool] }, rows }, { name: 'ann' })
  const ended = call.then(
    () => false as const,
    (error: unknown) => {
      // Busy numbers are refused; anything else that throws here is a mistake.
      expect(error).toMatchObject({ code: 'NUMBER_BUSY' })
      return false as const
    },
  )
  const dead = await Promise.race([ended, died])
  sandbox.mend()
  return dead
}

interface Held {
  state: 'available' | 'reserved' | 'assigned'
  epg: number
}

function truth({ inventory }: Sandbox, tn: string): Held {
  const { state, epg } = inventory.truth(tn)
  if (state !== 'available' && state !== 'reserved' && state !== 'assigned') throw new Error(`${tn} is ${state}`)
  // A hold ends by itself after 30 minutes, which no journal is told of.
  return { state: state === 'reserved' ? 'available' : state, epg }
}

function replayed(operations: readonly Operation[], tn: string): Held {
  let held: Held = { state: 'available', epg: 0 }
  for (const { tool, rows } of [...operations].reverse()) {
    const row = rows.find((one) => one.tn === tn)
    if (row === undefined) continue
    // Everything can be known by now.
    expect(row.outcome).toMatch(/^(done|failed|not_attempted)$/)
    if (row.outcome !== 'done') continue
    if (tool === 'assignDID' || tool === 'configDID') held = { state: 'assigned', epg: row.epg ?? 0 }
    if (tool === 'releaseDID') held = { state: 'available', epg: 0 }
  }
  return held
}
