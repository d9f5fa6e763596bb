import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrations } from '../../src/journal/migrations.ts'
import { databaseUrl, engines, onDatabase, openAt, postgresPlace } from './support/engines.ts'
import { allow, hour, intent, live, noon, say, yours } from './support/intents.ts'
import { leaveLayout, operations, refused } from './support/old-layout.ts'
import { endProcesses, type Process, startProcesses } from './support/processes.ts'

const layouts = migrations.map((_, index) => index + 1)
const [done, uncertain, open] = operations

describe.each(engines)('a journal of an older did-mcp, on $engine', ({ place }) => {
  test.each(layouts)('of layout %i is read whole, and goes on', async (version) => {
    const where = place()
    await leaveLayout(where, version)
    const journal = await openAt(where)

    expect(await journal.readOperation(done.id)).toMatchObject({
      status: 'done',
      reason: 'why',
      rows: [{ tn: done.tn, asked: { epg: 13550 }, before: yours, outcome: 'done', after: { epg: 13550 } }],
    })
    expect(await journal.readBusy(live, [uncertain.tn], noon)).toEqual([
      { tn: uncertain.tn, operationId: uncertain.id, tool: 'configDID', until: noon + hour },
    ])
    expect((await journal.readUncertain(live)).map(({ operationId }) => operationId)).toEqual([uncertain.id])
    expect(await journal.readNoes(live, 'configDID', [refused], noon)).toMatchObject([{ id: 'no_1', by: 'eve' }])
    expect(await journal.readApprovals(noon)).toMatchObject([
      { id: 'ap_1', state: 'waiting', shown: [{ tn: refused, facts: yours, asked: { epg: 13550 } }] },
    ])

    expect((await journal.adoptOperations(live, noon)).map(({ id }) => id)).toEqual([open.id])
    await journal.settleNumbers(open.id, [{ tn: open.tn, outcome: 'done' }], noon)
    expect(await say(journal, 'ap_1', { given: true, by: 'eve', at: noon })).toBe(true)
    const fenced = await journal.recordIntent(intent('configDID', [uncertain.tn]), allow)
    expect(fenced).toMatchObject({ recorded: false, refused: { why: 'busy' } })
    expect(await journal.recordIntent(intent('configDID', [open.tn]), allow)).toEqual({ recorded: true })
  })
})

describe.runIf(databaseUrl !== undefined)('eight processes that start at once on PostgreSQL', () => {
  let processes: Process[] = []
  beforeAll(async () => {
    processes = await startProcesses(8)
  }, 60_000)
  afterAll(() => endProcesses(processes))

  test.each([0, ...layouts])(
    'on layout %i (0: an empty database) all serve, and the tables are made once',
    async (version) => {
      const where = postgresPlace()
      if (version > 0) await leaveLayout(where, version)
      await Promise.all(processes.map((process) => process.open(where)))
      const recorded = await Promise.all(
        processes.map((process, index) => process.record([intent('assignDID', [`201000000${index}`])])),
      )
      expect(recorded).toHaveLength(8)

      expect(await onDatabase(`select version from "${where.schema}".schema_version`)).toEqual([
        { version: migrations.length },
      ])
      const kept = version > 0 ? operations.length : 0
      expect(await onDatabase(`select count(*)::int as operations from "${where.schema}".operations`)).toEqual([
        { operations: 8 + kept },
      ])
    },
  )
})
