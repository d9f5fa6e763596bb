import { afterEach, beforeEach, expect, test } from 'vitest'
import { JournalUnavailable } from '../../src/journal/journal.ts'
import { through } from '../../src/operations/create-operations.ts'
import { allAllowed } from '../support/policies.ts'
import { openRig, type Rig } from '../support/rig.ts'
import { another, fresh } from './support/numbers.ts'

const day = 86_400_000

let rig: Rig
beforeEach(async () => {
  rig = await openRig({ policy: allAllowed })
  rig.door.keepMs = 30 * day
})
afterEach(() => rig.close())

const write = async (tn: string) => (await rig.perform('reserveDID', [{ tn }])).operationId
const kept = async () => (await rig.journal.readOperations({ limit: 10 })).operations.map(({ id }) => id)
/** Time passes, and what falls due in it is done. */
async function pass(ms: number): Promise<void> {
  const { forgetOld } = rig.journal
  let busy: Promise<number> | undefined
  rig.journal.forgetOld = (...args) => {
    busy = forgetOld(...args)
    return busy
  }
  rig.clock.advance(ms)
  await new Promise(setImmediate)
  await busy?.catch(() => undefined)
  rig.journal.forgetOld = forgetOld
}

test('a server that runs for months forgets what was kept long enough, after the writes that come', async () => {
  const first = await write(fresh)
  await pass(30 * day + 1)
  const second = await write(another)
  await pass(1_000)
  await pass(day)
  expect(await kept()).toEqual([second, first])
  const third = await write(fresh)
  expect(await kept()).toEqual([third, second, first])
  await pass(1_000)
  expect(await kept()).toEqual([third, second])
})

test('so does one that has just started', async () => {
  await write(fresh)
  for (const days of [31, 1]) {
    rig.clock.advance(days * day)
    await through(rig.door).recover()
    await pass(1_000)
  }
  expect(await kept()).toEqual([])
})

test('at most fifty at a time, one second apart, and looked for once an hour', async () => {
  const asked: unknown[] = []
  let found = 50
  const start = rig.clock.now()
  rig.journal.forgetOld = async (now, keepMs, most) => {
    asked.push([rig.clock.now() - start, now - start, keepMs, most])
    return found
  }
  await write(fresh)
  await write(another)
  await pass(1_000)
  found = 49
  await pass(1_000)
  await pass(1_000)
  await write('4355550113')
  await pass(1_000)
  expect(asked).toEqual([
    [1_000, 0, 30 * day, 50],
    [2_000, 0, 30 * day, 50],
  ])
  await pass(3_600_000)
  await write('4355550120')
  await pass(1_000)
  expect(asked).toHaveLength(3)
})

test('a journal that cannot forget stands in no answer’s way, and is asked again in an hour', async () => {
  let asked = 0
  rig.journal.forgetOld = async () => {
    asked++
    throw new JournalUnavailable('the disk is full')
  }
  expect(await rig.perform('reserveDID', [{ tn: fresh }])).toMatchObject({ status: 'done' })
  await pass(1_000)
  await write(another)
  await pass(1_000)
  expect(asked).toBe(1)
  expect(rig.logged.join()).toContain('old operations could not be removed')
})
