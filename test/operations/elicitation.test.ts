import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { noStandsMs } from '../../src/operations/heard.ts'
import { builtIn, type Policy } from '../../src/policy/policy.ts'
import { type Elicit, openRig, type Rig } from '../support/rig.ts'
import { call } from './support/answer.ts'
import { owned as one, alsoOwned as two } from './support/numbers.ts'

let rig: Rig
beforeEach(async () => {
  rig = await openRig()
})
afterEach(() => rig.close())

const types =
  (...answers: string[]): Elicit =>
  () => ({
    action: 'accept',
    content: { [fieldName]: answers.length > 1 ? (answers.shift() ?? '') : (answers[0] ?? '') },
  })

/** The one field of the form, read from the schema that the server sent. */
let fieldName = ''
const noting =
  (elicit: Elicit, seen: string[] = []): Elicit =>
  (question) => {
    const { properties } = question.requestedSchema as { properties: Record<string, { title?: string }> }
    fieldName = Object.keys(properties)[0] ?? ''
    seen.push(`${question.message}\n[${properties[fieldName]?.title}]`)
    return elicit(question)
  }

describe('a client that can ask its person', () => {
  test('accepts with the last four digits: the number goes, once, and the facts were fresh', async () => {
    const seen: string[] = []
    const client = await rig.client(noting(types('0150'), seen))
    const answer = await call(client, 'releaseDID', { didParams: [one], reason: 'trust me, the person agreed' })
    expect(answer).toMatchObject({ status: 'done', confirmedBy: 'person, in the client' })
    expect(answer.text.split('\n')).toContain('confirmedBy: person, in the client')
    expect(seen).toHaveLength(1)
    expect(seen[0]).toContain('Release 1 number. This cannot be undone')
    expect(seen[0]).toContain(`${one}: assigned to you, in service on endpoint group 8674, tier 1`)
    expect(seen[0]).toContain('reference "DENVER" (unverified)')
    expect(seen[0]).toContain('[Last four digits of the number]')
    expect(seen[0]).not.toContain('trust me')
    expect(rig.sent()).toEqual([`releaseDID ${one}`])
    expect((await rig.journal.readOperations({ limit: 1 })).operations[0]).toMatchObject({ confirmedBy: 'person' })
  })

  test('several numbers are confirmed by their count', async () => {
    const seen: string[] = []
    const client = await rig.client(noting(types('2'), seen))
    expect(await call(client, 'releaseDID', { didParams: [two, one] })).toMatchObject({ status: 'done' })
    expect(seen[0]).toContain('In all: 2 on endpoint group 8674')
    expect(seen[0]).toContain('[How many numbers]')
    expect(rig.sent()).toEqual([`releaseDID ${one} ${two}`])
  })

  test('wrong digits are asked once more, and the right ones then serve', async () => {
    const seen: string[] = []
    const client = await rig.client(noting(types('9999', '0150'), seen))
    expect(await call(client, 'releaseDID', { didParams: [one] })).toMatchObject({ status: 'done' })
    expect(seen).toHaveLength(2)
    expect(seen[1]).toContain('That was not it.')
  })

  test('wrong digits twice end the call', async () => {
    const client = await rig.client(noting(types('9999')))
    const answer = await call(client, 'releaseDID', { didParams: [one] })
    expect(answer).toMatchObject({ status: 'declined', ticket: '' })
    expect(answer.summary).toContain('did not match')
    expect(rig.sent()).toEqual([])
  })

  test('an accept with an empty form is no yes', async () => {
    const client = await rig.client(noting(() => ({ action: 'accept', content: {} })))
    expect(await call(client, 'releaseDID', { didParams: [one] })).toMatchObject({ status: 'declined' })
    expect(rig.sent()).toEqual([])
  })

  test('a no stands for its numbers for ten minutes, in whatever list, and nobody is asked again', async () => {
    const seen: string[] = []
    const client = await rig.client(noting(() => ({ action: 'decline' }), seen))
    const no = await call(client, 'releaseDID', { didParams: [one] })
    expect(no).toMatchObject({ status: 'declined' })
    expect(no.summary).toContain('The person declined')
    const again = await call(client, 'releaseDID', { didParams: [two, `+1${one}`] })
    expect(again).toMatchObject({ status: 'declined' })
    expect(again.summary).toContain(`A person said no to ${one} a short while ago`)
    expect(seen).toHaveLength(1)
    // Another number, and another tool on the same one, are other questions.
    await call(client, 'releaseDID', { didParams: [two] })
    expect(seen).toHaveLength(2)
    await call(client, 'configDID', { didParams: [one], epg: 8675 })
    expect(seen).toHaveLength(3)
    rig.clock.advance(noStandsMs)
    await call(client, 'releaseDID', { didParams: [one] })
    expect(seen).toHaveLength(4)
    expect(rig.sent()).toEqual([])
  })

  test('a no holds for a client without elicitation as well: a ticket is no way around it', async () => {
    const asked = await rig.client(noting(() => ({ action: 'decline' })))
    await call(asked, 'releaseDID', { didParams: [one] })
    const other = await rig.client()
    expect(await call(other, 'releaseDID', { didParams: [one] })).toMatchObject({ status: 'declined', ticket: '' })
    expect(rig.sent()).toEqual([])
  })

  test.each([
    ['a yes', { action: 'accept', content: { answer: '0150' } }],
    ['a no', { action: 'decline' }],
    ['a cancel', { action: 'cancel' }],
  ] as const)('%s within a second is the client’s own: nothing is sent, and no no stands', async (_, said) => {
    rig.thinkingMs = 999
    const client = await rig.client(() => ({ ...said }))
    const answer = await call(client, 'releaseDID', { didParams: [one] })
    expect(answer).toMatchObject({ status: 'declined', ticket: '' })
    expect(answer.summary).toContain('probably nobody was asked')
    expect(answer.summary).toContain('"trustElicitation": false')
    expect(await rig.journal.readNoesInForce(0)).toEqual([])
    expect(rig.sent()).toEqual([])
    // A person who takes a second is asked anew, and heard.
    rig.thinkingMs = 1000
    const person = await rig.client(noting(types('0150')))
    expect(await call(person, 'releaseDID', { didParams: [one] })).toMatchObject({ status: 'done' })
  })

  test('right digits that follow wrong ones within a second are the client’s own, too', async () => {
    const client = await rig.client(noting(types('9999', '0150')))
    const { answerQuestion } = rig.journal
    rig.journal.answerQuestion = async (...args) => {
      const after = await answerQuestion(...args)
      rig.thinkingMs = 10
      return after
    }
    const answer = await call(client, 'releaseDID', { didParams: [one] })
    expect(answer.status).toBe('declined')
    expect(answer.summary).toContain('probably nobody was asked')
    expect(rig.sent()).toEqual([])
  })

  test('a cancel is no decision: it ends this call, and the next one asks again', async () => {
    const seen: string[] = []
    const client = await rig.client(noting(() => ({ action: 'cancel' }), seen))
    const answer = await call(client, 'releaseDID', { didParams: [one] })
    expect(answer).toMatchObject({ status: 'declined' })
    expect(answer.summary).toContain('closed without an answer')
    expect(answer.summary).toContain('"trustElicitation": false')
    await call(client, 'releaseDID', { didParams: [one] })
    expect(seen).toHaveLength(2)
    expect(rig.sent()).toEqual([])
  })

  test('silence ends the call, and names the switch for clients that never show a form', async () => {
    rig.policy = { ...builtIn, confirmation: { ...builtIn.confirmation, waitSeconds: 0.05 } }
    const client = await rig.client(() => new Promise(() => undefined))
    const answer = await call(client, 'releaseDID', { didParams: [one] })
    expect(answer).toMatchObject({ status: 'declined', ticket: '' })
    expect(answer.summary).toContain('Nobody answered in time')
    expect(answer.summary).toContain('"trustElicitation": false')
    expect(rig.sent()).toEqual([])
  })

  test('a ticket is not accepted there, not even a good one', async () => {
    const { ticket } = await call(await rig.client(), 'releaseDID', { didParams: [one] })
    const client = await rig.client(noting(types('0150')))
    expect(await call(client, 'releaseDID', { didParams: [one], confirmation: ticket })).toMatchObject({
      error: 'CONFIRMATION_MISMATCH',
    })
    expect(rig.sent()).toEqual([])
  })

  test('a policy that does not trust it is served a ticket instead, and the form is never shown', async () => {
    rig.policy = trusting(false)
    const seen: string[] = []
    const client = await rig.client(noting(types('0150'), seen))
    const { status, ticket } = await call(client, 'releaseDID', { didParams: [one] })
    expect(status).toBe('confirmation_required')
    expect(await call(client, 'releaseDID', { didParams: [one], confirmation: ticket })).toMatchObject({
      status: 'done',
    })
    expect(seen).toEqual([])
  })

  test('where one of two policies trusts it and one does not, an approval is awaited: no form, no ticket', async () => {
    const { ticket } = await call(await rig.client(), 'releaseDID', { didParams: [one] })
    rig.policy = trusting('disputed')
    const seen: string[] = []
    const client = await rig.client(noting(types('0150'), seen))
    expect(await call(client, 'releaseDID', { didParams: [one] })).toMatchObject({
      status: 'waiting',
      ticket: '',
      summary: expect.stringContaining('The policies in force differ in whether a form in the client is a yes'),
    })
    const withTicket = await call(client, 'releaseDID', { didParams: [one], confirmation: ticket })
    expect(withTicket).toMatchObject({ error: 'POLICY_DENIED' })
    expect(seen).toEqual([])
    expect(rig.sent()).toEqual([])
    // Of one that cannot ask its person the two say the same. A number that waits in an approval takes no ticket.
    const other = await rig.client()
    expect(await call(other, 'releaseDID', { didParams: [two] })).toMatchObject({ status: 'confirmation_required' })
    expect(await call(other, 'releaseDID', { didParams: [one, two] })).toMatchObject({
      status: 'waiting',
      summary: expect.stringContaining(`${one} waits in an approval, and takes no ticket until that is answered.`),
    })
  })

  test('a yes in the client is not spent where the policy came to want an approval while it was thought over', async () => {
    const client = await rig.client(
      noting(() => {
        rig.policy = trusting('disputed')
        return { action: 'accept', content: { [fieldName]: '0150' } }
      }),
    )
    expect(await call(client, 'releaseDID', { didParams: [one] })).toMatchObject({ error: 'POLICY_DENIED' })
    expect(rig.sent()).toEqual([])
  })

  test('what changed while the person thought is not sent', async () => {
    const elsewhere = await rig.client()
    const client = await rig.client(
      noting(async () => {
        const { ticket } = await call(elsewhere, 'configDID', { didParams: [one], epg: 13550 })
        await call(elsewhere, 'configDID', { didParams: [one], epg: 13550, confirmation: ticket })
        rig.clock.advance(3000)
        return { action: 'accept', content: { [fieldName]: '2' } }
      }),
    )
    const answer = await call(client, 'releaseDID', { didParams: [one, two] })
    expect(answer.status).toBe('partly_done')
    expect(answer.results).toMatchObject([
      { tn: one, outcome: 'not_attempted', after: { epg: 13550 } },
      { tn: two, outcome: 'done' },
    ])
    expect(rig.sent()).toEqual([`configDID ${one}`, `releaseDID ${two}`])
  })
})

function trusting(trustElicitation: Policy['confirmation']['trustElicitation']): Policy {
  return { ...builtIn, confirmation: { ...builtIn.confirmation, trustElicitation } }
}
