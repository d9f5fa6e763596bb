import { readdirSync, readFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type OperationName, operations } from '../../src/carrier/soap/wsdl.ts'
import { areaCodes } from '../../src/sandbox/area-codes.ts'
import { faultNames } from '../../src/sandbox/faults.ts'
import type { Sandbox } from '../../src/sandbox/service.ts'
import { openRig, type Rig } from '../support/rig.ts'

/** Every fault of the sandbox, times every tool that asks the carrier. */
const secret = 'MARKED-s3cret-of-the-carrier'

const calls: { readonly [tool in OperationName]: (tn: string) => Record<string, unknown> } = {
  auditDIDs: () => ({}),
  queryDID: (tn) => ({ did: tn }),
  getDIDs: (tn) => ({ npa: tn.slice(0, 3) }),
  getDIDCount: (tn) => ({ npa: tn.slice(0, 3) }),
  isPortable: (tn) => ({ tn }),
  getPortDetails: () => ({ portId: 70001 }),
  reserveDID: (tn) => ({ didParams: [tn] }),
  assignDID: (tn) => ({ didParams: [tn], epg: 8674 }),
  configDID: (tn) => ({ didParams: [tn], epg: 8675 }),
  releaseDID: (tn) => ({ didParams: [tn] }),
}

const npas = areaCodes.filter(({ state }) => state !== 'TF').map(({ npa }) => npa)
const cases = faultNames.flatMap((fault, row) =>
  operations.map((tool, column) => {
    const index = row * 10 + column
    const line = String(Math.floor(index / npas.length)).padStart(2, '0')
    return { fault, tool, tn: `${npas[index % npas.length]}55501${line}` }
  }),
)

let rig: Rig
let client: Client
const left: string[] = []

beforeAll(async () => {
  rig = await openRig({
    policy: {
      effects: { hold: 'allow', change: 'allow', spend: 'allow', destroy: 'allow' },
      limits: { didsPerCall: null, assignedPerDay: null, releasedPerDay: null, heldAtOnce: null },
    },
    timeoutMs: 1500,
    through: withMarkedSecret,
  })
  client = await rig.client()
})

afterAll(async () => {
  await rig.close()
  process.stdout.write(`faults times tools: ${cases.length} cases\n`)
})

describe('every fault times every tool', () => {
  test.each(cases)('$fault in $tool', async ({ fault, tool, tn }) => {
    if (tool === 'configDID' || tool === 'releaseDID') {
      rig.sandbox.inventory.assign({ tn, epg: 8674, cnam: false, refId: '' })
    }
    // A minute later nothing is held for paging any more, so that each listing is downloaded.
    rig.clock.advance(61_000)
    // As often as a read is tried.
    rig.sandbox.inject({ name: fault, operation: tool, times: 4 })
    const result = await client.callTool({ name: tool, arguments: calls[tool](tn) })
    rig.sandbox.mend()
    left.push(JSON.stringify(result))
    if (result.isError) {
      expect(result.structuredContent).toBeUndefined()
      expect(result._meta?.['did-mcp/error']).toMatchObject({
        // An empty answer to getPortDetails is the one that says there is no such order.
        code: expect.stringMatching(
          tool === 'getPortDetails' ? /^(CARRIER_|INVALID_INPUT)/ : /^(CARRIER_|LIMIT_EXCEEDED)/,
        ),
      })
    } else {
      const { status } = result.structuredContent as { status?: string }
      if (writes.has(tool)) {
        expect(status).toMatch(/^(done|failed|uncertain)$/)
        if (status === 'done') expect(tookEffect(rig.sandbox, tool, tn)).toBe(true)
        if (status === 'failed') expect(tookEffect(rig.sandbox, tool, tn)).toBe(false)
      }
    }
    const sent = rig.sent().filter((call) => call === `${tool} ${tn}`)
    expect(sent.length).toBeLessThanOrEqual(1)
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

const writes: ReadonlySet<string> = new Set(['reserveDID', 'assignDID', 'configDID', 'releaseDID'])

function tookEffect({ inventory }: Sandbox, tool: string, tn: string): boolean {
  const { state, owner, epg } = inventory.truth(tn)
  if (tool === 'reserveDID') return state === 'reserved' && owner === 'us'
  if (tool === 'assignDID') return state === 'assigned' && owner === 'us'
  if (tool === 'configDID') return epg === 8675
  return state !== 'assigned'
}

/** A server before the sandbox that takes the marked secret for the sandbox's own, and passes everything else on. */
async function withMarkedSecret(sandbox: Sandbox): Promise<{ endpoint: string; secret: string }> {
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString().replace(secret, sandbox.secret)
    const { host: _, 'content-length': __, ...headers } = incoming.headers
    const onward = request(sandbox.endpoint, { method: 'POST', headers: { ...headers, connection: 'close' } })
    const broken = () => outgoing.socket?.resetAndDestroy()
    outgoing.on('close', () => onward.destroy())
    onward.on('error', broken)
    onward.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.on('error', broken)
      answer.pipe(outgoing)
    })
    onward.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  const { port } = server.address() as AddressInfo
  return { endpoint: `http://127.0.0.1:${port}${new URL(sandbox.endpoint).pathname}`, secret }
}
