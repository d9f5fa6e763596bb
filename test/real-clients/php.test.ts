import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { start } from '../support/program.ts'

/** PHP's own SOAP client, which knows nothing of this project, against `did-mcp sandbox`. */
const number = '4355550120'

const here = spawnSync('php', ['-r', 'exit(extension_loaded("soap") ? 0 : 1);']).status === 0
const missing = 'php with its soap extension is not here (Debian: apt-get install php-cli php-soap)'
if (!here)
  process.stderr.write(`\n${'!'.repeat(80)}\nNOT TRIED: PHP's SOAP client, since ${missing}\n${'!'.repeat(80)}\n\n`)

test('PHP lives the life of a number, in SOAP 1.1 and 1.2 alike', async (context) => {
  if (!here) return context.skip(missing)
  const endpoint = await sandboxEndpoint()
  const in11 = await life(endpoint, '1.1')
  const in12 = await life(endpoint, '1.2')

  expect([in11.sent, in11.came]).toEqual(['text/xml; charset=utf-8', 'text/xml; charset=utf-8'])
  expect([in12.sent, in12.came]).toEqual([
    'application/soap+xml; charset=utf-8; action="http://tempuri.org/queryDID"',
    'application/soap+xml; charset=utf-8',
  ])
  const { refused: refused11, ...answers11 } = in11.answers
  const { refused: refused12, ...answers12 } = in12.answers
  const faultstring = 'The request holds a character that XML does not allow.'
  expect(refused11).toEqual({ faultcode: 'soap:Client', faultstring })
  expect(refused12).toEqual({ faultcode: 'soap:Sender', faultstring })

  expect(answers12).toEqual(answers11)
  const said = { availability: '', rewrite: '', endpointId: 0, expireDate: '1900-01-01T00:00:00' }
  const one = (row: object) => ({ responseCode: 100, DIDs: { DID: [{ tn: number, ...row }] } })
  expect(answers11).toMatchObject({
    audit: { responseCode: 100, DIDs: { DID: { length: 25 } }, ConferenceLine: { Enabled: false, PIN: '' } },
    query: one({ availability: 'available', status: 'Number currently available', statusCode: '100', tier: '0' }),
    reserve: one({ ...said, status: 'Reserved for 30 minutes -- Will be Tier 0', statusCode: '100' }),
    assign: one({
      ...said,
      status: `Assigned to endpoint '8674' rewritten as '${number}' Tier 0`,
      refId: 'Käse & <Brot>',
    }),
    config: one({ ...said, status: `Reconfigured to endpoint '8675' rewritten as '${number}' Tier 0` }),
    ours: one({
      availability: 'assigned',
      status: `Number currently assigned to you with refid 'Käse & <Brot>' rewritten as '${number}' to endpoint '8675'`,
      endpointId: 8675,
      cnam: true,
    }),
    release: one({ ...said, status: 'Number currently available', statusCode: '106231', tier: '' }),
    search: { DIDLocators: { DIDLocator: { length: 97 } } },
    large: 3_837,
    count: { DIDCounts: { DIDCount: { length: 8, 0: { state: 'ALL', rateCenter: 'US+CA', tier: '', lataId: 0 } } } },
    portable: { responseCode: 100, IsPortable: true },
    order: { PortDetails: { id: 70001, focDate: null, dids: { PortDID: [{ lata: '660' }, { lata: '660' }] } } },
    unknownOrder: { responseCode: 101, PortDetails: { id: 0 }, IsPortable: false },
    stranger: { responseCode: 902, responseMessage: 'Username, password or IP not found' },
    closing: { responseCode: 100, DIDs: { DID: [{ tn: '4355550189' }] } },
  })
})

interface Life {
  /** Content types of the last request and its answer. */
  sent: string
  came: string
  answers: Record<string, unknown>
}

async function life(endpoint: string, version: '1.1' | '1.2'): Promise<Life> {
  const script = 'test/real-clients/support/life.php'
  const { stdout } = await promisify(execFile)('php', [script, endpoint, version, number], { maxBuffer: 2 ** 26 })
  return JSON.parse(stdout) as Life
}

async function sandboxEndpoint(): Promise<string> {
  const program = start(['sandbox', '--port', '0'])
  return new Promise((resolve, reject) => {
    program.child.stdout?.on('data', () => {
      const endpoint = /endpoint\s+(http:\S+)\n/.exec(program.stdout())?.[1]
      if (endpoint !== undefined) resolve(endpoint)
    })
    void program.ended.then((how) => reject(new Error(`did-mcp sandbox ended (${how}): ${program.stderr()}`)))
  })
}
