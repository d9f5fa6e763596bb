import { expect, onTestFinished, test } from 'vitest'
import type { OperationName } from '../../src/carrier/soap/wsdl.ts'
import { answer } from '../carrier/support/answers.ts'
import { answerXml, carrierAt, peer } from '../carrier/support/peer.ts'
import { errorOf, stageWith, structured, textOf } from '../support/stage.ts'

/** A stage over a carrier that answers every question so, over SOAP. */
async function stageOver(result: (operation: OperationName, body: string) => string) {
  const there = await peer((response, { headers, body }) => {
    const operation = String(headers.soapaction).replace(/^.*\/|"$/g, '') as OperationName
    answerXml(response, result(operation, body))
  })
  const carrier = carrierAt(there.endpoint)
  onTestFinished(async () => {
    await carrier[Symbol.asyncDispose]()
    await there[Symbol.asyncDispose]()
  })
  return stageWith({ carrier })
}

const code = (code: number, message = 'Success') =>
  `<responseCode>${code}</responseCode><responseMessage>${message}</responseMessage>`
const did = (tn: string, status: number | '' = 100) => `<DID><tn>${tn}</tn><statusCode>${status}</statusCode></DID>`
const numbers = Array.from({ length: 2_000 }, (_, index) => String(4_355_550_000 + index))

test.each(['+14352154006', '12abc', ''])('one row with the number %j among 2,000 hides no other', async (odd) => {
  const rows = [...numbers.slice(0, 1_000).map((tn) => did(tn)), did(odd), ...numbers.slice(1_000).map((tn) => did(tn))]
  const { call } = await stageOver((operation) => answer(operation, `${code(100)}<DIDs>${rows.join('')}</DIDs>`))
  const audit = await call('auditDIDs', { limit: 1 })
  expect(structured(audit)).toMatchObject({ total: 2_000, matched: 2_000, unreadable: { count: 1 } })
  const { unreadable } = structured(audit) as { unreadable: { rows: string[] } }
  expect(unreadable.rows).toHaveLength(1)
  expect(unreadable.rows[0]).toContain(odd)
  expect(textOf(audit)).not.toMatch(/[<>]/)
})

test('a number that is answered 944 is its own row among three', async () => {
  const { call } = await stageOver((operation, body) => {
    const tn = /<(?:\w+:)?(?:did|tn)>(\d+)</.exec(body)?.[1] ?? ''
    if (tn === '4355550151') return answer(operation, code(944, 'invalid &lt;number&gt;'))
    if (operation === 'isPortable') {
      return answer(operation, `${code(100, 'wireless carrier')}<IsPortable>false</IsPortable>`)
    }
    return answer(operation, `${code(100)}<DIDs>${did(tn, 102235)}</DIDs>`)
  })
  const three = ['4355550150', '4355550151', '4355550152']
  const taken = { status: 'taken', code: 102235, meaning: 'assigned to another company', did: expect.anything() }
  expect(structured(await call('queryDID', { did: three })).results).toEqual([
    { tn: three[0], ...taken },
    { tn: three[1], status: 'unknown', code: 944, meaning: 'invalid number', words: 'invalid ‹number›' },
    { tn: three[2], ...taken },
  ])
  const no = { portable: false, meaning: 'the carrier says no, and why in its own words', words: 'wireless carrier' }
  expect(structured(await call('isPortable', { tn: three })).results).toEqual([
    { tn: three[0], ...no },
    { tn: three[1], code: 944, meaning: 'invalid number', words: 'invalid ‹number›' },
    { tn: three[2], ...no },
  ])
})

test('a search says why it found nothing, in the carrier’s words', async () => {
  const { call } = await stageOver((operation) => answer(operation, code(100, 'too many results, please narrow')))
  for (const tool of ['getDIDs', 'getDIDCount']) {
    const answered = await call(tool, { state: 'UT' })
    expect(structured(answered)).toMatchObject({ total: 0, words: 'too many results, please narrow' })
    expect(textOf(answered)).toContain('words: "too many results, please narrow"')
  }
})

const nasty = '[pay here](https://evil.example) &lt;img src=x&gt; `run` "go'

test('an envelope that refuses, and a fault, are told in the carrier’s words, disarmed', async () => {
  const refused = await stageOver((operation) => answer(operation, code(302490, nasty)))
  const faulty = await stageOver(
    () =>
      '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>' +
      `<faultcode>s:Client</faultcode><faultstring>${nasty}</faultstring></s:Fault></s:Body></s:Envelope>`,
  )
  for (const { call } of [refused, faulty]) {
    const { text, error } = errorOf(await call('getDIDs', { state: 'UT' }))
    const shown = "(pay here)(https: /evil.example) ‹img src=x› 'run'"
    expect(text[0]).toContain(shown)
    expect(text.join('\n')).not.toMatch(/[<>`[\]]|https:\/\//)
    expect(error).toMatchObject({ details: { words: expect.stringContaining(shown) } })
  }
})
