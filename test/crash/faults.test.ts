import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TenName, theTen } from '../../src/carrier/soap/wsdl.ts'
import type { DidWriteTool } from '../../src/domain/write-tool.ts'
import { areaCodes } from '../../src/sandbox/area-codes.ts'
import { type FaultName, faultNames } from '../../src/sandbox/faults.ts'
import { allAllowed, unlimited } from '../support/policies.ts'
import { openRig, type Rig } from '../support/rig.ts'
import { tookEffect } from './support/effect.ts'
import { type Forwarder, startForwarder } from './support/forwarder.ts'

/** Every fault of the sandbox, times every tool that asks the carrier. */
const secret = 'MARKED-s3cret-of-the-carrier'

const calls: { readonly [tool in TenName]: (tn: string) => Record<string, unknown> } = {
  auditDIDs: () => ({ limit: 500 }),
  queryDID: (tn) => ({ did: tn }),
  getDIDs: (tn) => ({ npa: tn.slice(0, 3), limit: 500 }),
  getDIDCount: (tn) => ({ npa: tn.slice(0, 3), limit: 500 }),
  isPortable: (tn) => ({ tn }),
  getPortDetails: () => ({ portId: 70001 }),
  reserveDID: (tn) => ({ didParams: [tn] }),
  assignDID: (tn) => ({ didParams: [tn], epg: 8674 }),
  configDID: (tn) => ({ didParams: [tn], epg: 8675 }),
  releaseDID: (tn) => ({ didParams: [tn] }),
}

type Answer = Readonly<Record<string, unknown>>
type Altered = (answer: Answer, well: Answer) => void

const rowsOf = ({ dids, counts }: Answer) => (dids ?? counts) as Answer[]
const oneRowLess: Altered = (answer, well) => {
  expect(rowsOf(well)).toEqual(expect.arrayContaining(rowsOf(answer)))
  expect(rowsOf(answer)).toHaveLength(rowsOf(well).length - 1)
}
/** One row is read by nobody and shown as it came; the others are all there, and counted without it. */
const oneUnreadable: Altered = (answer, well) => {
  expect(answer.unreadable).toEqual({ count: 1, rows: [expect.stringContaining('12abc')] })
  expect(answer.total).toBe(Number(well.total) - lastCount(answer, well))
  oneRowLess(answer, well)
}
/** What the missing row counted: one number, or a count's own. */
const lastCount = (answer: Answer, well: Answer) => {
  const left = new Set(rowsOf(answer).map((row) => JSON.stringify(row)))
  const [missing] = rowsOf(well).filter((row) => !left.has(JSON.stringify(row)))
  return Number(missing?.didCount ?? 1)
}
/** A number that is listed twice is counted once, and a word says so. */
const toldOnce: Altered = ({ note, ...answer }, well) => {
  expect(note).toContain('listed a number again')
  expect(answer).toEqual(well)
}
/** Two counts of the same place are added up. */
const oneCountedTwice: Altered = (answer, well) => {
  const counts = rowsOf(well).map(({ didCount }, row) => [didCount, rowsOf(answer)[row]?.didCount])
  const changed = counts.filter(([once, twice]) => once !== twice)
  expect(changed.map(([once, twice]) => Number(twice) / Number(once))).toEqual([2])
}
const codeIn = (did: Answer) => ({ ...did, statusCode: 109999 })

/** Faults that make another answer out of a read's, which nobody could tell from a right one; any other shows nothing of it. */
const alterations: { readonly [fault in FaultName]?: { readonly [tool in TenName]?: Altered } } = {
  'missing row': { auditDIDs: oneRowLess, getDIDs: oneRowLess, getDIDCount: oneRowLess },
  'duplicated row': { auditDIDs: toldOnce, getDIDs: toldOnce, getDIDCount: oneCountedTwice },
  'garbage integer': { auditDIDs: oneUnreadable, getDIDs: oneUnreadable, getDIDCount: oneUnreadable },
  'envelope unknown': {
    queryDID: ({ results }) => expect(results).toMatchObject([{ status: 'unknown', code: 999, words: 'Unknown' }]),
    isPortable: ({ results }) => {
      expect(results).toEqual([
        { tn: expect.any(String), code: 999, meaning: expect.stringContaining('does not document'), words: 'Unknown' },
      ])
    },
  },
  'unknown code': {
    auditDIDs: (answer, well) => expect(answer).toEqual({ ...well, dids: rowsOf(well).map(codeIn) }),
    queryDID: ({ results }) => expect(results).toMatchObject([{ status: 'unknown', code: 109999 }]),
  },
}

const npas = areaCodes.filter(({ state }) => state !== 'TF').map(({ npa }) => npa)
const cases = faultNames.flatMap((fault, row) =>
  theTen.map((tool, column) => {
    const index = row * 10 + column
    const line = String(Math.floor(index / npas.length)).padStart(2, '0')
    return { fault, tool, tn: `${npas[index % npas.length]}55501${line}` }
  }),
)

let rig: Rig
let client: Client
let forwarder: Forwarder
const left: string[] = []

beforeAll(async () => {
  rig = await openRig({
    policy: { ...allAllowed, ...unlimited },
    timeoutMs: 1500,
    // The marked secret is the sandbox's own to whoever comes this way.
    through: async (sandbox) => {
      const edit = (body: string) => body.replace(secret, sandbox.secret)
      forwarder = await startForwarder(sandbox.endpoint, () => ({ edit }))
      return { endpoint: forwarder.endpoint, secret }
    },
  })
  client = await rig.client()
})

afterAll(async () => {
  await rig.close()
  await forwarder.close()
  process.stdout.write(`faults times tools: ${cases.length} cases\n`)
})

describe('every fault times every tool', () => {
  test.each(cases)('$fault in $tool', async ({ fault, tool, tn }) => {
    if (tool === 'configDID' || tool === 'releaseDID') {
      rig.sandbox.inventory.assign({ tn, epg: 8674, cnam: false, refId: '' })
    }
    const sentBefore = rig.sent().length
    // As often as a read is tried.
    rig.sandbox.inject({ name: fault, operation: tool, times: 4 })
    const result = await call(tool, tn)
    rig.sandbox.mend()
    left.push(JSON.stringify(result))
    const sent = rig.sent().slice(sentBefore)
    if (result.isError) {
      expect(result.structuredContent).toBeUndefined()
      expect(result._meta?.['did-mcp/error']).toMatchObject({
        // An empty answer to getPortDetails is the one that says there is no such order.
        code: expect.stringMatching(
          tool === 'getPortDetails' ? /^(CARRIER_|INVALID_INPUT)/ : /^(CARRIER_|LIMIT_EXCEEDED)/,
        ),
      })
    } else if (isWrite(tool)) {
      const { status } = result.structuredContent as { status?: string }
      expect(status).toMatch(/^(done|failed|uncertain)$/)
      if (status === 'done') expect([sent.length, tookEffect(rig.sandbox, tool, tn)]).toEqual([1, true])
      if (status === 'failed') expect(tookEffect(rig.sandbox, tool, tn)).toBe(false)
    } else {
      const answer = withoutTime(result.structuredContent)
      const well = withoutTime((await call(tool, tn)).structuredContent)
      const altered = alterations[fault]?.[tool]
      if (altered) altered(answer, well)
      else expect(answer).toEqual(well)
    }
    expect([[], [`${tool} ${tn}`]]).toContainEqual(sent)
    if (!isWrite(tool)) expect(sent).toEqual([])
    const next = await client.callTool({ name: 'queryDID', arguments: { did: '4355550111' } })
    expect(next.structuredContent).toMatchObject({ results: [{ tn: '4355550111' }] })
  })

  test('the secret is in no answer, no log line and no file of the journal', () => {
    const files = readdirSync(rig.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    const held = files.map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'))
    expect(files.length).toBeGreaterThan(0)
    expect(left).toHaveLength(cases.length)
    for (const text of [...left, ...rig.logged, ...held]) expect(text).not.toContain(secret)
  })
})

function call(tool: TenName, tn: string) {
  // A minute later nothing is held for paging any more, so that each listing is downloaded.
  rig.clock.advance(61_000)
  return client.callTool({ name: tool, arguments: calls[tool](tn) })
}

const withoutTime = (answer: unknown): Answer => ({ ...(answer as Answer), asOf: undefined })

const isWrite = (tool: TenName): tool is DidWriteTool => Object.hasOwn(writes, tool)
const writes = { reserveDID: true, assignDID: true, configDID: true, releaseDID: true } satisfies Record<
  DidWriteTool,
  true
>
