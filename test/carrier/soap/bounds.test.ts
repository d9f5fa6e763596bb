import { expect, test } from 'vitest'
import { decoder } from '../../../src/carrier/soap/decode.ts'
import { quickest } from '../../support/quickest.ts'
import { answer, did, success } from '../support/answers.ts'

const megabyte = 2 ** 20
const upTo = (make: (index: number) => string): string => {
  let text = ''
  for (let index = 0; text.length < megabyte; index++) text += make(index)
  return text
}

const decode = (content: string) => {
  const xml = answer('auditDIDs', success(content))
  return () => {
    const reading = decoder('auditDIDs', { row: () => true })
    for (let at = 0; at < xml.length; at += 16_384) reading.write(xml.slice(at, at + 16_384))
    reading.end()
  }
}

const ordinary = decode(`<DIDs>${upTo(() => did())}</DIDs>`)

test.each([
  ['unknown elements', upTo((index) => `<k${index}/>`)],
  ['unknown fields of a number', `<DIDs><DID>${upTo((index) => `<k${index}/>`)}</DID></DIDs>`],
  ['empty rows', `<DIDs>${upTo(() => '<DID/>')}</DIDs>`],
  ['odd rows', `<DIDs>${upTo(() => '<DID><t38>x</t38></DID>')}</DIDs>`],
  ['one field, again and again', `<DIDs><DID>${upTo(() => '<t38>x</t38>')}</DID></DIDs>`],
  ['namespaces', upTo((index) => `<k xmlns="u${index}"/>`)],
  ['long texts', `<DIDs>${upTo(() => `<DID><status>${'x'.repeat(65_000)}</status></DID>`)}</DIDs>`],
  ['texts of entities', `<DIDs>${upTo(() => `<DID><status>${'&amp;'.repeat(13_000)}</status></DID>`)}</DIDs>`],
])('a megabyte of %s takes about as long to read as one of numbers', (_, content) => {
  expect(quickest(decode(content))).toBeLessThan(8 * quickest(ordinary))
})
