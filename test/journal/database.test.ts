import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { usedOf } from '../support/used.ts'
import { engines, openAt } from './support/engines.ts'
import { allow, intent, live, minute, noon, numbers, perform, ticket } from './support/intents.ts'
import type { Place } from './support/places.ts'
import { endProcesses, type Process, startProcesses } from './support/processes.ts'

describe.each(engines)('eight processes and one journal on $engine', ({ place }) => {
  let processes: Process[]
  let where: Place
  beforeAll(async () => {
    processes = await startProcesses(8)
  })
  afterAll(() => endProcesses(processes))

  // Every test begins with the race to make the tables: the journal is new.
  beforeEach(async () => {
    where = place()
    await Promise.all(processes.map((process) => process.open(where)))
    return () => Promise.all(processes.map((process) => process.close()))
  })

  /** Numbers of their own for each process. */
  const own = (index: number, count: number) => numbers(count, 2010000000 + index * 1000)

  test('each of their records counts', async () => {
    const answers = await Promise.all(
      processes.map((process, index) => process.record(own(index, 15).map((tn) => intent('assignDID', [tn])))),
    )
    expect(new Set(answers.flat().map(({ recorded }) => recorded))).toEqual(new Set([true]))
    const journal = await openAt(where)
    expect(await journal.countUsed(live, noon)).toEqual(usedOf({ assigned: 120 }))
  })

  test('of a budget of 20, exactly 20 are assigned', async () => {
    const answers = await Promise.all(
      processes.map((process, index) =>
        process.record(
          own(index, 6).map((tn) => intent('assignDID', [tn])),
          20,
        ),
      ),
    )
    const refused = answers.flat().filter(({ recorded }) => !recorded)
    expect(refused).toHaveLength(28)
    expect(new Set(refused.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([
        JSON.stringify({
          recorded: false,
          refused: { why: 'denied', code: 'LIMIT_EXCEEDED', reason: '20 of 20 are assigned' },
        }),
      ]),
    )
    expect((await (await openAt(where)).countUsed(live, noon)).day.spend).toBe(20)
  })

  test('one ticket: one wins, and the others learn its operation', async () => {
    const journal = await openAt(where)
    const yes = ticket()
    await journal.putQuestion(yes)
    const intents = processes.map(() => intent('assignDID', ['4352154006'], { questionId: yes.id }))
    const answers = await Promise.all(
      processes.map((process, index) => process.record(intents.slice(index, index + 1))),
    )
    const winner = intents[answers.findIndex(([answer]) => answer?.recorded)]
    const spent = { recorded: false, refused: { why: 'spent', operationId: winner?.id } }
    expect(answers.flat().filter(({ recorded }) => !recorded)).toEqual(Array(7).fill(spent))
    expect((await journal.readOperations({ limit: 10 })).operations.map(({ id }) => id)).toEqual([winner?.id])
  })

  test('two processes, one number: one is told who has it', async () => {
    const intents = ['4352154006', '4352154006'].map((tn) => intent('releaseDID', [tn]))
    const answers = await Promise.all(intents.map((made, index) => processes[index]?.record([made])))
    const winner = intents[answers.findIndex((answer) => answer?.[0]?.recorded)]
    const busy = [{ tn: '4352154006', operationId: winner?.id, tool: 'releaseDID' }]
    expect(answers.flat().filter((answer) => !answer?.recorded)).toEqual([
      { recorded: false, refused: { why: 'busy', busy } },
    ])
  })

  test('news is told by one of two that ask at once', async () => {
    const [first, second] = [await openAt(where), await openAt(where)]
    const tns = numbers(10)
    const id = await perform(first, 'assignDID', tns, 'uncertain')
    await first.settleNumbers(
      id,
      tns.map((tn) => ({ tn, outcome: 'done', inferred: true, late: true })),
      noon,
    )
    const told = await Promise.all([first.tellNews(live, tns, 10), second.tellNews(live, tns, 10)])
    expect(
      told
        .flat()
        .map(({ row }) => row.tn)
        .sort(),
    ).toEqual(tns)
  })

  test('operations of a process that was killed are adopted by the others, each once', async () => {
    const [killed] = await startProcesses(1)
    await killed?.open(where)
    const intents = numbers(12).map((tn) => intent('assignDID', [tn]))
    await killed?.record(intents)
    await killed?.kill()
    const adopted: string[] = []
    // PostgreSQL may take a moment to see that the connection has gone.
    await expect
      .poll(async () => {
        const answers = await Promise.all(processes.map((process) => process.adopt(live, noon + minute)))
        adopted.push(...answers.flat().map(({ id }) => id))
        return adopted.length
      })
      .toBeGreaterThanOrEqual(12)
    expect(adopted.sort()).toEqual(intents.map(({ id }) => id).sort())
  })

  test('many calls at once in one process are all answered', async () => {
    const journal = await openAt(where)
    const intents = numbers(30).map((tn) => intent('reserveDID', [tn]))
    const answers = await Promise.all(intents.map((made) => journal.recordIntent(made, allow)))
    expect(answers).toEqual(Array(30).fill({ recorded: true }))
    expect((await journal.countUsed(live, noon)).held).toBe(30)
  })
})
