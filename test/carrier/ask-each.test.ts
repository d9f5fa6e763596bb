import { expect, test } from 'vitest'
import { askEach } from '../../src/carrier/ask-each.ts'

test('answers come in the order asked, whichever is first', async () => {
  const order: string[] = []
  const answers = await askEach(['1', '2', '3'], undefined, async (tn) => {
    if (tn === '1') await Promise.resolve().then(() => undefined)
    order.push(tn)
    return `${tn}!`
  })
  expect(answers).toEqual(['1!', '2!', '3!'])
  expect(order).toEqual(['2', '3', '1'])
})

test('the first failure is thrown, and ends the other questions', async () => {
  const signals: AbortSignal[] = []
  const asked = askEach(['1', '2'], new AbortController().signal, async (tn, signal) => {
    signals.push(signal)
    if (tn === '1') throw new Error('the carrier is away')
    return new Promise(() => undefined)
  })
  await expect(asked).rejects.toThrow('the carrier is away')
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
})

test('who gives up ends all of them', async () => {
  const caller = new AbortController()
  const asked = askEach(['1'], caller.signal, (_tn, signal) => {
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('given up'))))
  })
  caller.abort()
  await expect(asked).rejects.toThrow('given up')
})
