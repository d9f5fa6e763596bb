import { describe, expect, it } from 'vitest'
import type { Did } from '../../../src/carrier/carrier.ts'
import type { OperationName } from '../../../src/carrier/soap/wsdl.ts'
import { answer, decoded, did, fault, success } from '../support/answers.ts'
import { failure } from '../support/failures.ts'
import { answerXml, carrierAt, peer } from '../support/peer.ts'

/** Asks a carrier that gives this answer to whatever it is asked. */
async function asked<Value>(
  xml: string,
  ask: (carrier: ReturnType<typeof carrierAt>) => Promise<Value>,
): Promise<Value> {
  await using server = await peer((response) => answerXml(response, xml))
  await using carrier = carrierAt(server.endpoint)
  return await ask(carrier)
}

const of = (operation: OperationName, dids: string) => answer(operation, success(`<DIDs>${dids}</DIDs>`))
const envelope = (operation: OperationName, code: number) =>
  answer(operation, `<responseCode>${code}</responseCode><responseMessage>words</responseMessage><DIDs/>`)
const protocol = (message: string) => ({ name: 'CarrierError', kind: 'protocol', message, maybeSent: true })
const numbers = [{ tn: '4352154006', epg: 8674 }]

describe('writes', () => {
  it('a release that worked answers 106231 or 106241, each number for itself', async () => {
    const rows = [
      did({ availability: 'available', status: 'Number currently available', statusCode: '106231', endpointId: '0' }),
      did({ tn: '4352154007', availability: 'Unavailable', status: '', statusCode: '106241', endpointId: '0' }),
      did({ tn: '4352154008', statusCode: '106225' }),
    ]
    const { dids, ...rest } = await asked(of('releaseDID', rows.join('')), (carrier) => carrier.releaseDID(numbers, {}))
    expect(rest).toEqual({ code: 100 })
    expect(dids.map(({ tn, statusCode, endpointId, status }) => ({ tn, statusCode, endpointId, status }))).toEqual([
      { tn: '4352154006', statusCode: 106231, endpointId: undefined, status: 'Number currently available' },
      { tn: '4352154007', statusCode: 106241, endpointId: undefined, status: undefined },
      { tn: '4352154008', statusCode: 106225, endpointId: 8674, status: decoded.status },
    ])
  })

  it.each([101, 900, 901, 902, 944, 948, 123456])('an envelope of %i is an answer', async (code) => {
    expect(await asked(envelope('assignDID', code), (carrier) => carrier.assignDID(numbers, {}))).toEqual({
      code,
      message: 'words',
      dids: [],
    })
  })

  it('an unknown code of a number stays as it is', async () => {
    const { dids } = await asked(of('configDID', did({ statusCode: '105999' })), (carrier) =>
      carrier.configDID(numbers, {}),
    )
    expect(dids).toEqual([{ ...decoded, statusCode: 105999 }])
  })

  it.each([
    ['without a number', did({ tn: '', statusCode: '100' }), '‹DID›‹tn›‹/tn›…', ['4352154006']],
    ['with an odd one', did({ tn: '+14352154006' }), '‹DID›‹tn›+14352154006‹/tn›…', ['4352154006']],
    [
      'about a number that has a good one, too',
      did({ t38: 'no' }),
      '‹DID›‹tn›4352154006‹/tn›…‹t38›no‹/t38›…‹/DID›',
      [],
    ],
    ['about another number', did({ tn: '4352154007', t38: '?' }), '‹DID›‹tn›4352154007‹/tn›…', ['4352154006']],
  ])('a row %s hides no other, and counts for none', async (_, odd, shown, good) => {
    const xml = of('reserveDID', did() + odd)
    const { dids, unreadable, code } = await asked(xml, (carrier) => carrier.reserveDID(numbers, {}))
    expect([code, dids.map(({ tn }) => tn), unreadable?.count]).toEqual([100, good, 1])
    expect(unreadable?.rows[0]).toContain(shown.slice(0, shown.indexOf('…')))
  })

  it('a null row is none', async () => {
    const xml = of('reserveDID', `<DID xsi:nil="true"/>${did()}<DID xsi:nil="true"/>`)
    const answered = await asked(xml, (carrier) => carrier.reserveDID(numbers, {}))
    expect(answered).toEqual({ code: 100, dids: [decoded] })
  })

  it('an envelope that went wrong may carry a dummy', async () => {
    const refused = of('reserveDID', did({ tn: '', statusCode: '102420' })).replace('>100<', '>944<')
    expect(await asked(refused, (carrier) => carrier.reserveDID(numbers, {}))).toMatchObject({ code: 944, dids: [] })
  })
})

describe('one number', () => {
  const query = (carrier: ReturnType<typeof carrierAt>) => carrier.queryDID('4352154006', {})

  it.each([
    ['spaces', ' a  b ', ' a  b '],
    ['nothing but spaces', '   ', '   '],
    ['the layout of an empty element', '\r\n      ', undefined],
    ['a text that is longer than most', ' a  reference of some length ', ' a  reference of some length '],
  ])('a reference is kept as it is: %s', async (_, refId, kept) => {
    const queried = await asked(of('queryDID', did({ refId })), query)
    expect(queried.did?.refId).toBe(kept)
  })

  it('nobody knows it: one dummy stands for none', async () => {
    const dummy = {
      availability: 'Unavailable',
      status: 'UNKNOWN',
      statusCode: '102420',
      tier: '-99999',
      endpointId: '0',
    }
    for (const tn of ['', '4352154006']) {
      expect(await asked(of('queryDID', did({ ...dummy, tn })), query)).toEqual({ tn: '4352154006', code: 102420 })
    }
    expect(await asked(envelope('queryDID', 101), query)).toEqual({ tn: '4352154006', code: 101, message: 'words' })
  })

  it("another company's is told with its row", async () => {
    expect(await asked(of('queryDID', did({ statusCode: '102235' })), query)).toEqual({
      tn: '4352154006',
      code: 102235,
      did: { ...decoded, statusCode: 102235 },
    })
  })

  it.each([
    ['no row', '', 'has 0 DIDs where one was asked for'],
    ['two rows', did() + did(), 'has 2 DIDs where one was asked for'],
    ['another number', did({ tn: '4352154007' }), 'is about another number'],
    ['another number as dummy', did({ tn: '4352154007', statusCode: '102420' }), 'is about another number'],
    ['no number', did({ tn: '' }), 'is about another number'],
    [
      'an odd row',
      did({ expireDate: 'soon' }),
      'about 4352154006 has a row that cannot be read: ‹DID›‹tn›4352154006‹/tn›…‹expireDate›soon‹/expireDate›…‹/DID›',
    ],
    [
      'an odd row beside a good one',
      did() + did({ tn: '[x](https://x.example)' }),
      expect.stringContaining('has a row that cannot be read: ‹DID›‹tn›(x)(https: /x.example)‹/tn›'),
    ],
  ])('%s is no answer', async (_, rows, message) => {
    const { message: said, ...rest } = await failure(asked(of('queryDID', rows), query))
    expect(rest).toEqual({ name: 'CarrierError', kind: 'protocol', maybeSent: true })
    expect(String(said).replace(/^The carrier's answer (.*)\.$/s, '$1')).toEqual(message)
  })
})

describe('listings', () => {
  it('an account without numbers answers one dummy, or 101', async () => {
    const dummy = did({ tn: '', availability: 'Unavailable', status: 'UNKNOWN', statusCode: '101200', tier: '-99999' })
    for (const xml of [of('auditDIDs', dummy), envelope('auditDIDs', 101)]) {
      const rows: Did[] = []
      await asked(xml, (carrier) => carrier.auditDIDs((row) => rows.push(row), {}))
      expect(rows).toEqual([])
    }
  })

  it('say in the carrier’s words what there is to say, and what could not be read', async () => {
    const rows = did() + did({ tn: '' }) + did({ tn: '+14352154006' }) + did({ tn: '4352154007' })
    const xml = of('auditDIDs', rows).replace('Success', 'too many results, please narrow')
    const seen: string[] = []
    expect(await asked(xml, (carrier) => carrier.auditDIDs(({ tn }) => seen.push(tn), {}))).toEqual({
      message: 'too many results, please narrow',
      unreadable: {
        count: 2,
        rows: [
          expect.stringMatching(/^‹DID›‹tn›‹\/tn›/),
          expect.stringMatching(/^‹DID›‹tn›\+14352154006‹\/tn›.{1,180}$/),
        ],
      },
    })
    expect(seen).toEqual(['4352154006', '4352154007'])
    expect(await asked(of('auditDIDs', did()), (carrier) => carrier.auditDIDs(() => undefined, {}))).toEqual({})
  })

  it('locators, with and without sms', async () => {
    const locator = (more: string) =>
      `<DIDLocator><tn>4352154006</tn><rateCenter>ST GEORGE</rateCenter><state>UT</state><tier>1</tier><lataId>957</lataId><outboundCNAM>true</outboundCNAM><t38>false</t38>${more}</DIDLocator>`
    const xml = answer(
      'getDIDs',
      success(
        `<DIDLocators>${locator('<sms>true</sms><network>Level3</network>')}${locator('').replace('>UT<', '>ALL<').replace('>957<', '>0<').replace('<tier>1</tier>', '<tier/>')}</DIDLocators>`,
      ),
    )
    const rows: unknown[] = []
    await asked(xml, (carrier) => carrier.getDIDs({ npa: '435' }, (row) => rows.push(row), {}))
    const older = {
      tn: '4352154006',
      rateCenter: 'ST GEORGE',
      state: 'UT',
      tier: '1',
      lataId: 957,
      outboundCNAM: true,
      t38: false,
    }
    const { lataId, tier, ...tollFree } = { ...older, state: 'ALL' }
    expect(rows).toEqual([{ ...older, sms: true, network: 'Level3' }, tollFree])
  })

  it('counts are numbers, though the wire calls them strings', async () => {
    const count = (text: string) =>
      answer(
        'getDIDCount',
        success(
          `<DIDCounts><DIDCount><didCount>${text}</didCount><state>UT</state><lataId>0</lataId></DIDCount></DIDCounts>`,
        ),
      )
    const rows: unknown[] = []
    await asked(count('1200'), (carrier) =>
      carrier.getDIDCount({ state: 'UT', orderby: 'rc' }, (row) => rows.push(row), {}),
    )
    expect(rows).toEqual([{ didCount: 1200, state: 'UT' }])
    const odd = asked(count('1,200'), (carrier) => carrier.getDIDCount({ state: 'UT' }, () => undefined, {}))
    expect(await odd).toEqual({
      unreadable: { count: 1, rows: [expect.stringContaining('‹didCount›1,200‹/didCount›')] },
    })
  })

  it("what the caller's own row throws comes back as it is, and ends the call", async () => {
    const enough = new RangeError('enough rows')
    const stop = () => {
      throw enough
    }
    await expect(asked(of('auditDIDs', did().repeat(3)), (carrier) => carrier.auditDIDs(stop, {}))).rejects.toBe(enough)
  })
})

describe('porting', () => {
  it('portable or not; an empty order in the answer does not matter', async () => {
    const portable = (yes: string) =>
      answer(
        'isPortable',
        success(`<PortDetails><id>0</id><focDate xsi:nil="true"/></PortDetails><IsPortable>${yes}</IsPortable>`),
      )
    const ask = (carrier: ReturnType<typeof carrierAt>) => carrier.isPortable('4352154006', {})
    expect(await asked(portable('true'), ask)).toEqual({
      tn: '4352154006',
      portable: true,
      code: 100,
    })
    expect(await asked(portable('false'), ask)).toMatchObject({ portable: false, code: 100 })
    expect(await asked(portable('true').replace('>100<', '>101<'), ask)).toMatchObject({ portable: false, code: 101 })
    await expect(asked(answer('isPortable', success()), ask)).rejects.toMatchObject(
      protocol("The carrier's answer does not say whether the number is portable."),
    )
  })

  it('an order, whole; an unknown one is none; another one is no answer', async () => {
    const order = (id: number) =>
      answer(
        'getPortDetails',
        success(
          `<PortDetails><id>${id}</id><status>FOC received</status><endUser>A &amp; B</endUser><billingTN>4352154000</billingTN>` +
            '<portingFrom>CenturyLink</portingFrom><salesRep/><submittedDate>2013-11-25T17:32:48.707</submittedDate>' +
            '<focDate>1900-01-01T00:00:00</focDate><requestedFocDate xsi:nil="true"/><dids><PortDID><tn>4352154006</tn><tier>1</tier>' +
            '<rateCenter>ST GEORGE</rateCenter><state>UT</state><lata>957</lata><endpointGroup>0</endpointGroup><cnam>false</cnam><e911>true</e911>' +
            '</PortDID></dids><defaultEndpointGroup>8674</defaultEndpointGroup></PortDetails><IsPortable>false</IsPortable>',
        ),
      )
    const ask = (carrier: ReturnType<typeof carrierAt>) => carrier.getPortDetails(77, {})
    expect(await asked(order(77), ask)).toEqual({
      port: {
        id: 77,
        status: 'FOC received',
        endUser: 'A & B',
        billingTN: '4352154000',
        portingFrom: 'CenturyLink',
        submittedDate: '2013-11-25T17:32:48.707',
        defaultEndpointGroup: 8674,
        dids: [
          { tn: '4352154006', tier: '1', rateCenter: 'ST GEORGE', state: 'UT', lata: '957', cnam: false, e911: true },
        ],
      },
    })
    expect(await asked(order(0), ask)).toEqual({})
    expect(await asked(answer('getPortDetails', success('<PortDetails/>')).replace('<PortDetails/>', ''), ask)).toEqual(
      {},
    )
    expect(await asked(answer('getPortDetails', '<responseCode>101</responseCode>'), ask)).toEqual({})
    await expect(asked(order(78), ask)).rejects.toMatchObject(protocol("The carrier's answer is about another order."))
  })
})

describe('a read that the carrier refuses', () => {
  it.each([
    [901, 'auth'],
    [902, 'auth'],
    [900, 'unavailable'],
    [944, 'rejected'],
    [302490, 'rejected'],
    [123456, 'rejected'],
  ] as const)('%i is %s', async (code, kind) => {
    const refused = asked(envelope('queryDID', code), (carrier) => carrier.queryDID('4352154006', {}))
    await expect(refused).rejects.toMatchObject({ name: 'CarrierError', kind, code, maybeSent: true })
  })

  it('says what to do', async () => {
    await expect(asked(envelope('queryDID', 902), (carrier) => carrier.queryDID('4352154006', {}))).rejects.toThrow(
      'The carrier refused: username, password or IP not found (code 902): "words". Check login, secret and the caller\'s IP address: ' +
        "all three are set in the carrier's Back Office under API Users.",
    )
  })

  it('a fault is bounded, and its words cannot act', async () => {
    const long = fault(`Server \u202e\u200bwas\u2028 unable&#xA;[here](https://x.example) "now" ${'x'.repeat(1000)}`)
    const release = asked(long, (carrier) => carrier.releaseDID(numbers, {}))
    await expect(release).rejects.toMatchObject({
      kind: 'unavailable',
      maybeSent: true,
      words: expect.stringMatching(/^Server was unable \[here\]/),
      message: expect.stringMatching(
        /^The carrier answered with a fault: "Server was unable \(here\)\(https: \/x\.example\) 'now' x+…"\.$/,
      ),
    })
  })

  it.each([
    ['soap:Server', 'unavailable'],
    ['Server.userException', 'unavailable'],
    ['', 'unavailable'],
    ['soap:Client', 'rejected'],
    ['env:Client.Authentication', 'rejected'],
    ['soap:MustUnderstand', 'rejected'],
  ])('a fault of %j is %s', async (code, kind) => {
    const words = fault('Timeout expired').replace('soap:Server', code)
    const query = asked(words, (carrier) => carrier.queryDID('4352154006', {}))
    await expect(query).rejects.toMatchObject({ kind, words: 'Timeout expired' })
  })
})
