import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openSqliteJournal } from '../../src/journal/sqlite/sqlite.ts'
import { openDoor } from '../../src/operations/create-operations.ts'
import { perform } from '../../src/operations/perform.ts'
import { allAllowed, unlimited } from '../support/policies.ts'
import { openRig, type Rig } from '../support/rig.ts'
import { another, fresh, sixty } from './support/numbers.ts'
import { typing } from './support/person.ts'

/** Between the claim and the first byte (docs/write-path.md, step 6). */
let rig: Rig
beforeEach(async () => {
  rig = await openRig({ owned: 60, policy: { ...allAllowed, ...unlimited } })
})
afterEach(() => rig.close())

const owned = () => [...rig.sandbox.inventory.owned()].map(({ tn }) => tn).sort()
const queries = () => rig.sandbox.calls.filter(({ operation }) => operation === 'queryDID')

describe('two servers, one number, within a second', () => {
  /** Another server on the same journal. */
  async function other() {
    const journal = await openSqliteJournal({ folder: rig.folder })
    const door = openDoor({ ...rig.door, carrier: rig.carrier, journal: async () => journal })
    return { door, close: () => journal.close() }
  }

  /** From now on the first server's intents wait until the second one's call has ended. */
  function meanwhile(call: () => Promise<unknown>): void {
    const { recordIntent } = rig.journal
    rig.journal.recordIntent = async (...args) => {
      rig.journal.recordIntent = recordIntent
      await call()
      return recordIntent.apply(rig.journal, args)
    }
  }

  test.each([
    { tool: 'assignDID', effect: 'spend', rows: [{ epg: 8674 }, { epg: 8675 }], on: () => fresh },
    { tool: 'configDID', effect: 'change', rows: [{ refId: 'one' }, { epg: 8675 }], on: () => owned()[0] ?? '' },
    { tool: 'releaseDID', effect: 'destroy', rows: [{}, {}], on: () => owned()[0] ?? '' },
  ] as const)('$tool: what was read before the claim counts for nothing', async ({ tool, effect, rows, on }) => {
    const tn = on()
    const second = await other()
    const [ours, theirs] = rows
    meanwhile(async () => {
      const call = perform(second.door, { tool: { name: tool, effect }, rows: [{ tn, ...theirs }] }, { name: 'bob' })
      expect(await call).toMatchObject({ status: 'done' })
    })
    const envelope = await rig.perform(tool, [{ tn, ...ours }])
    await second.close()
    expect(envelope).toMatchObject({
      status: 'failed',
      results: [{ tn, outcome: 'not_attempted', meaning: 'not sent: the number changed since it was shown' }],
    })
    expect(rig.sent()).toEqual([`${tool} ${tn}`])
    expect(await rig.journal.countUsed(rig.door.account, rig.clock.now())).toMatchObject({
      day: { spend: tool === 'assignDID' ? 1 : 0, destroy: tool === 'releaseDID' ? 1 : 0 },
    })
  })
})

describe('a write that waits for its turn', () => {
  test('is read again once it has it, not before', async () => {
    const [tn = ''] = owned()
    const { recordIntent } = rig.journal
    const searches: Promise<unknown>[] = []
    rig.journal.recordIntent = async (...args) => {
      const recorded = await recordIntent.apply(rig.journal, args)
      rig.sandbox.inject({ name: 'slow', operation: 'getDIDs', times: 8 })
      for (let count = 0; count < 8; count++) {
        searches.push(rig.carrier.getDIDs({ state: 'UT' }, () => undefined, {}))
      }
      // All eight places are taken: whatever is read now is read later.
      await vi.waitFor(() => expect(rig.sandbox.calls).toHaveLength(1 + 8), 10_000)
      rig.sandbox.inventory.config({ tn, epg: 8675, cnam: false, refId: 'main line' })
      setImmediate(() => rig.sandbox.landNow())
      return recorded
    }
    expect(await rig.perform('releaseDID', [{ tn }])).toMatchObject({
      status: 'failed',
      results: [{ tn, outcome: 'not_attempted', after: { epg: 8675 } }],
    })
    await Promise.all(searches)
    expect(queries()).toHaveLength(2)
    expect(rig.sent()).toEqual([])
  })
})

describe('what was read is judged as the first byte leaves', () => {
  /** Between the commit of the `sending` row and the first byte. */
  function afterRow(times: number, act: () => void): void {
    const { markSending } = rig.journal
    let left = times
    rig.journal.markSending = async (...args) => {
      await markSending.apply(rig.journal, args)
      if (left-- > 0) act()
    }
  }

  test.each([
    ['both clocks', () => rig.clock.advance(2000)],
    ['a machine that slept: the wall clock alone', () => rig.clock.set(2000)],
  ])('too old by %s: it is read again, once its row is written', async (_, pass) => {
    afterRow(1, pass)
    expect(await rig.perform('reserveDID', [{ tn: fresh }])).toMatchObject({ status: 'done' })
    expect(queries()).toHaveLength(3)
    expect(rig.sent()).toEqual([`reserveDID ${fresh}`])
  })

  test('too old by the monotonic clock, where the wall clock was put back meanwhile', async () => {
    afterRow(1, () => {
      rig.clock.advance(2000)
      rig.clock.set(-3_600_000)
    })
    expect(await rig.perform('reserveDID', [{ tn: fresh }])).toMatchObject({ status: 'done' })
    expect(queries()).toHaveLength(3)
  })

  test('and what changed in that time is not sent', async () => {
    const [tn = ''] = owned()
    afterRow(1, () => {
      rig.clock.advance(3000)
      rig.sandbox.inventory.config({ tn, epg: 8675, cnam: false, refId: '' })
    })
    expect(await rig.perform('releaseDID', [{ tn }])).toMatchObject({
      status: 'failed',
      results: [{ tn, outcome: 'not_attempted', after: { epg: 8675 } }],
    })
    expect(rig.sent()).toEqual([])
  })

  test('a journal that is always that slow: every number leaves by itself, after its own reading', async () => {
    afterRow(Number.POSITIVE_INFINITY, () => rig.clock.advance(2500))
    const envelope = await rig.perform('reserveDID', [{ tn: fresh }, { tn: another }])
    expect(envelope).toMatchObject({ status: 'done', counts: { done: 2 } })
    expect(rig.sent()).toEqual([`reserveDID ${another}`, `reserveDID ${fresh}`].sort())
  })

  test('a journal that is slower than that: nothing leaves, and it says why', async () => {
    afterRow(Number.POSITIVE_INFINITY, () => rig.clock.advance(6000))
    const envelope = await rig.perform('reserveDID', [{ tn: fresh }])
    expect(envelope).toMatchObject({
      status: 'failed',
      results: [{ outcome: 'not_attempted', meaning: expect.stringMatching(/^not sent: .* too slow/) }],
    })
    expect(rig.sent()).toEqual([])
  })

  test('what is too old when the rest of its chunk is in goes into the next one', async () => {
    const tns = sixty().slice(0, 3)
    const { reserveDID } = rig.carrier
    rig.carrier.reserveDID = (params, { prepare, ...call }) =>
      reserveDID(params, {
        ...call,
        prepare: (turn) => {
          let asked = 0
          const slow: typeof turn.queryDID = async (...args) => {
            const last = ++asked === 3
            const queried = await turn.queryDID(...args)
            if (last) {
              await sleep(50)
              rig.clock.advance(2000)
            }
            return queried
          }
          return prepare?.({ ...turn, queryDID: slow }) ?? Promise.resolve(params)
        },
      })
    expect(await rig.perform('reserveDID', tns)).toMatchObject({ status: 'done', counts: { done: 3 } })
    const [one, two, three] = tns.map(({ tn }) => tn)
    expect(rig.sent()).toEqual([`reserveDID ${three}`, `reserveDID ${one} ${two}`])
  })
})

test('a yes that comes after a machine slept past the end of the wait is none', async () => {
  rig.policy = { ...rig.policy, effects: { ...rig.policy.effects, destroy: 'confirm' } }
  const [tn = ''] = owned()
  const put = typing(tn.slice(-4), () => rig.clock.set(rig.policy.confirmation.waitSeconds * 1000 + 1))
  expect(await rig.perform('releaseDID', [{ tn }], { put })).toMatchObject({
    status: 'declined',
    summary: expect.stringContaining('Nobody answered in time'),
  })
  expect(rig.sent()).toEqual([])
})

test('a clock that is put back before a ticket is used skips no second look', async () => {
  rig.policy = { ...rig.policy, effects: { ...rig.policy.effects, destroy: 'confirm' } }
  const [tn = ''] = owned()
  const { confirmation } = await rig.perform('releaseDID', [{ tn }])
  rig.clock.advance(5000)
  rig.clock.set(-3_600_000)
  rig.sandbox.inventory.config({ tn, epg: 8675, cnam: false, refId: '' })
  expect(await rig.perform('releaseDID', [{ tn }], { confirmation: confirmation?.ticket ?? '' })).toMatchObject({
    status: 'failed',
    results: [{ tn, outcome: 'not_attempted' }],
  })
  expect(rig.sent()).toEqual([])
})
