import { describe, expect, it, vi } from 'vitest'
import type { DidParam } from '../../../src/carrier/carrier.ts'
import { answer, success } from '../support/answers.ts'
import { answerXml, carrierAt, peer } from '../support/peer.ts'

const cdata = '<![CDATA[</refId></DIDParam><DIDParam><tn>4352154099</tn></DIDParam>]]>'

describe('arguments that cannot be sent as they are', () => {
  it.each([
    ['a crafted refId', { tn: '4352154006', refId: cdata }, 'refId must not hold CDATA marks'],
    ['the end of CDATA', { tn: '4352154006', refId: 'a]]>b' }, 'refId must not hold CDATA marks'],
    [
      'a control character',
      { tn: '4352154006', refId: 'a\u0001' },
      'refId must not hold control characters, unpaired surrogates or U+FFFE and U+FFFF',
    ],
    [
      'a newline',
      { tn: '4352154006', refId: 'a\nb' },
      'refId must not hold control characters, unpaired surrogates or U+FFFE and U+FFFF',
    ],
    [
      'an unpaired surrogate',
      { tn: '4352154006', refId: '\ud83d' },
      'refId must not hold control characters, unpaired surrogates or U+FFFE and U+FFFF',
    ],
    [
      'U+FFFE',
      { tn: '4352154006', refId: '\ufffe' },
      'refId must not hold control characters, unpaired surrogates or U+FFFE and U+FFFF',
    ],
    ['a very long text', { tn: '4352154006', refId: 'x'.repeat(5000) }, 'refId must be at most 4096 characters'],
    ['markup', { tn: '4352154006', refId: { $xml: '<x/>' } }, 'refId must be a text, a whole number or a boolean'],
    ['a number as refId', { tn: '4352154006', refId: 5 }, 'refId must be a text'],
    ['null', { tn: '4352154006', refId: null }, 'refId must be a text, a whole number or a boolean'],
    ['a Date', { tn: '4352154006', refId: new Date(0) }, 'refId must be a text, a whole number or a boolean'],
    ['an endpoint group of 0', { tn: '4352154006', epg: 0 }, 'epg must be the id of an endpoint group, 1 or more'],
    ['half an endpoint group', { tn: '4352154006', epg: 1.5 }, 'epg must be a whole number from 0 to 2147483647'],
    ['an endpoint group as text', { tn: '4352154006', epg: '1' }, 'epg must be the id of an endpoint group, 1 or more'],
    ['a CNAM that is no boolean', { tn: '4352154006', cnam: '1' }, 'cnam must be true or false'],
    ['a formatted number', { tn: '435-215-4006' }, 'tn must be ten digits'],
    ['no number', {}, 'tn must be ten digits'],
  ])('%s is refused, and nothing is sent', async (_, param, message) => {
    await using server = await peer((response) => response.end())
    await using carrier = carrierAt(server.endpoint)
    const sending = vi.fn()
    await expect(carrier.reserveDID([param as unknown as DidParam], { sending })).rejects.toMatchObject({
      name: 'CarrierError',
      kind: 'argument',
      maybeSent: false,
      message: `${message}. Nothing was sent.`,
    })
    expect(sending).not.toHaveBeenCalled()
    expect(server.received).toEqual([])
  })

  it.each([
    [
      'no numbers',
      (carrier: ReturnType<typeof carrierAt>) => carrier.releaseDID([], {}),
      'didParams must name at least one number',
    ],
    [
      'an assignment without endpoint group',
      (carrier: ReturnType<typeof carrierAt>) => carrier.assignDID([{ tn: '4352154006' }], {}),
      'epg must be the id of an endpoint group, 1 or more',
    ],
    [
      'a search for nothing',
      (carrier: ReturnType<typeof carrierAt>) => carrier.getDIDs({ state: '', rateCenter: '   ' }, () => undefined, {}),
      'A search needs at least one criterion',
    ],
    [
      'a count of nothing',
      (carrier: ReturnType<typeof carrierAt>) => carrier.getDIDCount({ orderby: 'rc' }, () => undefined, {}),
      'A search needs at least one criterion',
    ],
    [
      'a crafted criterion',
      (carrier: ReturnType<typeof carrierAt>) => carrier.getDIDs({ rateCenter: cdata }, () => undefined, {}),
      'rateCenter must not hold CDATA marks',
    ],
    [
      'half an order',
      (carrier: ReturnType<typeof carrierAt>) => carrier.getPortDetails(7.5, {}),
      'portId must be a whole number from 0 to 2147483647',
    ],
  ])('%s', async (_, ask, message) => {
    await using server = await peer((response) => response.end())
    await using carrier = carrierAt(server.endpoint)
    await expect(ask(carrier)).rejects.toMatchObject({
      kind: 'argument',
      maybeSent: false,
      message: `${message}. Nothing was sent.`,
    })
    expect(server.received).toEqual([])
  })

  it('everything else arrives as it was given', async () => {
    await using server = await peer((response) => answerXml(response, answer('configDID', success())))
    await using carrier = carrierAt(server.endpoint)
    await carrier.configDID([{ tn: '4352154006', refId: '  &lt; <b>  "quoted" \'ñ\' 😀 & Ärger ' }], {})
    expect(server.received[0]?.body).toContain(
      '<refId>  &amp;lt; &lt;b&gt;  &quot;quoted&quot; &apos;ñ&apos; 😀 &amp; Ärger </refId><epg>0</epg>',
    )
  })
})
