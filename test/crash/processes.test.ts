import { describe, expect, test, vi } from 'vitest'
import { performAsking } from '../../src/mcp/elicit.ts'
import { through } from '../../src/operations/create-operations.ts'
import { perform } from '../../src/operations/perform.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/service.ts'
import { afterwards, engines } from '../journal/support/engines.ts'
import { openPlace, type Place } from '../journal/support/places.ts'
import { freshProcess } from './support/fresh.ts'
import { startWriter, type Write } from './support/write.ts'

const quietMs = 60_000

/** Numbers for sale that behave: 50 in each area code. */
const numbers = (npa: string, count: number) =>
  Array.from({ length: count }, (_, line) => `${npa}55501${String(line).padStart(2, '0')}`)

async function stage(place: Place) {
  const sandbox = await startSandbox()
  afterwards(() => sandbox.close())
  await (await openPlace(place)).close()
  const write: Omit<Write, 'tool' | 'calls'> = { place, endpoint: sandbox.endpoint, quietMs, assignedPerDay: null }
  const fresh = async () => {
    const process = await freshProcess(sandbox.endpoint, place, quietMs)
    afterwards(process.close)
    return process
  }
  return { place, sandbox, write, fresh }
}

const sent = ({ calls }: Sandbox, tool: string) => calls.filter(({ operation }) => operation === tool)

describe.each(engines)('several processes on one journal, on $engine', ({ place }) => {
  test('paused, not dead: nobody else settles it, and it ends it right itself', async () => {
    const { sandbox, write, fresh } = await stage(place())
    const [tn = ''] = numbers('435', 1)
    const writer = await startWriter({ ...write, tool: 'assignDID', calls: [[{ tn, epg: 8674 }]], pause: true })
    const other = await fresh()
    const row = async () => (await other.journal.readOperations({ tn, limit: 1 })).operations[0]
    await vi.waitFor(async () => expect((await row())?.rows[0]?.sentAt).toBeGreaterThan(0), 10_000)

    other.clock.advance(24 * 3_600_000)
    expect(await through(other.door).recover()).toEqual([])
    expect(await row()).toMatchObject({ status: 'open', rows: [{ tn }] })
    expect((await row())?.rows[0]?.outcome).toBeUndefined()
    const attempt = perform(other.door, { tool: { name: 'reserveDID', effect: 'hold' }, rows: [{ tn }] }, { name: 'b' })
    await expect(attempt).rejects.toMatchObject({ code: 'NUMBER_BUSY' })

    writer.child.kill('SIGCONT')
    expect(await writer.ended).toBe(0)
    expect(await writer.answers).toMatchObject([{ status: 'done' }])
    expect(await row()).toMatchObject({ status: 'done', rows: [{ tn, outcome: 'done', code: 100 }] })
    expect(sent(sandbox, 'assignDID')).toHaveLength(1)
  })

  test('eight processes with one ticket: one goes ahead', async () => {
    const { sandbox, write, fresh } = await stage(place())
    const [tn = ''] = numbers('435', 1)
    const rows = [{ tn, epg: 8674 }]
    const first = await fresh()
    const preview = await performAsking(
      (...call) => perform(first.door, ...call),
      { tool: { name: 'assignDID', effect: 'spend' }, rows },
      { name: 'crash@test' },
      undefined,
    )
    const confirmation = preview.confirmation?.ticket
    expect(preview.status).toBe('confirmation_required')
    const writers = await Promise.all(
      Array.from({ length: 8 }, () => startWriter({ ...write, tool: 'assignDID', calls: [rows], confirmation })),
    )
    const answers = (await Promise.all(writers.map((writer) => writer.answers))).flat()
    expect(answers.filter(({ status }) => status === 'done')).toHaveLength(1)
    const others = answers.filter(({ status }) => status !== 'done').map(({ status, code }) => code ?? status)
    for (const other of others) expect(other).toMatch(/^(CONFIRMATION_USED|NUMBER_BUSY)$/)
    expect(sent(sandbox, 'assignDID')).toHaveLength(1)
  })

  test('a budget of 20, eight processes assigning 40: exactly 20 are assigned', async () => {
    const { sandbox, write } = await stage(place())
    const tns = numbers('212', 40)
    const writers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => {
        const calls = tns.slice(index * 5, index * 5 + 5).map((tn) => [{ tn, epg: 8674 }])
        return startWriter({ ...write, tool: 'assignDID', calls, assignedPerDay: 20 })
      }),
    )
    const answers = (await Promise.all(writers.map((writer) => writer.answers))).flat()
    const refused = answers.filter(({ status }) => status !== 'done')
    expect(refused).toEqual(Array(20).fill(expect.objectContaining({ code: 'LIMIT_EXCEEDED' })))
    expect(answers).toHaveLength(40)
    expect(tns.filter((tn) => sandbox.inventory.truth(tn).owner === 'us')).toHaveLength(20)
  })

  test('two processes, one number: one holds it, the other is told that it is busy', async () => {
    const { sandbox, write, fresh } = await stage(place())
    const [tn = ''] = numbers('435', 1)
    const writer = await startWriter({ ...write, tool: 'reserveDID', calls: [[{ tn }]], pause: true })
    const other = await fresh()
    await vi.waitFor(
      async () => expect(await other.journal.readBusy(other.door.account, [tn], other.clock.now())).toHaveLength(1),
      10_000,
    )
    const second = await startWriter({ ...write, tool: 'assignDID', calls: [[{ tn, epg: 8674 }]] })
    expect(await second.answers).toMatchObject([{ code: 'NUMBER_BUSY' }])
    // It may stop itself only now, on a busy machine: a signal that came before would be lost.
    const wake = setInterval(() => writer.child.kill('SIGCONT'), 100)
    expect(await writer.answers).toMatchObject([{ status: 'done' }])
    clearInterval(wake)
    expect(sandbox.calls.filter(({ operation }) => operation === 'assignDID')).toEqual([])
  })

  test('killed between chunks: what was sent stands, what was not is not attempted, nothing is sent twice', async () => {
    const { sandbox, write, fresh } = await stage(place())
    const tns = ['212', '303', '435', '415', '512'].flatMap((npa) => numbers(npa, 50))
    const rows = tns.map((tn) => ({ tn, epg: 8674 }))
    const writer = await startWriter({ ...write, tool: 'assignDID', calls: [rows], kill: 'outcome committed' })
    expect(await writer.ended).toBe('SIGKILL')
    const [first, ...others] = sent(sandbox, 'assignDID')
    expect(others).toEqual([])

    const next = await fresh()
    expect(await through(next.door).recover()).toHaveLength(1)
    const [operation] = (await next.journal.readOperations({ limit: 1 })).operations
    expect(operation).toMatchObject({
      status: 'partly_done',
      counts: { done: first?.tns.length, failed: 0, uncertain: 0, notAttempted: tns.length - (first?.tns.length ?? 0) },
    })
    for (const { tn, outcome } of operation?.rows ?? []) {
      expect([tn, sandbox.inventory.truth(tn).owner]).toEqual([tn, outcome === 'done' ? 'us' : undefined])
    }
    expect(operation?.rows).toHaveLength(tns.length)
  })

  test('two processes that recover at once: each operation is settled by one of them', async () => {
    const { write, fresh } = await stage(place())
    const tns = numbers('303', 6)
    await Promise.all(
      tns.map(async (tn) => {
        const writer = await startWriter({ ...write, tool: 'reserveDID', calls: [[{ tn }]], kill: 'answer read' })
        expect(await writer.ended).toBe('SIGKILL')
      }),
    )
    const [one, two] = await Promise.all([fresh(), fresh()])
    const settled = (await Promise.all([through(one.door).recover(), through(two.door).recover()])).flat()
    // Up to five were settled already by a sibling that came later; the last one to die left its own in any case.
    expect(settled.length).toBeGreaterThan(0)
    expect(new Set(settled).size).toBe(settled.length)
    const { operations } = await one.journal.readOperations({ limit: 10 })
    expect(operations.map(({ status }) => status)).toEqual(tns.map(() => 'done'))
  })
})
