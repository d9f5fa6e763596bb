import { afterEach, beforeEach, expect, test } from 'vitest'
import { JournalUnavailable } from '../../src/journal/journal.ts'
import { recover } from '../../src/operations/recover.ts'
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
const kept = async () => (await rig.journal.operations({ limit: 10 })).operations.map(({ id }) => id)

test('a server that runs for months forgets what was kept long enough, with the writes that come', async () => {
  const first = await write(fresh)
  rig.clock.advance(30 * day)
  const second = await write(another)
  expect(await kept()).toEqual([second, first])
  rig.clock.advance(day)
  const third = await write(fresh)
  expect(await kept()).toEqual([third, second])
})

test('so does one that has just started', async () => {
  await write(fresh)
  rig.clock.advance(31 * day)
  await recover(rig.door)
  expect(await kept()).toEqual([])
})

test('at most five hundred at a time, once an hour, and again with the next write while there are more', async () => {
  const asked: unknown[] = []
  let found = 500
  rig.journal.forget = async (before, most) => {
    asked.push([rig.clock.now() - before, most])
    return found
  }
  await write(fresh)
  await write(another)
  found = 499
  await write('4355550113')
  await write('4355550120')
  expect(asked).toEqual(Array(3).fill([30 * day, 500]))
  rig.clock.advance(3_600_000)
  await write('4355550127')
  expect(asked).toHaveLength(4)
})

test('a journal that cannot forget stands in no answer’s way', async () => {
  rig.journal.forget = async () => {
    throw new JournalUnavailable('the disk is full')
  }
  expect(await rig.perform('reserveDID', [{ tn: fresh }])).toMatchObject({ status: 'done' })
  expect(rig.logged.join()).toContain('old operations could not be removed')
})
