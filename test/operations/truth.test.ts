import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Carrier, Did } from '../../src/carrier/carrier.ts'
import { createSoapCarrier } from '../../src/carrier/soap/soap-carrier.ts'
import { journalAccount } from '../../src/domain/account.ts'
import type { Journal } from '../../src/journal/journal.ts'
import type { Operation } from '../../src/journal/operation.ts'
import { openSqliteJournal } from '../../src/journal/sqlite/sqlite.ts'
import { type OpenDoor, openDoor, through } from '../../src/operations/create-operations.ts'
import { settleDue } from '../../src/operations/orphans.ts'
import { perform } from '../../src/operations/perform.ts'
import { readingsApartMs } from '../../src/operations/settle.ts'
import { builtIn } from '../../src/policy/policy.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/service.ts'
import { manualClock } from '../support/clock.ts'
import { allAllowed } from '../support/policies.ts'

/**
 * Whatever is asked, by two processes at once, whatever goes wrong, whatever an answer says and wherever a process dies:
 * once nothing can land any more, the journal's done operations, replayed, are what the carrier has.
 */
const numbers = ['4355550105', '4355550110', '4355550186']
/** It is put on another endpoint group than asked, as its answer says. Where that is not read, nobody knows who did it. */
const otherwise = '4355550186'
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
  'envelope 900 late',
  'envelope unknown',
  'unknown code',
  'unknown error late',
  'missing row',
  'duplicated row',
  'closing',
  'html 504',
  'still held',
] as const
/** What is read of an answer otherwise than the carrier did it. */
const lies = {
  'names another group': (did) => ({ ...did, status: "Assigned to endpoint '9999' rewritten as '4352154006' Tier 2" }),
  'says nothing': ({ tn, statusCode }) => ({ tn, statusCode }),
  'shows another state': (did) => ({ ...did, availability: 'available' }),
} satisfies { readonly [name: string]: (did: Did) => Did }
const lieNames = Object.keys(lies) as (keyof typeof lies)[]
const deaths = ['after intent', 'sending committed', 'answer read', 'outcome committed'] as const

interface Write {
  do: 'write'
  tool: (typeof tools)[number]
  on: number[]
  epg: number
  fault: (typeof faults)[number] | undefined
  lie: keyof typeof lies | undefined
  /** What another process asks for in the same moment. */
  beside: Pick<Write, 'tool' | 'on' | 'epg'> | undefined
  death: (typeof deaths)[number] | undefined
}

type Step = Write | { do: 'land' | 'wait' | 'restart' }

const asked = {
  tool: fc.constantFrom(...tools),
  on: fc.uniqueArray(fc.integer({ min: 0, max: numbers.length - 1 }), { minLength: 1 }),
  epg: fc.constantFrom(8674, 8675),
}
const write = fc.record({
  do: fc.constant('write' as const),
  ...asked,
  lie: fc.option(fc.constantFrom(...lieNames), { nil: undefined, freq: 2 }),
  beside: fc.option(fc.record(asked), { nil: undefined, freq: 2 }),
  fault: fc.option(fc.constantFrom(...faults), { nil: undefined }),
  death: fc.option(fc.constantFrom(...deaths), { nil: undefined, freq: 3 }),
})
const other = fc.record({ do: fc.constantFrom('land' as const, 'wait' as const, 'restart' as const) })
const steps = fc.array(fc.oneof({ arbitrary: write, weight: 4 }, { arbitrary: other, weight: 1 }), {
  minLength: 3,
  maxLength: 14,
})

test('the journal, replayed, never contradicts the carrier', async () => {
  await fc.assert(fc.asyncProperty(steps, live), { numRuns: 25, endOnFailure: true })
}, 120_000)

async function live(script: readonly Step[]): Promise<void> {
  const time = manualClock()
  let moments = 0
  // No two moments are the same: which of two calls was first can be told.
  const clock = { ...time, now: () => time.now() + ++moments }
  const sandbox = await startSandbox({ now: clock.now, lateMs: 86_400_000 })
  const folder = mkdtempSync(join(tmpdir(), 'did-mcp-truth-'))
  const account = { endpoint: sandbox.endpoint, login: 'sandbox', environment: 'sandbox' as const }
  // Each process has its own: a dead one keeps the turns that it had.
  const carriers: Carrier[] = []
  const start = async () => {
    const timeoutMs = { call: deadlineMs, listing: deadlineMs }
    const carrier = createSoapCarrier({ account, secret: 'sandbox', timeoutMs, concurrency: 8, retryDelayMs: 1 })
    carriers.push(carrier)
    const journal = await openSqliteJournal({ folder })
    const door = openDoor({
      account: journalAccount(account),
      carrier: lying(carrier, () => lie),
      journal: async () => journal,
      policy: () => ({ ...builtIn, ...allAllowed }),
      clock,
      quietMs,
      deadlineMs,
      log: { warn: () => undefined },
    })
    return { door, journal }
  }
  let lie: Write['lie']
  // It looks at nothing by timer: what it leaves is the other's to settle.
  const neighbour = await start()
  neighbour.door.clock = { ...clock, after: () => () => undefined }
  let process = await start()
  const restart = async () => {
    process.door.end()
    await process.journal.close()
    process = await start()
    await through(process.door).recover()
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
      else if (step.do === 'write') {
        lie = step.lie
        if (await dies(process, neighbour, sandbox, step)) await restart()
        lie = undefined
      }
    }
    await restart()
    await wait()
    const { operations } = await process.journal.readOperations({ limit: 1000 })
    for (const tn of numbers) {
      const held = replayed(operations, tn)
      if (held !== 'not known') expect({ tn, ...truth(sandbox, tn) }).toEqual({ tn, ...held })
    }
  } finally {
    await neighbour.journal.close()
    await process.journal.close()
    await Promise.all(carriers.map((carrier) => carrier.close()))
    await sandbox.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** One write; true where its process died on the way. */
async function dies(
  { door, journal }: { door: OpenDoor; journal: Journal },
  neighbour: { door: OpenDoor },
  sandbox: Sandbox,
  { fault, death, beside, ...asked }: Write,
): Promise<boolean> {
  if (fault) sandbox.inject({ name: fault, operation: asked.tool })
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
    recordIntent: async (...args) => {
      const recorded = await real.recordIntent(...args)
      return death === 'after intent' ? over() : recorded
    },
    markSending: async (...args) => {
      await real.markSending(...args)
      if (death === 'sending committed') await over()
    },
    settleNumbers: async (...args) => {
      if (death === 'answer read') await over()
      await real.settleNumbers(...args)
      if (death === 'outcome committed') await over()
    },
  }
  const mortalDoor: OpenDoor = { ...door, journal: async () => mortal }
  const meanwhile = beside && asks(neighbour.door, beside)
  const ended = asks(mortalDoor, asked).then(() => false as const)
  const dead = await Promise.race([ended, died])
  await meanwhile
  sandbox.mend()
  return dead
}

/** One call, whatever becomes of it. Busy numbers are refused; anything else that throws here is a mistake. */
async function asks(door: OpenDoor, { tool, on, epg }: Pick<Write, 'tool' | 'on' | 'epg'>): Promise<void> {
  const rows = on.map((index) => {
    const tn = numbers[index] ?? ''
    return tool === 'assignDID' || tool === 'configDID' ? { tn, epg } : { tn }
  })
  try {
    await perform(door, { tool: { name: tool, effect: effects[tool] }, rows }, { name: 'ann' })
  } catch (error) {
    expect(error).toMatchObject({ code: 'NUMBER_BUSY' })
  }
}

/** The carrier, with successes of writes told as `lie` says. */
function lying(carrier: Carrier, lie: () => Write['lie']): Carrier {
  const liar = { ...carrier }
  for (const tool of tools) {
    liar[tool] = async (...args) => {
      const answer = await carrier[tool](...args)
      const told = lie()
      return told ? { ...answer, dids: answer.dids.map(lies[told]) } : answer
    }
  }
  return liar
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

function replayed(operations: readonly Operation[], tn: string): Held | 'not known' {
  let held: Held | 'not known' = { state: 'available', epg: 0 }
  const written = operations.flatMap(({ tool, rows }) =>
    rows.filter((row) => row.tn === tn).map((row) => ({ tool, ...row })),
  )
  // Everything else can be known by now.
  const known = tn === otherwise ? /^(done|failed|not_attempted|uncertain)$/ : /^(done|failed|not_attempted)$/
  for (const { outcome } of written) expect(outcome).toMatch(known)
  // A number is one operation's at a time, so what was sent later was done later.
  for (const { tool, ...row } of written.sort((a, b) => (a.sentAt ?? 0) - (b.sentAt ?? 0))) {
    if (row.outcome === 'uncertain') held = 'not known'
    if (row.outcome !== 'done') continue
    // Where nobody told on which group it is, it is where it was asked to be, but for the one that is put elsewhere.
    const epg = row.after?.epg ?? (tn === otherwise ? undefined : row.asked.epg)
    if (tool === 'assignDID' || tool === 'configDID')
      held = epg === undefined ? 'not known' : { state: 'assigned', epg }
    if (tool === 'releaseDID') held = { state: 'available', epg: 0 }
  }
  return held
}
