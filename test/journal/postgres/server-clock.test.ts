import { afterEach, describe, expect, test } from 'vitest'
import { journalAccount } from '../../../src/domain/account.ts'
import { openPostgresJournal } from '../../../src/journal/postgres/postgres.ts'
import { openDoor, through } from '../../../src/operations/create-operations.ts'
import { builtIn } from '../../../src/policy/policy.ts'
import { allAllowed } from '../../support/policies.ts'
import { openRig, type Rig } from '../../support/rig.ts'
import { databaseUrl, postgresPlace } from '../support/engines.ts'
import { hour, minute } from '../support/intents.ts'

const tn = '4355550105'
const quietMs = 130_000
let rig: Rig | undefined
afterEach(() => rig?.close())

/** A machine of its own on the journal of the others, with a wall clock that is wrong by so much and can be set. */
async function machine(
  place: ReturnType<typeof postgresPlace>,
  wrongMs: number,
  assignedPerHour: number | null = null,
) {
  if (rig === undefined) throw new Error('no rig')
  const wall = { wrongMs }
  const clock = {
    now: () => Date.now() + wall.wrongMs,
    ticks: () => performance.now(),
    after: () => () => undefined,
  }
  const journal = await openPostgresJournal({ ...place, poolSize: 2, clock })
  const door = openDoor({
    account: journalAccount(rig.carrier.account),
    carrier: rig.carrier,
    journal: async () => journal,
    policy: () => ({ ...builtIn, ...allAllowed, limits: { ...builtIn.limits, assignedPerHour } }),
    clock,
    quietMs,
    deadlineMs: 5000,
    log: { warn: () => undefined },
  })
  return { journal, wall, operations: through(door), close: () => journal.close() }
}

const assign = (number: string) =>
  [
    { tool: { name: 'assignDID', effect: 'spend' } as const, rows: [{ tn: number, epg: 8674 }] },
    { name: 'ann' },
  ] as const

describe.skipIf(databaseUrl === undefined)('machines whose clocks are hours apart, on one PostgreSQL', () => {
  test('write the same times, the database’s', async () => {
    rig = await openRig()
    const place = postgresPlace()
    for (const wrongMs of [0, 3 * hour, -5 * hour]) {
      const one = await machine(place, wrongMs)
      expect(Math.abs(one.journal.now(Date.now() + wrongMs) - Date.now())).toBeLessThan(1000)
      await one.close()
    }
  })

  test.each([3 * hour, -3 * hour])('keep a fence of one another: %i ms', async (wrongMs) => {
    rig = await openRig()
    const place = postgresPlace()
    const ahead = await machine(place, wrongMs)
    const right = await machine(place, 0)
    rig.sandbox.inject({ name: 'reset before', operation: 'assignDID' })
    expect(await ahead.operations.perform(...assign(tn))).toMatchObject({ status: 'uncertain' })
    await expect(right.operations.perform(...assign(tn))).rejects.toMatchObject({ code: 'NUMBER_BUSY' })
    await expect(ahead.operations.perform(...assign(tn))).rejects.toMatchObject({ code: 'NUMBER_BUSY' })
    const [fenced] = await right.journal.readUncertain(journalAccount(rig.carrier.account))
    const until = fenced?.row.fencedUntil ?? 0
    expect(until - Date.now()).toBeGreaterThan(quietMs - 30_000)
    expect(until - Date.now()).toBeLessThanOrEqual(quietMs + 1000)
    await Promise.all([ahead.close(), right.close()])
  })

  test('count one budget', async () => {
    rig = await openRig()
    const place = postgresPlace()
    const behind = await machine(place, -3 * hour, 1)
    const right = await machine(place, 0, 1)
    expect(await behind.operations.perform(...assign(tn))).toMatchObject({ status: 'done' })
    await expect(right.operations.perform(...assign('4355550110'))).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
    await Promise.all([behind.close(), right.close()])
  })

  test('see it when a clock is set while the process runs', async () => {
    rig = await openRig()
    const place = postgresPlace()
    const one = await machine(place, 0)
    one.wall.wrongMs = 10 * minute
    await one.journal.readOperation('op_none')
    expect(Math.abs(one.journal.now(Date.now() + 10 * minute) - Date.now())).toBeLessThan(1000)
    await one.close()
  })
})
