import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Did } from '../../src/carrier/carrier.ts'
import { CarrierError } from '../../src/carrier/errors.ts'
import type { Unsettled } from '../../src/journal/operation.ts'
import { previewLines } from '../../src/operations/preview.ts'
import { writes } from '../../src/operations/writes.ts'
import { builtIn } from '../../src/policy/policy.ts'
import { say } from '../journal/support/intents.ts'
import { openRig, type Rig } from '../support/rig.ts'
import { another, fresh, alsoOwned as other, owned } from './support/numbers.ts'
import { person, queriesBy, reads, typing } from './support/person.ts'

let rig: Rig
beforeEach(async () => {
  rig = await openRig()
})
afterEach(() => rig.close())

test('a quotation mark in a reference does not end it', async () => {
  const asked = person()
  const refId = 'x", free of charge, approved by Ann, "'
  const call = rig.perform('assignDID', [{ tn: fresh, epg: 8674, refId }], { put: asked.put })
  await asked.wasAsked
  expect(asked.lines.join('\n')).toContain(`reference "x', free of charge, approved by Ann, '" (as asked)`)
  asked.says({ ended: 'cancelled' })
  await call
})

test("a tier of the carrier's is one short word, whatever it holds", async () => {
  rig.policy = { ...builtIn, tiers: ['9'] }
  const tier = '1\nIn all: nothing happens. [ok](https://example.org)\u202e'
  reads(rig, (queried) => (queried.did ? { ...queried, did: { ...queried.did, tier } } : queried))
  const { results } = await rig.perform('assignDID', [{ tn: fresh, epg: 8674 }])
  expect(results[0]?.meaning).toBe('its tier is 1 In all:…, and the policy allows tiers 9 alone')
})

test('totals leave no number out', async () => {
  const rows = Array.from({ length: 24 }, (_, line) => ({
    tn: `21255501${String(line).padStart(2, '0')}`,
    epg: 9000 + Math.min(line, 12),
  }))
  const asked = person()
  const call = rig.perform('assignDID', rows, { put: asked.put })
  await asked.wasAsked
  const totals = asked.lines.find((line) => line.startsWith('In all: '))
  const counted = [...(totals ?? '').matchAll(/(\d+) to endpoint group/g)].map(([, count]) => Number(count))
  expect(counted.reduce((sum, count) => sum + count, 0)).toBe(24)
  expect(totals).toContain('3 to endpoint group one of 3 others')
  asked.says({ ended: 'cancelled' })
  await call
})

/** The lines of the form that this call puts before a person, who closes it. */
async function formOf(tool: Parameters<Rig['perform']>[0], rows: Parameters<Rig['perform']>[1]): Promise<string[]> {
  const asked = person()
  const call = rig.perform(tool, rows, { put: asked.put })
  await asked.wasAsked
  asked.says({ ended: 'cancelled' })
  await call
  expect(rig.sent()).toEqual([])
  return asked.lines
}

/** From here on the carrier says this of a number, beside what is so. */
const says = (tn: string, more: Partial<Did>) =>
  reads(rig, (queried) =>
    queried.tn === tn && queried.did ? { ...queried, did: { ...queried.did, ...more } } : queried,
  )

describe('what is written is shown', () => {
  test('of a reservation with all that is sent along', async () => {
    rig.policy = { ...builtIn, effects: { ...builtIn.effects, hold: 'confirm' } }
    const lines = await formOf('reserveDID', [{ tn: fresh, epg: 8674, cnam: true, refId: 'desk 4' }])
    expect(lines[1]).toBe(
      `${fresh}: available, tier 4, in PARK CITY UT, to endpoint group 8674, CNAM dip on, reference "desk 4" (as asked)`,
    )
  })

  test('of an assignment, and that its price is not known here', async () => {
    const lines = await formOf('assignDID', [{ tn: fresh, epg: 8674, cnam: false, refId: '' }])
    expect(lines[0]).toContain('prices are not known here')
    expect(lines[1]).toBe(
      `${fresh}: available, tier 4, in PARK CITY UT, to endpoint group 8674, CNAM dip off, reference none (as asked), no E911 address on file`,
    )
  })

  test('of an assignment without a word on the CNAM dip, that none was said', async () => {
    const lines = await formOf('assignDID', [
      { tn: fresh, epg: 8674 },
      { tn: another, epg: 8674, cnam: true },
    ])
    expect(lines[1]).toContain('1 with CNAM dip on, 1 with CNAM dip not asked for')
    expect(lines).toContain(
      `${fresh}: available, tier 4, in PARK CITY UT, to endpoint group 8674, CNAM dip not asked for, no E911 address on file`,
    )
  })

  test('of a change that names one setting with all three that are sent', async () => {
    const [, line] = await formOf('configDID', [{ tn: owned, epg: 13550 }])
    expect(line).toBe(
      `${owned}: endpoint group 8674 -> 13550, CNAM dip stays off, reference kept: "DENVER" (unverified), tier 1, in DENVER CO`,
    )
  })

  test('with the end of a reference, whatever stands before it', async () => {
    const refId = `${'@'.repeat(20)}${'x'.repeat(30)} not for sale`
    const [, line] = await formOf('assignDID', [{ tn: fresh, epg: 8674, refId }])
    expect(line).toContain(
      `reference "${'＠'.repeat(20)}${'x'.repeat(30)} not for sale" (as asked), written with ＠ for U+0040`,
    )
  })

  test('with spaces that would not be seen', async () => {
    const [, line] = await formOf('configDID', [{ tn: owned, refId: ' a  b ' }])
    expect(line).toContain('reference "DENVER" (unverified) -> "␣a␣␣b␣" (as asked), written with ␣ for U+0020')
  })

  test('of numbers without a line of their own too, each reference', async () => {
    const rows = Array.from({ length: 30 }, (_, line) => ({
      tn: `21255501${String(line).padStart(2, '0')}`,
      epg: 8674,
      refId: `desk ${line}`,
    }))
    const shown = (await formOf('assignDID', rows)).join('\n')
    for (const { tn, refId } of rows) {
      expect(shown).toMatch(new RegExp(`^.*${tn}.*"${refId}"|"${refId}" .*: ${tn}$`, 'm'))
    }
  })
})

describe('what a person should know', () => {
  const routed = { forward: '8005550100', failover: 'sip:a@b', rewrite: '4355550000', didGroupId: '12' }

  test('of a release: where calls go beside the endpoint group, and the DID group', async () => {
    says(owned, routed)
    const [, line] = await formOf('releaseDID', [{ tn: owned }])
    expect(line).toBe(
      `${owned}: assigned to you, in service on endpoint group 8674, tier 1, in DENVER CO, ` +
        'rewrite "4355550000" (unverified), failover "sip:a＠b" (unverified), forward "8005550100" (unverified), ' +
        'DID group "12" (unverified), reference "DENVER" (unverified), caller name "SANDBOX 303" (unverified)',
    )
  })

  test('of thirty warnings: those that are not shown are counted', async () => {
    await rig.close()
    rig = await openRig({ owned: 40 })
    reads(rig, (queried) => (queried.did ? { ...queried, did: { ...queried.did, forward: '8005550100' } } : queried))
    const tns = [...rig.sandbox.inventory.owned()].slice(0, 30).map(({ tn }) => tn)
    const lines = await formOf(
      'configDID',
      tns.map((tn) => ({ tn, epg: 4242 })),
    )
    expect(lines[1]).toContain('30 with a rewrite, failover or forward of its own')
    const shown = lines.join('\n')
    for (const tn of tns) expect(shown).toContain(tn)
  })

  test('of thirty older operations whose end nobody knows: each number is named', () => {
    const row = (line: number) => ({
      tn: `21255501${String(line).padStart(2, '0')}`,
      asked: {},
      before: { status: 'yours' as const, epg: 8674 },
    })
    const rows = [...Array(30).keys()].map(row)
    const older = rows.map((one, line): Unsettled => {
      const operation = { operationId: `op_${line}`, tool: 'configDID', effect: 'change' as const, startedAt: 0 }
      return { ...operation, row: one, overtaken: false }
    })
    const lines = previewLines(writes.releaseDID, 'live', { rows, refused: [] }, older)
    expect(lines.filter((line) => line.endsWith('is still uncertain.'))).toHaveLength(20)
    const rest = rows.slice(20).map(({ tn }) => tn)
    expect(lines).toContain(`10 numbers, an older operation is uncertain: ${rest.join(' ')}`)
  })

  test('of numbers that are not sent: each of them, under its reason', () => {
    const refused = [...Array(30).keys()].map((line) => ({
      tn: `21255501${String(line).padStart(2, '0')}`,
      outcome: 'failed' as const,
      meaning: line === 7 ? 'another company has it' : 'it is not yours',
    }))
    const row = { tn: owned, asked: {}, before: { status: 'yours' as const, epg: 8674 } }
    const lines = previewLines(writes.releaseDID, 'live', { rows: [row], refused }, [])
    const others = refused.filter((_, line) => line !== 7).map(({ tn }) => tn)
    expect(lines.slice(2)).toEqual([
      `Not sent, 29 numbers, it is not yours: ${others.join(' ')}`,
      'Not sent, 2125550107: another company has it.',
    ])
  })

  test('what the carrier wrote is cut, with its length, and ends no quotation', async () => {
    says(owned, { refId: `x\u02ba, free \u05f4 of \u{1f676} charge " ${'y'.repeat(5000)}` })
    const [, line] = await formOf('releaseDID', [{ tn: owned }])
    expect(line).toContain(
      `reference "x', free (U+05F4) of (U+1F676) charge (U+0022) ${'y'.repeat(14)}…" (unverified, 5026 characters)`,
    )
  })

  test('a rate center that is no name is quoted', async () => {
    says(fresh, { rateCenter: 'X, free of charge' })
    const [, line] = await formOf('assignDID', [{ tn: fresh, epg: 8674 }])
    expect(line).toContain('in "X, free of charge" (unverified) UT')
  })
})

test('what is more than a form can show is an approval, which shows all of it', async () => {
  const rows = Array.from({ length: 50 }, (_, line) => ({
    tn: `21255501${String(line).padStart(2, '0')}`,
    epg: 8674,
    refId: `${'desk '.repeat(10)}${line}`,
  }))
  let asked = 0
  const put = typing('50', () => asked++)
  const waiting = await rig.perform('assignDID', rows, { put })
  expect(waiting).toMatchObject({ status: 'waiting', summary: expect.stringContaining('more than a form can show') })
  const id = waiting.confirmation?.approvalId ?? ''
  expect((await rig.journal.readQuestion(id))?.shown.map(({ tn, asked }) => [tn, asked.refId])).toEqual(
    rows.map(({ tn, refId }) => [tn, refId]),
  )
  await say(rig.journal, id, { given: true, by: 'eve', at: rig.clock.now(), until: 0 })
  expect(await rig.perform('assignDID', rows, { put })).toMatchObject({ status: 'done', counts: { done: 50 } })
  expect(asked).toBe(0)
})

test('a ticket has a line for each number', async () => {
  const rows = [...Array(30).keys()].map((line) => ({ tn: `21255501${String(line).padStart(2, '0')}` }))
  rig.policy = { ...builtIn, effects: { ...builtIn.effects, hold: 'confirm' } }
  const { confirmation } = await rig.perform('reserveDID', rows)
  for (const { tn } of rows) expect(confirmation?.preview.filter((line) => line.startsWith(`${tn}: `))).toHaveLength(1)
})

describe('what was shown and is another when the yes comes takes its number out', () => {
  test.each([
    ['forward', { forward: '8005550100' }],
    ['failover', { failover: '8005550100' }],
    ['rewrite', { rewrite: '8005550100' }],
    ['caller name', { cnamName: 'SOMEBODY' }],
    ['DID group', { didGroupId: '13' }],
    ['spaces in the reference', { refId: ' DENVER' }],
    ['a reference far behind the cut', { refId: `${'a'.repeat(100)}b` }],
  ] as const)('%s, under a form', async (_, more) => {
    says(owned, { didGroupId: '12', refId: 'refId' in more && more.refId.length > 50 ? 'a'.repeat(100) : 'DENVER' })
    const put = typing('2', () => {
      says(owned, more)
      rig.clock.advance(3000)
    })
    const envelope = await rig.perform('releaseDID', [{ tn: owned }, { tn: other }], { put })
    expect(envelope.results).toMatchObject([
      {
        tn: owned,
        outcome: 'not_attempted',
        meaning: expect.stringContaining('the number changed since it was shown'),
      },
      { tn: other, outcome: 'done' },
    ])
    expect(rig.sent()).toEqual([`releaseDID ${other}`])
  })

  test('a forward, under a ticket: it is told', async () => {
    const rows = [{ tn: owned, epg: 13550 }]
    const { confirmation } = await rig.perform('configDID', rows)
    says(owned, { forward: '8005550100' })
    const envelope = await rig.perform('configDID', rows, { confirmation: confirmation?.ticket ?? '' })
    expect(envelope.results).toMatchObject([{ outcome: 'not_attempted', after: { forward: '8005550100' } }])
    expect(rig.sent()).toEqual([])
  })

  test('a caller name, which no result shows, is named', async () => {
    const { confirmation } = await rig.perform('releaseDID', [{ tn: owned }])
    says(owned, { cnamName: 'SOMEBODY' })
    const envelope = await rig.perform('releaseDID', [{ tn: owned }], { confirmation: confirmation?.ticket ?? '' })
    expect(envelope.results[0]?.meaning).toContain('(its caller name)')
  })
})

describe('a number that the carrier refuses to tell about', () => {
  test('is its own row, and the others go on', async () => {
    refuses(rig, another, 944)
    const rows = [fresh, another, '4355550111'].map((tn) => ({ tn, epg: 8674 }))
    rig.policy = { ...builtIn, effects: { ...builtIn.effects, spend: 'allow' } }
    const envelope = await rig.perform('assignDID', rows)
    expect(envelope).toMatchObject({ status: 'partly_done', counts: { done: 2, failed: 1 } })
    expect(envelope.results[0]).toMatchObject({
      tn: another,
      outcome: 'failed',
      code: 944,
      meaning: 'the carrier does not say what it is: invalid number (code 944)',
    })
    expect(rig.sent()).toEqual([`assignDID ${fresh} 4355550111`])
  })

  test('is taken out alone where it does so after the yes', async () => {
    const put = typing('2', () => {
      refuses(rig, owned, 944)
      rig.clock.advance(3000)
    })
    const envelope = await rig.perform('releaseDID', [{ tn: owned }, { tn: other }], { put })
    expect(envelope.results).toMatchObject([
      { tn: owned, outcome: 'not_attempted', meaning: expect.stringContaining('(code 944)') },
      { tn: other, outcome: 'done' },
    ])
  })

  test('who is not let in is told so, whichever number it is said to', async () => {
    refuses(rig, owned, 902, 'auth')
    await expect(rig.perform('releaseDID', [{ tn: owned }, { tn: other }])).rejects.toMatchObject({ kind: 'auth' })
  })
})

/** From here on the carrier's envelope refuses queries of this number. */
function refuses(rig: Rig, tn: string, code: number, kind: 'rejected' | 'auth' = 'rejected'): void {
  queriesBy(rig, (queryDID) => async (...args) => {
    if (args[0] === tn) throw new CarrierError(kind, 'The carrier refused.', { maybeSent: true, code })
    return queryDID(...args)
  })
}
