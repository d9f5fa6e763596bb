import { expect, test } from 'vitest'
import { CarrierError } from '../../src/carrier/errors.ts'
import { together } from '../../src/tools/together.ts'

const tns = ['4355550100', '4355550101', '4355550102']

/** Questions that wait until the test answers them. */
function questions() {
  const open = new Map<string, { answer(text: string): void; fail(error: Error): void; signal: AbortSignal }>()
  const odd = (tn: string, { kind }: CarrierError) => `${tn} was ${kind}`
  const ask = (tn: string, signal: AbortSignal) =>
    new Promise<string>((answer, fail) => void open.set(tn, { answer, fail, signal }))
  return { open, question: { ask, odd } }
}

test('all are asked at once, and answered in the order asked', async () => {
  const { open, question } = questions()
  const heard: string[] = []
  const progress = (_done: number, _total: number | undefined, message: string) => void heard.push(message)
  const answers = together(tns, { signal: new AbortController().signal, progress }, question)
  expect([...open.keys()]).toEqual(tns)
  for (const tn of tns.toReversed()) open.get(tn)?.answer(`of ${tn}`)
  expect(await answers).toEqual(tns.map((tn) => `of ${tn}`))
  expect(heard).toEqual(['1 of 3 numbers asked', '2 of 3 numbers asked', '3 of 3 numbers asked'])
})

test('the first failure ends the others and is what is thrown', async () => {
  const { open, question } = questions()
  const answers = together(tns, { signal: new AbortController().signal, progress: () => undefined }, question)
  open.get('4355550101')?.fail(new Error('away'))
  await expect(answers).rejects.toThrow('away')
  expect(Array.from(open.values(), ({ signal }) => signal.aborted)).toEqual([true, true, true])
})

const carrierError = (kind: 'rejected' | 'protocol', facts: { code?: number; words?: string } = {}) =>
  new CarrierError(kind, 'words', { maybeSent: true, ...facts })

test.each([
  ['its code', carrierError('rejected', { code: 944 })],
  ['a fault', carrierError('rejected', { code: 500, words: 'no such number' })],
  ['a fault without a status', carrierError('rejected')],
  ['what cannot be read', carrierError('protocol')],
])('a number that is answered with %s is its own row, and the others are answered', async (_, error) => {
  const { open, question } = questions()
  const answers = together(tns, { signal: new AbortController().signal, progress: () => undefined }, question)
  open.get('4355550101')?.fail(error)
  open.get('4355550100')?.answer('a')
  open.get('4355550102')?.answer('c')
  expect(await answers).toEqual(['a', `4355550101 was ${error.kind}`, 'c'])
})

test.each([
  ['no answer that can be read', carrierError('protocol')],
  ['nothing but an HTTP status', carrierError('rejected', { code: 404 })],
])('%s for all of them is the failure of the call', async (_, error) => {
  const { open, question } = questions()
  const answers = together(tns, { signal: new AbortController().signal, progress: () => undefined }, question)
  for (const tn of tns) open.get(tn)?.fail(error)
  await expect(answers).rejects.toBe(error)
})

test('a caller who gives up ends all', () => {
  const { open, question } = questions()
  const caller = new AbortController()
  void together(tns, { signal: caller.signal, progress: () => undefined }, question)
  caller.abort()
  expect(Array.from(open.values(), ({ signal }) => signal.aborted)).toEqual([true, true, true])
})
