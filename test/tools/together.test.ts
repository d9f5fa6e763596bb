import { expect, test } from 'vitest'
import { together } from '../../src/tools/together.ts'

const tns = ['4355550100', '4355550101', '4355550102']

/** Questions that wait until the test answers them. */
function questions() {
  const open = new Map<string, { answer(text: string): void; fail(error: Error): void; signal: AbortSignal }>()
  const ask = (tn: string, signal: AbortSignal) =>
    new Promise<string>((answer, fail) => void open.set(tn, { answer, fail, signal }))
  return { open, ask }
}

test('all are asked at once, and answered in the order asked', async () => {
  const { open, ask } = questions()
  const heard: string[] = []
  const progress = (_done: number, _total: number | undefined, message: string) => void heard.push(message)
  const answers = together(tns, { signal: new AbortController().signal, progress }, ask)
  expect([...open.keys()]).toEqual(tns)
  for (const tn of tns.toReversed()) open.get(tn)?.answer(`of ${tn}`)
  expect(await answers).toEqual(tns.map((tn) => `of ${tn}`))
  expect(heard).toEqual(['1 of 3 numbers asked', '2 of 3 numbers asked', '3 of 3 numbers asked'])
})

test('the first failure ends the others and is what is thrown', async () => {
  const { open, ask } = questions()
  const answers = together(tns, { signal: new AbortController().signal, progress: () => undefined }, ask)
  open.get('4355550101')?.fail(new Error('away'))
  await expect(answers).rejects.toThrow('away')
  expect(Array.from(open.values(), ({ signal }) => signal.aborted)).toEqual([true, true, true])
})

test('a caller who gives up ends all', () => {
  const { open, ask } = questions()
  const caller = new AbortController()
  void together(tns, { signal: caller.signal, progress: () => undefined }, ask)
  caller.abort()
  expect(Array.from(open.values(), ({ signal }) => signal.aborted)).toEqual([true, true, true])
})
