import { expect, test } from 'vitest'
import { toolList } from '../../../src/mcp/tool-list.ts'
import { builtIn } from '../../../src/policy/policy.ts'
import { tools } from '../../../src/tools/index.ts'

/** Someone else's client, connected to the built server: four calls, named as the SDK's clients name them. */
export interface RealClient {
  listTools(): Promise<object>
  callTool(request: { name: string; arguments: Record<string, unknown> }): Promise<object>
  readResource(request: { uri: string }): Promise<object>
  getPrompt(request: { name: string; arguments: Record<string, string> }): Promise<object>
}

/** For sale in every sandbox. */
const tn = '4355550105'

const said = (text: string | RegExp) => [{ type: 'text', text: expect.stringMatching(text) }]

/**
 * The story that every client is put through. What a client hands to its caller is compared whole, so one that drops or
 * refuses a part of an answer is seen.
 *
 * @param open a new client on a new sandbox, closed with the test.
 */
export function tellTheStory(open: () => Promise<RealClient>): void {
  test('lists every tool, with both schemas and all hints', async () => {
    const client = await open()
    expect(await client.listTools()).toMatchObject({ tools: toolList(tools, builtIn) })
  })

  test('reads one number, as table and as data', async () => {
    const client = await open()
    expect(await client.callTool({ name: 'queryDID', arguments: { did: '(435) 555-0105' } })).toEqual({
      content: said(
        /^environment: sandbox \(nothing here is real\)\nresults \(1\): tn\|status\|code\|meaning\|state\|.*\n4355550105\|available\|100\|/,
      ),
      structuredContent: {
        environment: 'sandbox',
        results: [{ tn, status: 'available', code: 100, meaning: expect.any(String), did: expect.any(Object) }],
      },
      _meta: { 'did-mcp/environment': 'sandbox' },
    })
  })

  test('reads the account page by page', async () => {
    const client = await open()
    const page = async (args: object) => {
      const answer = await client.callTool({ name: 'auditDIDs', arguments: { limit: 20, ...args } })
      const { structuredContent } = answer as { structuredContent: { dids: { tn: string }[]; nextCursor?: string } }
      expect(structuredContent).toMatchObject({ total: 25, matched: 25 })
      return { numbers: structuredContent.dids.map((did) => did.tn), cursor: structuredContent.nextCursor }
    }
    const first = await page({})
    const second = await page({ cursor: first.cursor })
    expect([first.numbers.length, second.numbers.length, second.cursor]).toEqual([20, 5, undefined])
    const whole = await page({ limit: 25 })
    expect([...first.numbers, ...second.numbers]).toEqual(whole.numbers)
    expect(new Set(whole.numbers).size).toBe(25)
  })

  test('buys a number and gives it back, each in two calls with a ticket; then it is not ours to give', async () => {
    const client = await open()
    const write = (name: string, args: object) => client.callTool({ name, arguments: { didParams: [tn], ...args } })

    const offer = await write('assignDID', { epg: 8674, refId: 'real client' })
    expect(offer).toMatchObject({ content: said(/^status: confirmation_required\n/) })
    expect(await write('assignDID', { epg: 8674, refId: 'real client', confirmation: ticketIn(offer) })).toEqual({
      content: said(/^status: done\n/),
      structuredContent: {
        environment: 'sandbox',
        status: 'done',
        operationId: expect.stringMatching(/^op_/),
        confirmedBy: 'ticket (relayed by the assistant; which person is not known)',
        summary: '1 assigned, billing has started.',
        counts: { done: 1, failed: 0, uncertain: 0, notAttempted: 0 },
        results: [
          {
            tn,
            outcome: 'done',
            code: 100,
            meaning: 'success',
            words: "Assigned to endpoint '8674' rewritten as '4355550105' Tier 4",
            before: { status: 'available', tier: '4' },
            after: { status: 'yours', tier: '4', epg: 8674, refId: 'real client' },
          },
        ],
      },
      _meta: { 'did-mcp/environment': 'sandbox' },
    })

    const warning = await write('releaseDID', {})
    expect(warning).toMatchObject({ content: said(/^status: confirmation_required\n[\s\S]*This cannot be undone/) })
    expect(await write('releaseDID', { confirmation: ticketIn(warning) })).toMatchObject({
      structuredContent: {
        status: 'done',
        // 106231: a release that worked (docs/carrier.md section 4).
        results: [{ tn, outcome: 'done', code: 106231, after: { status: 'available' } }],
      },
    })

    const late = await write('releaseDID', {})
    expect(late).not.toHaveProperty('isError')
    expect(late).toMatchObject({
      content: said(/^status: failed\nenvironment: .*\nNothing was sent\. 4355550105: it is not yours/),
      structuredContent: { status: 'failed', counts: { done: 0, failed: 1, uncertain: 0, notAttempted: 0 } },
    })
    const journal = await client.callTool({ name: 'listOperations', arguments: { tn } })
    expect(journal).toMatchObject({
      structuredContent: {
        operations: [
          { tool: 'releaseDID', status: 'done' },
          { tool: 'assignDID', status: 'done' },
        ],
      },
    })
  })

  test('is told what was wrong with a number', async () => {
    const client = await open()
    expect(await client.callTool({ name: 'queryDID', arguments: { did: '12' } })).toEqual({
      isError: true,
      content: said(
        /^queryDID: did\[0\]: "12" is not a telephone number: [\s\S]*\nNothing was changed at the carrier\.\n/,
      ),
      _meta: {
        'did-mcp/environment': 'sandbox',
        'did-mcp/error': {
          code: 'INVALID_INPUT',
          retryable: false,
          details: { problems: [expect.stringMatching(/^did\[0\]: "12" is not a telephone number/)] },
        },
      },
    })
  })

  test('reads a resource', async () => {
    const client = await open()
    const { contents } = (await client.readResource({ uri: 'did://codes' })) as { contents: { text: string }[] }
    expect(contents).toMatchObject([{ uri: 'did://codes', mimeType: 'application/json' }])
    const { codes } = JSON.parse(contents[0]?.text ?? '') as { codes: { code: number }[] }
    expect(codes.find(({ code }) => code === 106231)).toMatchObject({ operations: ['releaseDID'], outcome: 'done' })
  })

  test('gets a prompt', async () => {
    const client = await open()
    expect(await client.getPrompt({ name: 'port-check', arguments: { numbers: '4355550190' } })).toMatchObject({
      messages: [
        {
          role: 'user',
          content: { type: 'text', text: expect.stringMatching(/^Could these .* be ported in to us: 4355550190\?\n/) },
        },
      ],
    })
  })
}

function ticketIn(answer: object): string {
  const { structuredContent } = answer as { structuredContent: { confirmation?: { ticket?: string } } }
  const ticket = structuredContent.confirmation?.ticket
  expect(ticket).toMatch(/^ticket_/)
  return String(ticket)
}
