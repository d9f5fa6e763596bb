import { Agent } from 'node:http'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { areaCodes } from '../../src/sandbox/area-codes.ts'
import { describe as describeListing } from '../../src/sandbox/catalogue.ts'
import { type FaultName, faultNames, faults } from '../../src/sandbox/faults.ts'
import { type InjectedFault, type Sandbox, startSandbox } from '../../src/sandbox/service.ts'
import { testLines } from '../../src/sandbox/test-lines.ts'
import { codes, envelope, nothing, params, post, type Stock, stock, type Wire, write } from './support/callers.ts'

let sandbox: Sandbox
let call: Stock

/** Real time never gets there: only landNow does. */
const hour = 3_600_000

beforeEach(async () => {
  sandbox = await startSandbox({ slowMs: hour, lateMs: hour })
  call = await stock(sandbox)
})

afterEach(() => sandbox.close())

const assign = (...tns: string[]) => post(sandbox, { operation: 'assignDID', body: write('assignDID', ...tns) })
const stateOf = (tn: string) => sandbox.inventory.truth(tn).state

async function arrived(count = 1): Promise<void> {
  while (sandbox.calls.length < count) await new Promise((resolve) => setImmediate(resolve))
  await new Promise((resolve) => setImmediate(resolve))
}

describe('the lines that misbehave', () => {
  it('are 0186 to 0199, in every area code', () => {
    expect(testLines.map(({ line }) => line)).toEqual(Array.from({ length: 14 }, (_, at) => `0${186 + at}`))
  })

  it('0186 goes to another endpoint group and tier than asked, and every answer says so', async () => {
    const tn = '4355550186'
    const row = async (operation: string, args: Record<string, unknown>) =>
      (await call(operation, args)).DIDs?.DID[0] ?? {}
    expect(await row('queryDID', { did: tn })).toMatchObject({ availability: 'available', tier: '2' })
    expect(await row('reserveDID', params(tn))).toMatchObject({
      statusCode: '100',
      status: 'Reserved for 30 minutes -- Will be Tier 4',
      tier: '4',
    })
    expect(await row('assignDID', params({ tn, epg: 8674 }))).toMatchObject({
      statusCode: '100',
      status: `Assigned to endpoint '8675' rewritten as '${tn}' Tier 4`,
      tier: '4',
      endpointId: 0,
    })
    expect(await row('queryDID', { did: tn })).toMatchObject({ availability: 'assigned', tier: '4', endpointId: 8675 })
    expect(await row('configDID', params({ tn, epg: 8675 }))).toMatchObject({
      status: `Reconfigured to endpoint '13550' rewritten as '${tn}' Tier 4`,
    })
    expect(await row('configDID', params({ tn, epg: 13550 }))).toMatchObject({
      status: `Reconfigured to endpoint '8674' rewritten as '${tn}' Tier 4`,
    })
    expect((await call('auditDIDs')).DIDs?.DID.find((one) => one.tn === tn)).toMatchObject({
      tier: '4',
      endpointId: 8674,
    })
    expect(await row('releaseDID', params(tn))).toMatchObject({ statusCode: '106231' })
    expect(await row('queryDID', { did: tn })).toMatchObject({ availability: 'available', tier: '2' })
  })

  it('0186 is always had at another tier than listed', async () => {
    for (const { npa } of areaCodes) {
      const tn = `${npa}5550186`
      const [row] = (await call('reserveDID', params(tn))).DIDs?.DID ?? []
      expect(row?.status).toBe(`Reserved for 30 minutes -- Will be Tier ${row?.tier}`)
      expect(row?.tier).not.toBe(describeListing(tn)?.tier)
    }
  })

  it('0187 answers unknown error, takes effect later, and is otherwise as any other', async () => {
    const tn = '4355550187'
    for (const [operation, code, state] of [
      ['reserveDID', '103221', 'reserved'],
      ['assignDID', '104221', 'assigned'],
    ] as const) {
      const before = stateOf(tn)
      expect(codes(await call(operation, params({ tn, epg: 8674 }, { tn: '4355550150' })))).toEqual([100, code, code])
      expect([stateOf(tn), sandbox.calls.at(-1)?.effect]).toEqual([before, 'late'])
      sandbox.landNow()
      expect(stateOf(tn)).toBe(state)
    }
    expect(codes(await call('configDID', params({ tn, epg: 8675 })))).toEqual([100, '100'])
    expect(codes(await call('releaseDID', params(tn)))).toEqual([100, '106231'])
  })

  it('0188 answers the envelope 900, and takes effect later', async () => {
    const tn = '4355550188'
    for (const [operation, state] of [
      ['reserveDID', 'reserved'],
      ['assignDID', 'assigned'],
      ['configDID', 'assigned'],
      ['releaseDID', 'available'],
    ] as const) {
      const before = stateOf(tn)
      expect(await call(operation, params({ tn, epg: 8674 }))).toMatchObject({ responseCode: 900, DIDs: null })
      expect([stateOf(tn), sandbox.calls.at(-1)?.effect]).toEqual([before, 'late'])
      sandbox.landNow()
      expect(stateOf(tn)).toBe(state)
    }
  })

  it('0189 closes the connection after each answer, and no header says so', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const closing = (operation: string, body: string) => post(sandbox, { operation, body, agent })
    const told = async (tn: string) => {
      const closed = new Promise((resolve) => agent.once('free', (socket) => socket.once('close', resolve)))
      const wires = [
        await closing('queryDID', envelope('queryDID', `<ns1:did>${tn}</ns1:did>`)),
        await closed.then(() => closing('assignDID', write('assignDID', tn))),
      ]
      return wires.map(({ status, error, headers }) => [status, error, headers?.connection])
    }
    expect(await told('4355550189')).toEqual([
      [200, undefined, 'keep-alive'],
      [200, undefined, 'keep-alive'],
    ])
    expect(stateOf('4355550189')).toBe('assigned')
    agent.destroy()
  })

  it('land each after its own while, by default 3 s, 0187 after 6 s', async () => {
    await sandbox.close()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      sandbox = await startSandbox()
      for (const [line, ms] of [
        ['0187', 6_000],
        ['0188', 3_000],
        ['0199', 3_000],
      ] as const) {
        await assign(`435555${line}`)
        vi.advanceTimersByTime(ms - 1)
        expect(stateOf(`435555${line}`)).toBe('available')
        vi.advanceTimersByTime(1)
        expect(stateOf(`435555${line}`)).toBe('assigned')
      }
    } finally {
      vi.useRealTimers()
    }
  })

  it('0190 to 0193 answer truthfully that they cannot be had', async () => {
    expect(
      codes(
        await call('assignDID', params(...['0', '1', '2', '3'].map((at) => ({ tn: `212555019${at}`, epg: 8674 })))),
      ),
    ).toEqual([100, '104235', '104230', '104259', '104221'])
  })

  it('0194 takes effect and answers late', async () => {
    const answer = assign('4355550194')
    await arrived()
    expect(stateOf('4355550194')).toBe('assigned')
    sandbox.landNow()
    expect(await answer).toMatchObject({ status: 200, body: expect.stringContaining('<statusCode>100</statusCode>') })
  })

  it('0195 resets the connection before anything happens', async () => {
    expect(await assign('4355550195')).toEqual({ body: '', error: 'ECONNRESET' })
    expect(stateOf('4355550195')).toBe('available')
  })

  it('0196 takes effect, then resets the connection', async () => {
    expect(await assign('4355550196')).toEqual({ body: '', error: 'ECONNRESET' })
    expect(stateOf('4355550196')).toBe('assigned')
  })

  it('0197 answers the envelope 900 and does nothing', async () => {
    expect(await call('assignDID', params({ tn: '4355550197', epg: 8674 }))).toEqual({
      responseCode: 900,
      responseMessage: 'An exception occurred',
      ...nothing,
    })
    expect(stateOf('4355550197')).toBe('available')
  })

  it('0198 takes effect, and its answer ends within the XML', async () => {
    const { status, body, error } = await assign('4355550198')
    expect([status, error]).toEqual([200, undefined])
    expect(body).toMatch(/^<\?xml/)
    expect(body).not.toContain('</soap:Envelope>')
    expect(stateOf('4355550198')).toBe('assigned')
  })

  it('0199 answers 503 with a page, and takes effect later', async () => {
    expect(await assign('4355550199')).toMatchObject({
      status: 503,
      headers: { 'content-type': 'text/html' },
      body: expect.stringMatching(/^<html>/),
    })
    expect(stateOf('4355550199')).toBe('available')
    expect(sandbox.calls.at(-1)).toMatchObject({ effect: 'late', fault: 'late' })
    const landed = sandbox.landed()
    sandbox.landNow()
    await landed
    expect(stateOf('4355550199')).toBe('assigned')
  })

  it('a late effect meets what has become of the number meanwhile', async () => {
    await post(sandbox, { operation: 'releaseDID', body: write('releaseDID', '4355550199', '4355550150') })
    expect(stateOf('4355550150')).toBe('assigned')
    await call('configDID', params({ tn: '4355550150', epg: 13550 }))
    sandbox.landNow()
    expect(stateOf('4355550150')).toBe('available')
  })

  it('every query of them answers the truth', async () => {
    const answered = []
    for (const { line } of testLines) {
      const query = envelope('queryDID', `<ns1:did>435555${line}</ns1:did>`)
      const { body } = await post(sandbox, { operation: 'queryDID', body: query })
      answered.push(/<statusCode>(\d+)/.exec(body)?.[1])
    }
    expect(answered).toEqual([...Array(4).fill('100'), '102235', '102230', ...Array(8).fill('100')])
  })

  it('take every other number of the call with them, and the one in which least happens goes first', async () => {
    const rank: [line: string, FaultName][] = [
      ['0195', 'reset before'],
      ['0197', 'envelope 900'],
      ['0199', 'late'],
      ['0188', 'envelope 900 late'],
      ['0187', 'unknown error late'],
      ['0196', 'reset after'],
      ['0198', 'cut'],
      ['0194', 'slow'],
      ['0189', 'closing'],
    ]
    while (rank.length > 0) {
      const tns = ['4355550100', ...rank.map(([line]) => `435555${line}`).reverse()]
      const done = assign(...tns)
      await arrived(sandbox.calls.length + 1)
      sandbox.landNow()
      await done
      expect(sandbox.calls.at(-1)).toMatchObject({ tns, fault: rank[0]?.[1] })
      rank.shift()
    }
  })
})

/** Every fault as a write meets it: what the wire shows, and whether the number is ours afterwards. */
const seen: { readonly [name in FaultName]: [wire: unknown, assigned: boolean] } = {
  'reset before': [{ body: '', error: 'ECONNRESET' }, false],
  'reset after': [{ body: '', error: 'ECONNRESET' }, true],
  slow: [{ body: '', error: 'ABORT_ERR' }, true],
  silence: [{ body: '', error: 'ABORT_ERR' }, true],
  'silence before': [{ body: '', error: 'ABORT_ERR' }, false],
  'silence late': [{ body: '', error: 'ABORT_ERR' }, true],
  late: [page(503), true],
  'reset late': [{ body: '', error: 'ECONNRESET' }, true],
  'fault 500': [{ status: 500, body: expect.stringContaining('<faultcode>soap:Server</faultcode>') }, false],
  'html 200': [page(200), false],
  'html 502': [page(502), false],
  'html 503': [page(503), false],
  'html 504': [page(504), true],
  redirect: [{ status: 307, headers: { location: '/elsewhere' } }, false],
  cut: [xml(/^<\?xml(?!.*Envelope>$)/s), true],
  'hang up': [{ status: 200, error: 'ECONNRESET', body: expect.not.stringContaining('</soap:Envelope>') }, true],
  empty: [{ status: 200, body: '' }, true],
  'not xml': [{ status: 200, body: 'OK' }, true],
  'wrong operation': [
    xml(/<queryDIDResponse xmlns="http:\/\/tempuri.org\/"><queryDIDResult>.*<\/queryDIDResponse>/),
    true,
  ],
  trickle: [{ status: 200, body: expect.stringMatching(/^<\?xml v?$/), error: 'enough' }, true],
  oversized: [
    {
      status: 200,
      body: expect.stringMatching(
        /<assignDIDResult>.*<DIDs>(<DID><tn>\d+<\/tn><statusCode>100<\/statusCode><\/DID>){1000}/,
      ),
      error: 'enough',
    },
    true,
  ],
  'envelope 900': [xml(/<responseCode>900<\/responseCode><responseMessage>An exception occurred</), false],
  'envelope 900 late': [xml(/<responseCode>900<\/responseCode><responseMessage>An exception occurred</), true],
  'envelope 901': [xml(/<responseCode>901<\/responseCode><responseMessage>Client IP not found</), false],
  'envelope 902': [xml(/<responseCode>902</), false],
  'envelope unknown': [xml(/<responseCode>999</), false],
  'still held': [xml(/<assignDIDResult><responseCode>100<(?!.*<DID>)/), false],
  'unknown error late': [xml(/<status>Unknown error assigning number<\/status><statusCode>104221</), true],
  closing: [xml(/<statusCode>100</), true],
  'unknown code': [xml(/<statusCode>109999</), true],
  'duplicated row': [xml(/<DIDs>(<DID>.*<\/DID>)\1<\/DIDs>/), true],
  'missing row': [xml(/<DIDs><\/DIDs>/), true],
  'garbage integer': [xml(/<endpointId>12abc</), true],
  'garbage code': [xml(/<responseCode>1 00</), true],
  'proto attribute': [xml(/<assignDIDResult id="__proto__">/), true],
  dtd: [xml(/^<\?xml[^>]*\?><!DOCTYPE x \[/), true],
}

describe('an injected fault', () => {
  for (const name of faultNames) {
    it(`"${name}": ${faults[name].behaviour}`, async () => {
      const [wire, assigned] = seen[name]
      const upTo = name === 'trickle' ? 6 : name === 'oversized' ? 200_000 : Number.POSITIVE_INFINITY
      const caller = new AbortController()
      const fault: InjectedFault = { name, operation: 'assignDID' }
      sandbox.inject(fault)
      const answer = post(sandbox, {
        operation: 'assignDID',
        body: write('assignDID', '4355550100'),
        upTo,
        signal: caller.signal,
      })
      if (/^s(low|ilence)/.test(name)) {
        await arrived()
        caller.abort()
      }
      const came: Wire = await answer
      sandbox.landNow()
      expect(came).toMatchObject(wire as object)
      expect(sandbox.calls.at(-1)?.fault).toBe(name)
      expect(stateOf('4355550100')).toBe(assigned ? 'assigned' : 'available')
      expect(codes(await call('queryDID', { did: '4355550100' }))).toEqual([100, '100'])
    })
  }

  it('meets the operation that it is for, as often as it says, and no other', async () => {
    sandbox.inject({ name: 'envelope 900', operation: 'releaseDID', times: 2 })
    sandbox.inject({ name: 'envelope 901' })
    expect(codes(await call('queryDID', { did: '4355550100' }))).toEqual([901])
    expect(codes(await call('queryDID', { did: '4355550100' }))).toEqual([100, '100'])
    expect(codes(await call('releaseDID', params('4355550150')))).toEqual([900])
    expect(codes(await call('releaseDID', params('4355550150')))).toEqual([900])
    expect(codes(await call('releaseDID', params('4355550150')))).toEqual([100, '106231'])
  })

  it('meets reads as well, large listings among them', async () => {
    sandbox.inject({ name: 'missing row', operation: 'auditDIDs' })
    expect((await call('auditDIDs')).DIDs?.DID).toHaveLength(24)
    sandbox.inject({ name: 'garbage integer', operation: 'getDIDs' })
    const search = envelope('getDIDs', '<ns1:state>UT</ns1:state>')
    expect((await post(sandbox, { operation: 'getDIDs', body: search })).body).toContain('<lataId>12abc<')
    sandbox.inject({ name: 'late', operation: 'auditDIDs' })
    await post(sandbox, { operation: 'auditDIDs', body: envelope('auditDIDs', '') })
    expect(sandbox.calls.at(-1)?.effect).toBe('none')
  })

  it('can make a release fail, which then says what still is', async () => {
    await call('reserveDID', params('4355550100'))
    sandbox.inject({ name: 'still held' })
    expect(codes(await call('releaseDID', params('4355550100', '4355550150')))).toEqual([100, '106220', '106225'])
    expect([stateOf('4355550100'), stateOf('4355550150')]).toEqual(['reserved', 'assigned'])
  })
})

describe('closing', () => {
  it('ends calls that wait for an answer, and forgets what was still to happen', async () => {
    const slow = assign('4355550194')
    await arrived()
    await assign('4355550199')
    const landed = sandbox.landed()
    await sandbox.close()
    expect((await slow).error).toBe('ECONNRESET')
    await landed
    expect(stateOf('4355550199')).toBe('available')
  })
})

function page(status: number) {
  return { status, headers: { 'content-type': 'text/html' }, body: expect.stringContaining(`<h1>${status}</h1>`) }
}

function xml(body: RegExp) {
  return { status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' }, body: expect.stringMatching(body) }
}
