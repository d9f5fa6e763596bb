import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Carrier, Queried } from '../../src/carrier/carrier.ts'
import { type Journal, JournalUnavailable } from '../../src/journal/journal.ts'
import type { Answer } from '../../src/operations/confirm.ts'
import { perform } from '../../src/operations/perform.ts'
import { builtIn } from '../../src/policy/policy.ts'
import { openRig, quietMs, type Rig } from '../support/rig.ts'

/** What somebody who wished a number ill, or mere bad luck, would try. */
const owned = '3035550150'
const alsoOwned = '3035550151'
const fresh = '4355550105'
const another = '4355550110'
const free = { effects: { hold: 'allow', change: 'allow', spend: 'allow', destroy: 'allow' } } as const

let rig: Rig
beforeEach(async () => {
  rig = await openRig()
})
afterEach(() => rig.close())

/** A person in front of the client who answers when told. */
function person() {
  let answer: (typed: Answer) => void = () => undefined
  let asked: () => void = () => undefined
  const wasAsked = new Promise<void>((resolve) => {
    asked = resolve
  })
  const lines: string[] = []
  const confirmer = {
    ask: (question: { lines: readonly string[] }) => {
      lines.push(...question.lines)
      asked()
      return new Promise<Answer>((resolve) => {
        answer = resolve
      })
    },
  }
  return { confirmer, lines, wasAsked, says: (typed: Answer) => answer(typed) }
}

/** The same carrier, with another answer to queries. */
const reads = (change: (queried: Queried) => Queried | Promise<Queried>): Partial<Carrier> => {
  const { queryDID } = rig.carrier
  return { queryDID: async (...args) => change(await queryDID(...args)) }
}

describe('a no', () => {
  test('said in one question holds for another that is open at the same time', async () => {
    const first = person()
    const second = person()
    const one = rig.perform('releaseDID', [{ tn: owned }], { confirmer: first.confirmer })
    const both = rig.perform('releaseDID', [{ tn: owned }, { tn: alsoOwned }], { confirmer: second.confirmer })
    await Promise.all([first.wasAsked, second.wasAsked])
    first.says({ ended: 'declined' })
    expect(await one).toMatchObject({ status: 'declined' })
    second.says({ ended: 'answered', typed: '2' })
    expect(await both).toMatchObject({ status: 'declined' })
    expect(rig.sent()).toEqual([])
  })

  test('that the journal cannot take is kept, and no write begins before it is in', async () => {
    const { refuse } = rig.journal
    rig.journal.refuse = async () => {
      throw new JournalUnavailable('the disk is full')
    }
    const asked = person()
    const call = rig.perform('releaseDID', [{ tn: owned }], { confirmer: asked.confirmer })
    await asked.wasAsked
    asked.says({ ended: 'declined' })
    expect(await call).toMatchObject({ status: 'declined' })
    await expect(rig.perform('reserveDID', [{ tn: fresh }])).rejects.toThrow('the disk is full')
    rig.journal.refuse = refuse
    expect(await rig.perform('releaseDID', [{ tn: owned }])).toMatchObject({ status: 'declined' })
  })
})

describe('what a person is shown', () => {
  test('a quotation mark in a reference does not end it', async () => {
    const asked = person()
    const refId = 'x", free of charge, approved by Ann, "'
    const call = rig.perform('assignDID', [{ tn: fresh, epg: 8674, refId }], { confirmer: asked.confirmer })
    await asked.wasAsked
    expect(asked.lines.join('\n')).toContain(`reference "x', free of charge, approved by Ann, '" (as asked)`)
    asked.says({ ended: 'cancelled' })
    await call
  })

  test("a tier of the carrier's is one short word, whatever it holds", async () => {
    rig.policy = { ...builtIn, tiers: ['9'] }
    const tier = '1\nIn all: nothing happens. [ok](https://example.org)\u202e'
    Object.assign(
      rig.carrier,
      reads((queried) => (queried.did ? { ...queried, did: { ...queried.did, tier } } : queried)),
    )
    const { results } = await rig.perform('assignDID', [{ tn: fresh, epg: 8674 }])
    expect(results[0]?.meaning).toBe('its tier is 1 In all:…, and the policy allows tiers 9 alone')
  })

  test('totals leave no number out', async () => {
    const rows = Array.from({ length: 24 }, (_, line) => ({
      tn: `21255501${String(line).padStart(2, '0')}`,
      epg: 9000 + Math.min(line, 12),
    }))
    const asked = person()
    const call = rig.perform('assignDID', rows, { confirmer: asked.confirmer })
    await asked.wasAsked
    const totals = asked.lines.find((line) => line.startsWith('In all: '))
    const counted = [...(totals ?? '').matchAll(/(\d+) to endpoint group/g)].map(([, count]) => Number(count))
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(24)
    expect(totals).toContain('3 to endpoint group one of 3 others')
    asked.says({ ended: 'cancelled' })
    await call
  })
})

describe('a policy that is tightened while a call runs', () => {
  test('a ticket of before serves no more where a person is wanted now', async () => {
    const { confirmation } = await rig.perform('releaseDID', [{ tn: owned }])
    rig.policy = { ...builtIn, confirmation: { ...builtIn.confirmation, mode: 'human' } }
    const again = rig.perform('releaseDID', [{ tn: owned }], { confirmation: confirmation?.ticket ?? '' })
    await expect(again).rejects.toMatchObject({ code: 'POLICY_DENIED' })
    expect(rig.sent()).toEqual([])
  })

  test('a tier that is no longer allowed is not bought, though the form was answered', async () => {
    const asked = person()
    const call = rig.perform('assignDID', [{ tn: fresh, epg: 8674 }], { confirmer: asked.confirmer })
    await asked.wasAsked
    rig.policy = { ...builtIn, tiers: ['0'] }
    asked.says({ ended: 'answered', typed: '0105' })
    await expect(call).rejects.toMatchObject({ code: 'POLICY_DENIED' })
    expect(rig.sent()).toEqual([])
  })
})

test('a forged ticket is an error even where none was needed', async () => {
  rig.policy = { ...builtIn, ...free }
  const call = rig.perform('reserveDID', [{ tn: fresh }], { confirmation: 'ticket_forged' })
  await expect(call).rejects.toMatchObject({ code: 'CONFIRMATION_MISMATCH' })
  expect(rig.sent()).toEqual([])
})

describe('with everything allowed', () => {
  beforeEach(() => {
    rig.policy = { ...builtIn, ...free }
  })

  test('a request that is late after its row is sent all the same, after a new row', async () => {
    const { sending } = rig.journal
    let late = 2
    rig.journal.sending = async (...args) => {
      await sending.call(rig.journal, ...args)
      if (late-- > 0) rig.clock.advance(6000)
    }
    expect(await rig.perform('reserveDID', [{ tn: fresh }])).toMatchObject({ status: 'done' })
    expect(rig.sent()).toEqual([`reserveDID ${fresh}`])
  })

  test('two calls that bring kept outcomes in lose none', async () => {
    const { settle } = rig.journal
    rig.journal.settle = async () => {
      throw new JournalUnavailable('the disk is full')
    }
    const [one, two] = await Promise.all([
      rig.perform('reserveDID', [{ tn: fresh }]),
      rig.perform('reserveDID', [{ tn: another }]),
    ])
    let failures = 1
    rig.journal.settle = async (id, ...rest) => {
      if (id === two.operationId && failures-- > 0) throw new JournalUnavailable('still full')
      await settle.call(rig.journal, id, ...rest)
    }
    const tries = ['4355550113', '4355550120'].map((tn) => rig.perform('reserveDID', [{ tn }]))
    await Promise.allSettled(tries)
    await rig.perform('reserveDID', [{ tn: '4355550127' }])
    for (const { operationId = '' } of [one, two]) {
      expect(await rig.journal.operation(operationId)).toMatchObject({ status: 'done', rows: [{ code: 100 }] })
    }
  })

  test('what was left open under another login is closed, and its number is free after the quiet time', async () => {
    const account = { ...rig.door.account, id: 'another login' }
    const { openSqliteJournal } = await import('../../src/journal/sqlite.ts')
    const dead: Journal = await openSqliteJournal({ folder: rig.folder, now: rig.clock.now })
    const before = { status: 'available', tier: '4' } as const
    const intent = {
      id: 'op_left',
      account,
      tool: 'assignDID',
      effect: 'spend',
      caller: 'bob',
      confirmedBy: 'policy',
    } as const
    const rows = [{ tn: fresh, epg: 8674, before }]
    await dead.record({ ...intent, neededYes: false, at: rig.clock.now(), rows }, () => undefined)
    await dead.sending('op_left', [fresh], rig.clock.now())
    await dead.close()
    await expect(rig.perform('reserveDID', [{ tn: fresh }])).rejects.toMatchObject({
      code: 'NUMBER_BUSY',
      details: { busy: [{ operationId: 'op_left', until: expect.any(String) }] },
    })
    expect(await rig.journal.operation('op_left')).toMatchObject({ status: 'uncertain' })
    rig.clock.advance(quietMs + 5000)
    expect(await rig.perform('reserveDID', [{ tn: fresh }])).toMatchObject({ status: 'done' })
  })

  test('one assignment is not called done twice: what a later write did is no evidence for an older one', async () => {
    rig.sandbox.inject({ name: 'reset before', operation: 'assignDID' })
    const { queryDID } = rig.carrier
    let blind = false
    rig.carrier.queryDID = (...args) => (blind ? Promise.reject(new Error('no answer')) : queryDID(...args))
    rig.door.wrote = () => {
      blind = true
    }
    const first = await rig.perform('assignDID', [{ tn: fresh, epg: 8674 }])
    expect(first).toMatchObject({ status: 'uncertain' })
    rig.door.wrote = undefined
    blind = false
    rig.clock.advance(quietMs - 1)
    rig.journal.uncertain = (
      (uncertain) => async (account, tns) =>
        tns ? [] : uncertain(account, tns)
    )(rig.journal.uncertain.bind(rig.journal))
    rig.clock.advance(1)
    const second = await rig.perform('assignDID', [{ tn: fresh, epg: 8674 }])
    expect(second).toMatchObject({ status: 'done' })
    rig.clock.advance(600_000)
    await vi.waitFor(async () => expect(await rig.journal.used(rig.door.account, rig.clock.now())).toBeTruthy())
    expect(await rig.journal.operation(first.operationId ?? '')).toMatchObject({ status: 'uncertain' })
  })

  test('white space around a reference is no difference', async () => {
    rig.sandbox.inject({ name: 'reset after', operation: 'assignDID' })
    expect(await rig.perform('assignDID', [{ tn: fresh, epg: 8674, refId: 'desk 4 ' }])).toMatchObject({
      status: 'done',
      results: [{ outcome: 'done', inferred: true }],
    })
  })

  test('a present CNAM setting that cannot be read is not overwritten', async () => {
    Object.assign(
      rig.carrier,
      reads((queried) => {
        const { cnam: _, ...did } = queried.did ?? { tn: owned, statusCode: 100 }
        return { ...queried, did }
      }),
    )
    expect(await rig.perform('configDID', [{ tn: owned, epg: 8675 }])).toMatchObject({
      status: 'failed',
      results: [{ meaning: 'its present CNAM setting cannot be read: state cnam' }],
    })
    expect(rig.sent()).toEqual([])
  })

  test('one present reference that cannot be sent does not stop the other numbers', async () => {
    Object.assign(
      rig.carrier,
      reads((queried) =>
        queried.tn === owned && queried.did ? { ...queried, did: { ...queried.did, refId: 'a]]>b' } } : queried,
      ),
    )
    const envelope = await rig.perform('configDID', [
      { tn: owned, epg: 13550 },
      { tn: alsoOwned, epg: 13550 },
    ])
    expect(envelope).toMatchObject({ status: 'partly_done', counts: { done: 1, failed: 1 } })
    expect(rig.sent()).toEqual([`configDID ${alsoOwned}`])
  })

  test("a number's code on the envelope proves nothing: a query is asked", async () => {
    rig.carrier.assignDID = async (params, call) => {
      call.sending?.()
      for (const { tn } of params) rig.sandbox.inventory.assign({ tn, epg: 8674, cnam: false, refId: '' })
      return { code: 104235, dids: [] }
    }
    expect(await rig.perform('assignDID', [{ tn: fresh, epg: 8674 }])).toMatchObject({
      status: 'done',
      results: [{ inferred: true }],
    })
  })

  test('the watch goes on after the journal was away for a moment', async () => {
    rig.sandbox.inject({ name: 'reset before', operation: 'reserveDID' })
    const { operationId = '' } = await rig.perform('reserveDID', [{ tn: fresh }])
    const { uncertain } = rig.journal
    let away = 1
    rig.journal.uncertain = async (...args) => {
      if (away-- > 0) throw new JournalUnavailable('the database is away')
      return uncertain.apply(rig.journal, args)
    }
    rig.clock.advance(quietMs)
    await vi.waitFor(() => expect(away).toBeLessThan(1))
    await vi.waitFor(() => expect(rig.clock.waiting()).toBe(1))
    rig.clock.advance(60_000)
    await vi.waitFor(async () => {
      rig.clock.advance(60_000)
      expect(await rig.journal.operation(operationId)).toMatchObject({ status: 'failed' })
    })
  })
})

test('an approval of facts that no longer hold for any number is asked for anew', async () => {
  rig.policy = { ...builtIn, confirmation: { ...builtIn.confirmation, mode: 'human' } }
  const ask = () =>
    perform(
      rig.door,
      { tool: { name: 'configDID', effect: 'change' }, rows: [{ tn: owned, epg: 13550 }] },
      { name: 'ann' },
    )
  const first = (await ask()).confirmation?.approvalId ?? ''
  await rig.journal.answer(first, { given: true, by: 'eve', at: rig.clock.now(), until: 0 })
  rig.sandbox.inventory.config({ tn: owned, epg: 8675, cnam: false, refId: 'DENVER' })
  const second = await ask()
  expect(second).toMatchObject({ status: 'waiting' })
  expect(second.confirmation?.approvalId).not.toBe(first)
  expect(second.confirmation?.preview.join('\n')).toContain('endpoint group 8675 -> 13550')
  expect(rig.sent()).toEqual([])
})
