import { describe, expect, test } from 'vitest'
import type { Asked } from '../../src/domain/facts.ts'
import type { DidWriteTool } from '../../src/domain/write-tool.ts'
import type { Journal } from '../../src/journal/journal.ts'
import { through } from '../../src/operations/create-operations.ts'
import type { Door } from '../../src/operations/door.ts'
import { settleDue } from '../../src/operations/orphans.ts'
import { readingsApartMs } from '../../src/operations/settle.ts'
import { dueAtOnce } from '../../src/operations/watch.ts'
import { areaCodes } from '../../src/sandbox/area-codes.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/service.ts'
import { afterwards, engines } from '../journal/support/engines.ts'
import { openPlace, type Place } from '../journal/support/places.ts'
import { tookEffect } from './support/effect.ts'
import { type OnTheWay, startForwarder } from './support/forwarder.ts'
import { deadlineMs, freshProcess } from './support/fresh.ts'
import { type KillPoint, killPoints, startWriter } from './support/write.ts'

/** Longer than the processes take one after the other: only the clock of the one that recovers moves past it. */
const quietMs = 600_000
const tools = ['reserveDID', 'assignDID', 'configDID', 'releaseDID'] as const
/** A number that behaves, and those that do not for writes. */
const lines = ['0100', '0186', '0187', '0188', '0189', '0194', '0195', '0196', '0197', '0198', '0199']

interface Case {
  tool: DidWriteTool
  line: string
  kill: KillPoint
  tn: string
}

/** Lines 0150 and up of some of them are owned from the start; none of those is used here. */
const geographic = areaCodes.filter(({ state }) => state !== 'TF').map(({ npa }) => npa)

/** Each tool and step has an area code of its own, so that each case has its own number. */
const cases: Case[] = tools.flatMap((tool, row) =>
  killPoints.flatMap((kill, column) => {
    const npa = geographic[row * killPoints.length + column]
    return lines.map((line) => ({ tool, line, kill, tn: `${npa}555${line}` }))
  }),
)

describe.each(engines)('killed at each step of a write, on $engine', ({ engine, place: newPlace }) => {
  test('no outcome contradicts the carrier, nothing is sent twice, no number is without a row', async () => {
    const sampled = engine === 'SQLite' ? cases : cases.filter((_, index) => index % 9 === 0)
    const place = newPlace()
    const sandbox = await killAll(place, sampled)
    const { journal, door, clock, close } = await freshProcess(sandbox.endpoint, place, quietMs)
    afterwards(close)

    // A process that was killed later had taken over what an earlier one left, and left it again.
    await through(door).recover()
    await settleAllDue(door, sampled)
    expect((await journal.readOperations({ status: 'open', limit: 1 })).operations).toEqual([])
    await contradictsNothing(journal, sandbox, sampled)
    await neverTooEarly(journal, sandbox, sampled)

    sandbox.landNow()
    await sandbox.landed()
    await contradictsNothing(journal, sandbox, sampled)

    // Past the fence, and past what a process may have lain between its `sending` row and its first byte.
    clock.advance(5000 + deadlineMs + quietMs)
    await settleAllDue(door, sampled)
    clock.advance(readingsApartMs)
    await settleAllDue(door, sampled)
    clock.advance(readingsApartMs)
    await settleAllDue(door, sampled)
    await contradictsNothing(journal, sandbox, sampled)
    await endedAll(journal, sandbox, sampled)
    process.stdout.write(`kill matrix on ${engine}: ${sampled.length} cases\n`)
  }, 600_000)
})

/** Runs every case in a process of its own, a few at once, and sees each of them killed. */
async function killAll(place: Place, sampled: readonly Case[]): Promise<Sandbox> {
  const sandbox = await startSandbox({ slowMs: 50, lateMs: 3_600_000 })
  afterwards(() => sandbox.close())
  for (const { tool, tn, line } of sampled) {
    if (tool !== 'configDID' && tool !== 'releaseDID') continue
    // Line 0186 goes to the group after the one that is asked for.
    sandbox.inventory.assign({ tn, epg: line === '0186' ? 13550 : 8674, cnam: false, refId: 'before' })
    expect(sandbox.inventory.truth(tn)).toMatchObject({ owner: 'us', epg: 8674 })
  }
  const enders = new Map<string, OnTheWay>()
  const isWrite = /<(?:\w+:)?(?:reserve|assign|config|release)DID\b/
  const proxy = await startForwarder(
    sandbox.endpoint,
    (body) => (isWrite.test(body) && enders.get(/\b\d{10}\b/.exec(body)?.[0] ?? '')) || {},
  )
  afterwards(() => proxy.close())
  // The migrations are made once, as by the server that the person started first.
  await (await openPlace(place)).close()

  const waiting = [...sampled]
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { tool, tn, kill } = next
      const writer = await startWriter({
        place,
        endpoint: proxy.endpoint,
        tool,
        calls: [[asked(next)]],
        kill,
        quietMs,
        assignedPerDay: null,
      })
      const end = async (point: KillPoint) => {
        if (point !== kill) return
        writer.child.kill('SIGKILL')
        await writer.ended
      }
      enders.set(tn, { requestSent: () => end('request sent'), carrierActed: () => end('carrier acted') })
      expect([next, await writer.ended]).toEqual([next, 'SIGKILL'])
    }
  }
  await Promise.all([worker(), worker(), worker()])
  // The account is named by the endpoint that the processes were given.
  return { ...sandbox, endpoint: proxy.endpoint }
}

/** As often as it takes to look at every number. */
async function settleAllDue(door: Door, { length }: readonly Case[]): Promise<void> {
  for (let left = length; left > 0; left -= dueAtOnce) await settleDue(door)
}

function asked({ tool, tn }: Case): Asked {
  if (tool === 'assignDID') return { tn, epg: 8674, cnam: false, refId: 'after' }
  if (tool === 'configDID') return { tn, epg: 8675 }
  return { tn }
}

async function rowOf(journal: Journal, { tn }: Case) {
  const { operations } = await journal.readOperations({ tn, limit: 10 })
  expect(operations.length).toBeLessThanOrEqual(1)
  return operations[0]?.rows.find((row) => row.tn === tn)
}

async function contradictsNothing(journal: Journal, sandbox: Sandbox, sampled: readonly Case[]): Promise<void> {
  for (const one of sampled) {
    const row = await rowOf(journal, one)
    const sent = sandbox.calls.filter(({ operation, tns }) => operation === one.tool && tns.includes(one.tn))
    expect([one, sent.length]).toEqual([one, Math.min(sent.length, 1)])
    // Killed before its intent, a number has no row, and nothing was sent for it.
    if (one.kill === 'before intent') expect([one, row, sent]).toEqual([one, undefined, []])
    else expect([one, row?.outcome]).toEqual([one, expect.any(String)])
    if (row?.outcome === 'done') expect([one, tookEffect(sandbox, one.tool, one.tn)]).toEqual([one, true])
    if (row?.outcome === 'failed' || row?.outcome === 'not_attempted') {
      expect([one, tookEffect(sandbox, one.tool, one.tn)]).toEqual([one, false])
    }
  }
}

/** What is still to land is called neither failed nor done. */
async function neverTooEarly(journal: Journal, sandbox: Sandbox, sampled: readonly Case[]): Promise<void> {
  for (const one of sampled) {
    const late = sandbox.calls.some(({ effect, tns }) => effect === 'late' && tns.includes(one.tn))
    if (late) expect([one, (await rowOf(journal, one))?.outcome]).toEqual([one, 'uncertain'])
  }
}

async function endedAll(journal: Journal, sandbox: Sandbox, sampled: readonly Case[]): Promise<void> {
  for (const one of sampled) {
    if (one.kill === 'before intent') continue
    const row = await rowOf(journal, one)
    const expected = tookEffect(sandbox, one.tool, one.tn) ? [seenAs(one)] : ['failed', 'not_attempted']
    expect([one, expected]).toEqual([one, expect.arrayContaining([row?.outcome])])
  }
}

/** What is not as asked is done where the carrier's own answer was kept; a query alone does not say whose doing it is. */
function seenAs({ tool, line, kill }: Case): string {
  const otherGroup = line === '0186' && (tool === 'assignDID' || tool === 'configDID')
  return otherGroup && kill !== 'outcome committed' ? 'uncertain' : 'done'
}
