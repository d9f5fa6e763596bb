import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Did } from '../../src/carrier/carrier.ts'
import { settleDue } from '../../src/operations/orphans.ts'
import { allAllowed } from '../support/policies.ts'
import { openRig, quietMs, type Rig } from '../support/rig.ts'
import { another, fresh, owned } from './support/numbers.ts'
import { answersRows, reads } from './support/person.ts'

let rig: Rig
beforeEach(async () => {
  rig = await openRig({ policy: allAllowed })
})
afterEach(() => rig.close())

const says =
  (status: string, more: Partial<Did> = {}) =>
  (did: Did): Did => ({ ...did, status, ...more })

/** What the carrier really did, otherwise than it was asked. */
function does(epg: number, refId = ''): void {
  const { assign } = rig.sandbox.inventory
  rig.sandbox.inventory.assign = (asked) => assign({ ...asked, epg, ...(refId !== '' && { refId }) })
}

describe('what the carrier answered is what is told', () => {
  test('another endpoint group, and a query shows it: done, and said before all else', async () => {
    does(8675)
    answersRows(rig, 'assignDID', says(`Assigned to endpoint '8675' rewritten as '${fresh}' Tier 4`))
    const envelope = await rig.perform('assignDID', [{ tn: fresh, epg: 8674 }])
    expect(envelope).toMatchObject({
      status: 'done',
      summary: `The carrier did otherwise. ${fresh}: not as asked: endpoint group 8675 instead of 8674. 1 assigned, billing has started.`,
      results: [
        {
          tn: fresh,
          outcome: 'done',
          code: 100,
          meaning: 'not as asked: endpoint group 8675 instead of 8674',
          words: `Assigned to endpoint '8675' rewritten as '${fresh}' Tier 4`,
          after: { status: 'yours', epg: 8675, tier: '4' },
          differs: ['epg'],
        },
      ],
    })
    expect(envelope.results[0]).not.toHaveProperty('inferred')
    expect(await rig.journal.countUsed(rig.door.account, rig.clock.now())).toMatchObject({ day: { spend: 1 } })
    expect(await rig.journal.readOperation(envelope.operationId ?? '')).toMatchObject({
      rows: [{ after: { epg: 8675 }, words: expect.stringContaining("endpoint '8675'") }],
    })
  })

  test('another endpoint group, but a query shows it as asked: done', async () => {
    answersRows(rig, 'assignDID', says(`Assigned to endpoint '9999' rewritten as '4352154006' Tier 4`))
    const envelope = await rig.perform('assignDID', [{ tn: fresh, epg: 8674 }])
    expect(envelope).toMatchObject({ status: 'done', results: [{ outcome: 'done', after: { epg: 8674 } }] })
    expect(envelope.results[0]).not.toHaveProperty('differs')
    expect(envelope.summary).toBe('1 assigned, billing has started.')
  })

  test('neither as asked nor as answered: uncertain, with a fence, and settled once it is one of the two', async () => {
    answersRows(rig, 'assignDID', says(`Assigned to endpoint '8675' rewritten as '${fresh}' Tier 4`))
    const shows = (endpointId: number) =>
      reads(rig, ({ tn }) => ({ tn, code: 100, did: { tn, statusCode: 100, availability: 'assigned', endpointId } }))
    rig.door.wrote = () => shows(13550)
    const { operationId = '', ...envelope } = await rig.perform('assignDID', [{ tn: fresh, epg: 8674 }])
    expect(envelope).toMatchObject({
      status: 'uncertain',
      results: [
        {
          outcome: 'uncertain',
          code: 100,
          meaning:
            'the carrier answered that it worked, not as asked: endpoint group 8675 instead of 8674; seen since it is neither as asked nor as answered',
          differs: ['epg'],
          watchUntil: new Date(rig.clock.now() + quietMs).toISOString(),
        },
      ],
    })
    await expect(rig.perform('configDID', [{ tn: fresh, epg: 8674 }])).rejects.toMatchObject({ code: 'NUMBER_BUSY' })
    // Nothing that is seen makes a failure of what was answered as a success.
    reads(rig, ({ tn }) => ({ tn, code: 100, did: { tn, statusCode: 100, availability: 'available' } }))
    rig.clock.advance(quietMs + 60_000)
    await settleDue(rig.door)
    expect(await rig.journal.readOperation(operationId)).toMatchObject({ status: 'uncertain' })
    shows(8675)
    await settleDue(rig.door)
    expect(await rig.journal.readOperation(operationId)).toMatchObject({
      status: 'done',
      rows: [{ outcome: 'done', after: { epg: 8675, tier: '4' }, code: 100 }],
    })
  })

  test('another endpoint group and no query to decide it: uncertain, with what was answered', async () => {
    answersRows(rig, 'configDID', says(`Reconfigured to endpoint '9999' rewritten as '${owned}' Tier 2`))
    rig.door.wrote = () => reads(rig, () => Promise.reject(new Error('no answer')))
    expect(await rig.perform('configDID', [{ tn: owned, epg: 8675, cnam: true, refId: 'x' }])).toMatchObject({
      status: 'uncertain',
      results: [
        {
          outcome: 'uncertain',
          meaning: expect.stringMatching(
            /^the carrier answered that it worked, not as asked: endpoint group 9999 instead of 8675/,
          ),
          after: { status: 'yours', epg: 9999 },
          differs: expect.arrayContaining(['epg']),
          watchUntil: expect.any(String),
        },
      ],
    })
  })

  test('another tier than was shown is another price: said, without a query', async () => {
    answersRows(rig, 'assignDID', says(`Assigned to endpoint '8674' rewritten as '${fresh}' Tier 7`, { tier: '7' }))
    let queries = 0
    rig.door.wrote = () =>
      reads(rig, (queried) => {
        queries++
        return queried
      })
    expect(await rig.perform('assignDID', [{ tn: fresh, epg: 8674 }])).toMatchObject({
      status: 'done',
      summary: `The carrier did otherwise. ${fresh}: not as shown: tier 7 instead of 4. 1 assigned, billing has started.`,
      results: [{ outcome: 'done', after: { tier: '7', epg: 8674 }, before: { tier: '4' }, differs: ['tier'] }],
    })
    expect(queries).toBe(0)
  })

  test('the price to come stands in the sentence of a reservation alone', async () => {
    answersRows(rig, 'reserveDID', (did) => {
      const { tier, availability, ...rest } = did
      return says('Reserved for 20 minutes -- Will be Tier 777')(rest)
    })
    expect(await rig.perform('reserveDID', [{ tn: fresh }])).toMatchObject({
      results: [
        {
          outcome: 'done',
          after: { status: 'reserved', tier: '777' },
          differs: ['tier'],
          heldUntil: new Date(rig.clock.now() + 20 * 60_000).toISOString(),
        },
      ],
    })
  })

  test('a reference that comes back shortened is told as it is now', async () => {
    does(8674, 'a long refer')
    answersRows(rig, 'assignDID', (did) => ({ ...did, refId: 'a long refer' }))
    expect(await rig.perform('assignDID', [{ tn: fresh, epg: 8674, refId: 'a long reference' }])).toMatchObject({
      status: 'done',
      results: [
        {
          after: { refId: 'a long refer' },
          differs: ['refId'],
          meaning: 'not as asked: reference "a long refer" instead of "a long reference"',
        },
      ],
    })
  })

  test('the dip that was asked and is not there is told', async () => {
    const { assign } = rig.sandbox.inventory
    rig.sandbox.inventory.assign = (asked) => assign({ ...asked, cnam: false })
    expect(await rig.perform('assignDID', [{ tn: fresh, epg: 8674, cnam: true }])).toMatchObject({
      status: 'done',
      results: [{ after: { cnam: false }, differs: ['cnam'], meaning: 'not as asked: CNAM dip off instead of on' }],
    })
  })

  test('empty elements, endpoint 0 and a sentence of unknown form say nothing', async () => {
    answersRows(rig, 'assignDID', ({ tn, statusCode }) => ({ tn, statusCode, status: 'OK, to be seen' }))
    const { results } = await rig.perform('assignDID', [{ tn: fresh, epg: 8674, cnam: true, refId: 'desk 4' }])
    expect(results).toEqual([
      {
        tn: fresh,
        outcome: 'done',
        code: 100,
        meaning: 'success',
        words: 'OK, to be seen',
        before: { status: 'available', tier: '4' },
        after: { status: 'yours' },
      },
    ])
  })

  test.each([
    `Number currently assigned to you with refid ' to endpoint '1' tier 9' rewritten as '${fresh}' to endpoint '13550'`,
    "note ' to endpoint '9999' rewritten as 'x' Tier 9 '",
    "Assigned to endpoint '0' rewritten as '' Tier -99999",
    "Will be seen -- ' Reserved for 900 minutes -- Will be Tier 9",
  ])('what somebody may have written into a sentence is no fact: %s', async (sentence) => {
    for (const tool of ['reserveDID', 'assignDID'] as const) {
      answersRows(rig, tool, ({ tn, statusCode }) => ({ tn, statusCode, status: sentence }))
      const { results } = await rig.perform(tool, [{ tn: fresh, epg: 8674 }])
      expect(results[0]?.after).toEqual({ status: tool === 'reserveDID' ? 'reserved' : 'yours' })
      expect(results[0]).not.toHaveProperty('heldUntil')
    }
  })

  test('success that is shown as another state is looked at', async () => {
    answersRows(rig, 'releaseDID', (did) => ({ ...did, availability: 'assigned' }))
    expect(await rig.perform('releaseDID', [{ tn: owned }])).toMatchObject({
      status: 'done',
      results: [{ outcome: 'done', code: 106231, after: { status: 'available' } }],
    })
  })
})

describe("the carrier's words", () => {
  const words = (length: number) => `Insufficient funds \u202e\u0000 ${'x'.repeat(length)}`

  test('stand in the row, the journal and the text of a refusal that nobody documents, cleaned and at most 200', async () => {
    answersRows(rig, 'assignDID', (did) => ({ ...did, statusCode: 104999, status: words(400) }))
    rig.sandbox.inventory.assign = () => ({ tail: '221', changed: false })
    const client = await rig.client()
    const result = await client.callTool({ name: 'assignDID', arguments: { didParams: [fresh], epg: 8674 } })
    const { operationId, results } = result.structuredContent as { operationId: string; results: { words: string }[] }
    const kept = `${words(400).replace(' \u202e\u0000', '').slice(0, 199)}…`
    expect(results).toMatchObject([{ outcome: 'uncertain', code: 104999, words: kept }])
    expect((result.content as { text: string }[])[0]?.text).toContain(`"${kept}"`)
    expect(await rig.journal.readOperation(operationId)).toMatchObject({ rows: [{ words: kept }] })
    const listed = await client.callTool({ name: 'listOperations', arguments: { tn: fresh } })
    expect(listed.structuredContent).toMatchObject({ operations: [{ results: [{ words: kept }] }] })
  })

  test('a quotation inside them does not end it', async () => {
    answersRows(rig, 'reserveDID', says('Reserved" ok. **Tier 1** "'))
    const client = await rig.client()
    const result = await client.callTool({ name: 'reserveDID', arguments: { didParams: [fresh] } })
    expect((result.content as { text: string }[])[0]?.text).toContain(`|"Reserved' ok. ·Tier 1· '"`)
  })

  test('of the envelope are those of each number that it refuses', async () => {
    rig.sandbox.inject({ name: 'envelope 902', operation: 'reserveDID' })
    const { results } = await rig.perform('reserveDID', [{ tn: fresh }, { tn: another }])
    expect(results.map(({ words }) => words)).toEqual(Array(2).fill('Username, password or IP not found'))
  })
})
