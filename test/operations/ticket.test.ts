import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { builtIn } from '../../src/policy/policy.ts'
import { humanMode } from '../support/policies.ts'
import { openRig, type Rig } from '../support/rig.ts'
import { call } from './support/answer.ts'
import { owned as one, alsoOwned as two } from './support/numbers.ts'

let rig: Rig
beforeEach(async () => {
  rig = await openRig()
})
afterEach(() => rig.close())

describe('a client that cannot ask', () => {
  let client: Client
  beforeEach(async () => {
    client = await rig.client()
  })

  const release = (more: object = {}) => call(client, 'releaseDID', { didParams: [one], ...more })

  test('gets a preview and a ticket; nothing is sent', async () => {
    const answer = await release()
    // The preview has the number: it does not stand in the results a second time.
    expect(answer).toMatchObject({ status: 'confirmation_required', results: [] })
    expect(answer.text).toContain('counts: done=0, failed=0, uncertain=0, notAttempted=1')
    expect(answer.text.split(`${one}: `)).toHaveLength(2)
    expect(answer.ticket).toMatch(/^ticket_[\w-]{22}$/)
    expect(answer.preview).toEqual([
      'Sandbox, nothing is real. Release 1 number. This cannot be undone: another company may take a released number within a minute.',
      `${one}: assigned to you, in service on endpoint group 8674, tier 1, in DENVER CO, reference "DENVER" (unverified), caller name "SANDBOX 303" (unverified)`,
      '(unverified): text that the carrier holds, and that anybody may have written.',
    ])
    expect(answer.text).toContain(answer.ticket)
    expect(rig.sent()).toEqual([])
  })

  test('the same call with the ticket goes ahead', async () => {
    const { ticket } = await release()
    expect(await release({ confirmation: ticket })).toMatchObject({
      status: 'done',
      confirmedBy: 'ticket (relayed by the assistant; which person is not known)',
    })
    expect(rig.sent()).toEqual([`releaseDID ${one}`])
  })

  test('a forged ticket is refused before anything is asked of the carrier', async () => {
    expect(await release({ confirmation: 'ticket_AAAAAAAAAAAAAAAAAAAAAA' })).toMatchObject({
      error: 'CONFIRMATION_MISMATCH',
    })
    expect(rig.sandbox.calls).toEqual([])
  })

  test.each([
    ['another number', 'releaseDID', { didParams: [two] }],
    ['one number more', 'releaseDID', { didParams: [one, two] }],
    ['another tool', 'configDID', { didParams: [one], epg: 8675 }],
  ])('a ticket does not serve for %s, and is not burnt', async (_, tool, args) => {
    const { ticket } = await release()
    expect(await call(client, tool, { ...args, confirmation: ticket })).toMatchObject({
      error: 'CONFIRMATION_MISMATCH',
    })
    expect(rig.sent()).toEqual([])
    expect(await release({ confirmation: ticket })).toMatchObject({ status: 'done' })
  })

  test.each([
    ['another endpoint group', { epg: 13550 }],
    ['CNAM on', { epg: 8675, cnam: true }],
    ['another reference', { epg: 8675, refId: 'x' }],
    ['an empty reference, which is not none', { epg: 8675, refId: '' }],
  ])('other settings need a yes of their own: %s', async (_, settings) => {
    const { ticket } = await call(client, 'configDID', { didParams: [one], epg: 8675 })
    expect(await call(client, 'configDID', { didParams: [one], ...settings, confirmation: ticket })).toMatchObject({
      error: 'CONFIRMATION_MISMATCH',
    })
    expect(rig.sent()).toEqual([])
  })

  test('the same numbers in another order and format go ahead', async () => {
    const { ticket } = await call(client, 'releaseDID', { didParams: [one, two] })
    const again = { didParams: ['(303) 555-0151', '1-303-555-0150'], confirmation: ticket }
    expect(await call(client, 'releaseDID', again)).toMatchObject({ status: 'done' })
    expect(rig.sent()).toEqual([`releaseDID ${one} ${two}`])
  })

  test('somebody else’s ticket is of no use', async () => {
    const { ticket } = await release()
    const other = await rig.client(undefined, 'bob@desk')
    expect(await call(other, 'releaseDID', { didParams: [one], confirmation: ticket })).toMatchObject({
      error: 'CONFIRMATION_MISMATCH',
    })
    expect(rig.sent()).toEqual([])
  })

  test('a ticket works once, and the second use names the operation', async () => {
    const { ticket } = await release()
    await release({ confirmation: ticket })
    const replay = await release({ confirmation: ticket })
    expect(replay.error).toBe('CONFIRMATION_USED')
    const { operations } = await rig.journal.readOperations({ limit: 1 })
    expect(replay.text).toContain(operations[0]?.id)
    expect(rig.sent()).toEqual([`releaseDID ${one}`])
  })

  test('the same ticket twice at once: one goes ahead', async () => {
    const { ticket } = await release()
    const both = await Promise.all([release({ confirmation: ticket }), release({ confirmation: ticket })])
    expect(both.map(({ status, error }) => status ?? error).sort()).toEqual([
      expect.stringMatching(/CONFIRMATION_USED|NUMBER_BUSY/),
      'done',
    ])
    expect(rig.sent()).toEqual([`releaseDID ${one}`])
  })

  test('an expired ticket is refused', async () => {
    const { ticket } = await release()
    rig.clock.advance(300_000)
    expect(await release({ confirmation: ticket })).toMatchObject({ error: 'CONFIRMATION_EXPIRED' })
    expect(rig.sent()).toEqual([])
  })

  test('a number that changed since the preview is taken out alone, with its new facts', async () => {
    const { ticket } = await call(client, 'releaseDID', { didParams: [one, two] })
    const config = { didParams: [one], epg: 13550 }
    const change = await call(client, 'configDID', config)
    await call(client, 'configDID', { ...config, confirmation: change.ticket })
    const answer = await call(client, 'releaseDID', { didParams: [one, two], confirmation: ticket })
    expect(answer.status).toBe('partly_done')
    expect(answer.results).toMatchObject([
      {
        tn: one,
        outcome: 'not_attempted',
        meaning: 'not sent: the number changed since it was shown',
        after: { epg: 13550 },
      },
      { tn: two, outcome: 'done' },
    ])
    expect(rig.sent()).toEqual([`configDID ${one}`, `releaseDID ${two}`])
    const { operations } = await rig.journal.readOperations({ limit: 2 })
    expect(operations.find(({ tool }) => tool === 'releaseDID')).toMatchObject({
      status: 'partly_done',
      rows: [
        { tn: one, outcome: 'not_attempted', before: { status: 'yours' }, after: { epg: 13550 } },
        { tn: two, outcome: 'done' },
      ],
    })
  })

  test.each([11, 24])('%i numbers that are to be released wait for a person, each of them seen once', async (many) => {
    const owned = [...new Set((await call(client, 'auditDIDs', { limit: 500 })).text.match(/\b\d{10}\b/g) ?? [])]
    const didParams = owned.slice(0, many)
    const answer = await call(client, 'releaseDID', { didParams })
    expect(answer).toMatchObject({ status: 'waiting', ticket: '', results: [] })
    expect(answer.summary).toContain(
      'Nothing was sent. A ticket covers 10 numbers at most where it costs money or cannot be undone (ticketMaxDids), ' +
        `and this call has ${many}. A person must approve ap_`,
    )
    const seen = answer.text.match(/\b\d{10}\b/g) ?? []
    expect(seen.sort()).toEqual(didParams.sort())
    expect(rig.sent()).toEqual([])
  })

  describe('what tickets cover within an hour', () => {
    const owned = async () => (await call(client, 'auditDIDs', { limit: 500 })).text.match(/\b\d{10}\b/g) ?? []
    const releaseAll = (tns: string[], more: object = {}) => call(client, 'releaseDID', { didParams: tns, ...more })

    test('counts with the next one: parting a call is no way around', async () => {
      const tns = [...new Set(await owned())]
      const { ticket } = await releaseAll(tns.slice(0, 6))
      expect(await releaseAll(tns.slice(0, 6), { confirmation: ticket })).toMatchObject({ status: 'done' })
      expect(await releaseAll(tns.slice(6, 10))).toMatchObject({ status: 'confirmation_required' })
      const more = await releaseAll(tns.slice(10, 15))
      expect(more).toMatchObject({ status: 'waiting', ticket: '' })
      expect(more.summary).toContain(
        "This caller's tickets for this tool cover 10 numbers within the last hour already.",
      )
      // What costs nothing has no such bound, another caller has its own, and an hour ends it.
      expect(await call(client, 'configDID', { didParams: tns.slice(6, 20), epg: 13550 })).toMatchObject({
        status: 'confirmation_required',
      })
      const other = await rig.client(undefined, 'bob@desk')
      expect(await call(other, 'releaseDID', { didParams: tns.slice(15, 20) })).toMatchObject({
        status: 'confirmation_required',
      })
      rig.clock.advance(3_600_000)
      expect(await releaseAll(tns.slice(15, 25))).toMatchObject({ status: 'confirmation_required' })
    })

    test('counts once for each number: a preview asked for again takes nothing', async () => {
      const tns = [...new Set(await owned())].slice(0, 10)
      for (let time = 0; time < 3; time++) {
        expect(await releaseAll(tns)).toMatchObject({ status: 'confirmation_required' })
      }
    })

    test('is counted again as a ticket is spent: of two that were given at once one goes', async () => {
      const tns = [...new Set(await owned())]
      const { readTicketUse } = rig.journal
      rig.journal.readTicketUse = async () => ({ spent: [], given: [], waiting: [] })
      const [first, second] = [await releaseAll(tns.slice(0, 6)), await releaseAll(tns.slice(6, 12))]
      rig.journal.readTicketUse = readTicketUse
      expect(await releaseAll(tns.slice(0, 6), { confirmation: first.ticket })).toMatchObject({ status: 'done' })
      const refused = await releaseAll(tns.slice(6, 12), { confirmation: second.ticket })
      expect(refused.error).toBe('POLICY_DENIED')
      expect(refused.text).toContain('Make the same call without the ticket: a person is asked to approve it.')
      expect(rig.sent()).toHaveLength(1)
    })

    test('and a ticket is not spent on a number that came to wait in an approval', async () => {
      const tns = [...new Set(await owned())]
      const { ticket } = await releaseAll(tns.slice(0, 1))
      expect(await releaseAll(tns.slice(0, 11))).toMatchObject({ status: 'waiting' })
      const refused = await releaseAll(tns.slice(0, 1), { confirmation: ticket })
      expect(refused.error).toBe('POLICY_DENIED')
      expect(refused.text).toContain(`${tns[0]} waits in an approval`)
      expect(rig.sent()).toEqual([])
    })
  })

  test('in human mode no ticket is given for anything', async () => {
    rig.policy = { ...builtIn, ...humanMode }
    expect(await release()).toMatchObject({ status: 'waiting', ticket: '' })
    expect(rig.sent()).toEqual([])
  })

  test('a call that waits says why, since when, and how it goes on, and says it again', async () => {
    rig.policy = { ...builtIn, ...humanMode }
    const first = await release({ reason: 'the customer left' })
    const [id] = first.text.match(/ap_[\w-]{22}/) ?? []
    expect(first.summary).toBe(
      'Nothing was sent. Confirmation mode "human" is in force. ' +
        `A person must approve ${id}, which waits since 2026-01-05T09:00:00.000Z, at a terminal: did-mcp approvals approve ${id}. ` +
        'Then repeat the same call, unchanged and without `confirmation`: it goes ahead once. Only `reason` may differ. ' +
        'Parting it into smaller calls is no way around.',
    )
    rig.clock.advance(60_000)
    expect((await release({ reason: 'as I said' })).summary).toBe(first.summary)
    expect((await release({ confirmation: id })).error).toBe('CONFIRMATION_MISMATCH')
    expect(rig.sent()).toEqual([])
  })
})
