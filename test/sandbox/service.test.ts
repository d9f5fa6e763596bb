import { afterEach, describe, expect, it, vi } from 'vitest'
import { theTen } from '../../src/carrier/soap/wsdl.ts'
import { type Sandbox, type SandboxCall, type SandboxOptions, startSandbox } from '../../src/sandbox/service.ts'
import { codes, envelope, nothing, params, post, type Stock, stock, write } from './support/callers.ts'

let sandbox: Sandbox
let call: Stock

async function open(options: SandboxOptions = {}): Promise<void> {
  sandbox = await startSandbox(options)
  call = await stock(sandbox)
}

afterEach(() => sandbox.close())

describe('the service', () => {
  it('says where it is and who may come in, and is another at every start', async () => {
    await open()
    const other = await startSandbox()
    await other.close()
    expect(sandbox).toMatchObject({ login: 'sandbox', secret: 'sandbox', endpointGroups: [8674, 8675, 13550] })
    expect(sandbox.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/Services\/APIService\.asmx$/)
    expect(other.instance).not.toBe(sandbox.instance)
    expect(sandbox.inventory.truth('4355550150').owner).toBe('us')
  })

  it('describes itself at its own loopback address', async () => {
    await open()
    const { status, headers, body } = await post(sandbox, {
      operation: '',
      method: 'GET',
      path: '/Services/APIService.asmx?WSDL',
      body: '',
      headers: { 'content-type': undefined },
    })
    expect([status, headers?.['content-type']]).toEqual([200, 'text/xml; charset=utf-8'])
    expect(body.split(`location="${sandbox.endpoint}"`)).toHaveLength(3)
  })

  it('is understood by the stock client in all ten operations', async () => {
    await open()
    const free = '2065550100'
    const audit = await call('auditDIDs')
    expect(audit).toMatchObject({ responseCode: 100, responseMessage: 'Success' })
    expect(audit.ConferenceLine).toEqual({ Enabled: false, PIN: '' })
    expect(audit.DIDs?.DID).toHaveLength(25)
    expect(audit.DIDs?.DID[0]).toMatchObject({
      tn: '4355550150',
      status: "Number currently assigned to you with refid 'LOGAN-OFFICE' rewritten as '4355550150' to endpoint '8674'",
      endpointId: 8674,
      has911: true,
      cnam: true,
      cnamName: 'SANDBOX 435',
    })
    expect(codes(await call('queryDID', { did: free }))).toEqual([100, '100'])
    expect(codes(await call('reserveDID', params(free)))).toEqual([100, '100'])
    expect(codes(await call('assignDID', params({ tn: free, epg: 13550 })))).toEqual([100, '100'])
    expect(codes(await call('configDID', params({ tn: free, epg: 8675 })))).toEqual([100, '100'])
    expect(codes(await call('releaseDID', params(free)))).toEqual([100, '106231'])
    expect((await call('getDIDs', { npa: '206' })).DIDLocators?.DIDLocator).toHaveLength(98)
    expect((await call('getDIDCount', { npa: '206' })).DIDCounts?.DIDCount).not.toHaveLength(0)
    expect(await call('isPortable', { tn: '2062345678' })).toMatchObject({ responseCode: 100, IsPortable: true })
    expect((await call('getPortDetails', { portId: 70002 })).PortDetails).toMatchObject({ id: 70002 })
    expect(sandbox.calls.map(({ operation }) => operation).sort()).toEqual([...theTen].sort())
  })

  it('takes the action without quotes, and a body whose elements carry attributes', async () => {
    await open()
    const body = envelope('queryDID', '<ns1:did type="string">4355550150</ns1:did>')
    const { status, body: answer } = await post(sandbox, {
      operation: 'queryDID',
      body,
      headers: { soapaction: 'http://tempuri.org/queryDID' },
    })
    expect(status).toBe(200)
    expect(answer).toContain('<tn>4355550150</tn>')
  })

  it('answers 902 to every other login, and does nothing', async () => {
    await open()
    for (const [login, secret] of [
      ['sandbox', 'Sandbox'],
      ['', ''],
      ['admin', 'sandbox'],
    ]) {
      const answer = await call('assignDID', { login, secret, ...params({ tn: '4355550100', epg: 8674 }) })
      expect(answer).toEqual({ responseCode: 902, responseMessage: 'Username, password or IP not found', ...nothing })
    }
    expect(sandbox.inventory.truth('4355550100').state).toBe('available')
    expect(sandbox.calls.map(({ effect }) => effect)).toEqual(['none', 'none', 'none'])
    expect(JSON.stringify(sandbox.calls)).not.toContain('Sandbox')
  })

  it('writes down what reached it as it stood on the wire', async () => {
    await open({ now: () => 1_700_000_000_000 })
    await call(
      'assignDID',
      params({ tn: '4355550100', cnam: '0', epg: 8674 }, { tn: '4355550102', refId: '', epg: 8675 }),
    )
    await call('getDIDs', { npa: '435', t38: '1' })
    expect(sandbox.calls).toEqual<SandboxCall[]>([
      {
        at: 1_700_000_000_000,
        operation: 'assignDID',
        tns: ['4355550100', '4355550102'],
        params: [
          { tn: '4355550100', cnam: '0', epg: 8674 },
          { tn: '4355550102', refId: '', epg: 8675 },
        ],
        effect: 'applied',
      },
      {
        at: 1_700_000_000_000,
        operation: 'getDIDs',
        tns: [],
        params: [{ npa: '435', t38: '1' }],
        effect: 'none',
      },
    ])
  })

  it('gives one number to one of many callers who want it at once', async () => {
    await open()
    const wanting = Array.from({ length: 20 }, () =>
      post(sandbox, { operation: 'assignDID', body: write('assignDID', '4355550100', '4355550102') }),
    )
    const answered = (await Promise.all(wanting)).map(({ body }) =>
      [...body.matchAll(/<statusCode>(\d+)</g)].map(([, code]) => code).join(' '),
    )
    expect(answered.sort()).toEqual(['100 100', ...Array(19).fill('104225 104225')])
  })

  it('keeps a hostile refId to itself', async () => {
    await open()
    const refId = '<![CDATA[a]]></refId><tn>1</tn><![CDATA[b]]>'
    const escaped = refId.replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    const body = write('assignDID', '4355550100').replace('<ns1:epg>', `<ns1:refId>${escaped}</ns1:refId><ns1:epg>`)
    await post(sandbox, { operation: 'assignDID', body })
    expect(sandbox.inventory.truth('4355550100').refId).toBe(refId)
    const [row, ...others] = (await call('queryDID', { did: '4355550100' })).DIDs?.DID ?? []
    expect([row?.tn, row?.refId, others]).toEqual(['4355550100', refId, []])
  })

  it('adds latency to every answer where it is told to', async () => {
    await open()
    await sandbox.close()
    sandbox = await startSandbox({ latencyMs: 3_600_000 })
    const answer = post(sandbox, { operation: 'queryDID', body: envelope('queryDID', '<ns1:did>4355550100</ns1:did>') })
    while (sandbox.calls.length === 0) await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setImmediate(resolve))
    sandbox.landNow()
    expect((await answer).status).toBe(200)
  })
})

describe('the older service', () => {
  it('leaves out what it never had, and does not search on it', async () => {
    await open({ schema: 'older' })
    const answer = await call('queryDID', { did: '4355550150' })
    expect(Object.keys(answer)).toEqual(['responseCode', 'responseMessage', 'DIDs', 'DIDLocators', 'DIDCounts'])
    expect(Object.keys(answer.DIDs?.DID[0] ?? {})).toEqual(
      'tn availability rewrite status statusCode tier refId endpointId expireDate has411 has911 cnam cnamStorageActive cnamStorageAvailability t38'.split(
        ' ',
      ),
    )
    const [locator] = (await call('getDIDs', { npa: '435', network: 'nobody' })).DIDLocators?.DIDLocator ?? []
    expect(Object.keys(locator ?? {})).toEqual(['tn', 'rateCenter', 'state', 'tier', 'lataId', 'outboundCNAM', 't38'])
    expect(await call('getDIDs', { network: 'nobody' })).toMatchObject({ responseCode: 302490 })
    const [count] = (await call('getDIDCount', { npa: '435' })).DIDCounts?.DIDCount ?? []
    expect(Object.keys(count ?? {})).toEqual(['didCount', 'rateCenter', 'state', 'tier', 'lataId', 'cnam', 't38'])
  })
})

describe('an account of a hundred thousand numbers', () => {
  it('is audited well-formed, and leaves others their turn while its rows are made', async () => {
    await open({ owned: 100_000 })
    const released = '4355550150'
    await call('releaseDID', params(released))
    await call('assignDID', params({ tn: '4355550100', epg: 8674 }))
    const { mostInTurn, stop } = watchRows()
    const { body } = await post(sandbox, { operation: 'auditDIDs', body: envelope('auditDIDs', '') })
    stop()
    const tns: string[] = []
    const around = body.replace(/<DID>(?:<(\w+)>[^<&]*<\/\1>|<\w+\/>)+<\/DID>/g, (row) => {
      tns.push(row.slice(9, 19))
      return ''
    })
    expect(around).toMatch(
      /^<\?xml [^>]+>(<[^>]+>){3}<auditDIDsResult>[^D]*<DIDs><\/DIDs><DIDLocators><\/DIDLocators><DIDCounts><\/DIDCounts><Conf.*<\/soap:Envelope>$/,
    )
    expect(tns).toHaveLength(100_000)
    expect(new Set(tns).size).toBe(100_000)
    expect(tns).toContain('4355550100')
    expect(tns).not.toContain(released)
    // 250 rows are made at once, and the next one is looked at; one such chunk may stand on either side of a turn.
    expect(mostInTurn()).toBeLessThanOrEqual(2 * 251)
  })

  /** How many rows of the account are made before others get their turn. */
  function watchRows() {
    const { owned } = sandbox.inventory
    let inTurn = 0
    let most = 0
    const turn = () => {
      inTurn = 0
      others = setImmediate(turn)
    }
    let others = setImmediate(turn)
    vi.spyOn(sandbox.inventory, 'owned').mockImplementation(function* () {
      for (const truth of owned()) {
        most = Math.max(most, ++inTurn)
        yield truth
      }
    })
    return { mostInTurn: () => most, stop: () => clearImmediate(others) }
  }
})
