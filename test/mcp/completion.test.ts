import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { describe, expect, onTestFinished, test } from 'vitest'
import { CarrierError } from '../../src/carrier/errors.ts'
import { builtIn, type Policy } from '../../src/policy/policy.ts'
import { openRig } from '../support/rig.ts'
import { type Stage, stageWith } from '../support/stage.ts'

const audits = ({ sandbox }: Stage) => sandbox.calls.filter(({ operation }) => operation === 'auditDIDs').length

type Given = Record<string, string>

async function prompted(client: Client, prompt: string, name: string, value: string, given: Given = {}) {
  const asked = { ref: { type: 'ref/prompt' as const, name: prompt }, argument: { name, value } }
  return (await client.complete({ ...asked, context: { arguments: given } })).completion
}

async function inTemplate(client: Client, uri: string, name: string, value: string) {
  return (await client.complete({ ref: { type: 'ref/resource', uri }, argument: { name, value } })).completion
}

const policy = (own: Partial<Policy>) => () => ({ ...builtIn, ...own })

describe('numbers of the account', () => {
  test('by what was typed so far, in any format', async () => {
    const { client } = await stageWith()
    const utah = ['4355550150', '4355550151', '4355550152', '4355550153', '4355550154', '4355550155', '4355550156']
    for (const typed of ['435', '+1435', '1-435', '(435) 555', '435.555.01']) {
      expect(await inTemplate(client, 'did://dids/{tn}', 'tn', typed)).toEqual({ values: utah })
    }
    expect(await inTemplate(client, 'did://dids/{tn}', 'tn', '43555501505')).toEqual({ values: [] })
    expect((await inTemplate(client, 'did://dids/{tn}', 'tn', '')).values).toHaveLength(25)
  })

  test('in a list, the last one, without those that stand before it', async () => {
    const { client } = await stageWith()
    expect((await prompted(client, 'release-numbers', 'numbers', '4355550150, 43555501')).values.slice(0, 2)).toEqual([
      '4355550150, 4355550151',
      '4355550150, 4355550152',
    ])
  })

  test('of a small account are read once, however many keys are struck', async () => {
    const stage = await stageWith()
    for (const typed of ['', '4', '43', '435']) await inTemplate(stage.client, 'did://dids/{tn}', 'tn', typed)
    expect(audits(stage)).toBe(1)
  })

  test('that were just audited are not read again, and pages are counted by them', async () => {
    const stage = await stageWith({ owned: 600 })
    expect(await inTemplate(stage.client, 'did://account/dids/{page}.csv', 'page', '')).toEqual({ values: ['1'] })
    expect(audits(stage)).toBe(0)
    await stage.call('auditDIDs', { limit: 1 })
    const { values, hasMore } = await inTemplate(stage.client, 'did://dids/{tn}', 'tn', '')
    expect([values.length, hasMore]).toEqual([100, true])
    expect(await inTemplate(stage.client, 'did://account/dids/{page}.csv', 'page', '')).toEqual({ values: ['1', '2'] })
    expect(audits(stage)).toBe(1)
  })

  test('of a large account are not downloaded: the first thousand serve, and it is not asked again', async () => {
    let read = 0
    let downloads = 0
    const { client } = await stageWith({
      carrier: {
        async auditDIDs(row, { signal }) {
          downloads++
          for (; read < 100_000; read++) {
            if (signal?.aborted) throw new CarrierError('cancelled', 'The caller gave up.', { maybeSent: true })
            row({ tn: String(2_125_600_000 - read), statusCode: 100 })
          }
          return {}
        },
      },
    })
    expect((await inTemplate(client, 'did://dids/{tn}', 'tn', '212559900')).values).toEqual([
      '2125599001',
      '2125599002',
      '2125599003',
      '2125599004',
      '2125599005',
      '2125599006',
      '2125599007',
      '2125599008',
      '2125599009',
    ])
    await inTemplate(client, 'did://dids/{tn}', 'tn', '2')
    expect([read, downloads]).toEqual([1_001, 1])
  })

  test('of a slow carrier are not waited for', async () => {
    const { client } = await stageWith({
      carrier: {
        async auditDIDs(row, { signal }) {
          row({ tn: '2125550150', statusCode: 100 })
          await sleep(60_000, undefined, { signal }).catch(() => undefined)
          throw new CarrierError('cancelled', 'The caller gave up.', { maybeSent: true })
        },
      },
    })
    const begun = performance.now()
    expect(await inTemplate(client, 'did://dids/{tn}', 'tn', '')).toEqual({ values: ['2125550150'] })
    expect(performance.now() - begun).toBeLessThan(10_000)
  })

  test('of a carrier that refuses are none, and no error', async () => {
    const { client } = await stageWith({
      carrier: {
        async auditDIDs() {
          throw new CarrierError('auth', 'The carrier refused the login.', { maybeSent: true, code: 902 })
        },
      },
    })
    expect(await inTemplate(client, 'did://dids/{tn}', 'tn', '')).toEqual({ values: [] })
  })
})

describe('places', () => {
  test('states by abbreviation or name, without asking anybody', async () => {
    const stage = await stageWith()
    const completed = async (typed: string) =>
      (await prompted(stage.client, 'provision-numbers', 'state', typed)).values.join(' ')
    expect(await completed('u')).toBe('UT')
    expect(await completed('new')).toBe('NH NJ NM NY')
    expect(await completed('t')).toBe('TF TN TX')
    expect((await completed('')).split(' ')).toHaveLength(53)
    expect(stage.sandbox.calls).toEqual([])
  })

  test('area codes of the account, the commonest first, in the state that is filled in', async () => {
    const { client } = await stageWith()
    expect((await prompted(client, 'review-account', 'npa', '')).values[0]).toBe('435')
    expect(await prompted(client, 'review-account', 'npa', '8', { state: 'ut' })).toEqual({ values: ['801'] })
    expect(await prompted(client, 'provision-numbers', 'npa', '', { state: 'NY' })).toEqual({ values: ['212'] })
  })

  test('endpoint groups in use, or those that the policy allows', async () => {
    const { client } = await stageWith()
    expect(await prompted(client, 'provision-numbers', 'epg', '')).toEqual({ values: ['8674', '13550', '8675'] })
    expect(await prompted(client, 'review-account', 'epg', '86')).toEqual({ values: ['8674', '8675'] })
    const bound = await stageWith({ policy: policy({ endpointGroups: [8675, 9000] }) })
    expect(await prompted(bound.client, 'provision-numbers', 'epg', '')).toEqual({ values: ['8675', '9000'] })
    expect(bound.sandbox.calls).toEqual([])
  })
})

test('ids of operations, the newest first', async () => {
  const rig = await openRig()
  onTestFinished(() => rig.close())
  const client = await rig.client()
  const first = await rig.perform('reserveDID', [{ tn: '4355550100' }])
  rig.clock.advance(1_000)
  const second = await rig.perform('reserveDID', [{ tn: '4355550101' }])
  const template = 'did://operations/{id}'
  const ids = [second.operationId, first.operationId]
  expect(await inTemplate(client, template, 'id', '')).toEqual({ values: ids })
  expect(await inTemplate(client, template, 'id', first.operationId ?? '')).toEqual({ values: [first.operationId] })
})

describe('what the policy denies', () => {
  test('is not completed from either', async () => {
    const stage = await stageWith({ policy: policy({ tools: { auditDIDs: 'deny' } }) })
    expect(await inTemplate(stage.client, 'did://dids/{tn}', 'tn', '')).toEqual({ values: [] })
    expect(await prompted(stage.client, 'provision-numbers', 'npa', '')).toEqual({ values: [] })
    expect(stage.sandbox.calls).toEqual([])
  })

  test.each([
    ['did://account/dids/{page}.csv', 'auditDIDs'],
    ['did://operations/{id}', 'listOperations'],
  ])('%s is not there to be completed', async (uri, tool) => {
    const { client } = await stageWith({ policy: policy({ tools: { [tool]: 'deny' } }) })
    await expect(inTemplate(client, uri, 'page', '')).rejects.toMatchObject({
      code: -32602,
      message: `MCP error -32602: There is no resource template "${uri}". Those there are: resources/templates/list.`,
    })
  })
})

describe('what nobody knows', () => {
  test.each([
    ['port-check', 'numbers'],
    ['port-check', 'portId'],
    ['provision-numbers', 'refId'],
    ['provision-numbers', 'constructor'],
  ])('%s: nothing is proposed for %s', async (prompt, argument) => {
    const { client } = await stageWith()
    expect(await prompted(client, prompt, argument, '2')).toEqual({ values: [] })
  })

  test('a prompt or template that is not there', async () => {
    const { client } = await stageWith()
    await expect(prompted(client, 'nothing', 'state', '')).rejects.toThrow(
      'There is no prompt "nothing". Those there are: prompts/list.',
    )
    await expect(inTemplate(client, 'did://nothing', 'x', '')).rejects.toMatchObject({ code: -32602 })
  })
})
