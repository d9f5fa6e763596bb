import { expect, test } from 'vitest'
import { onFirstNeed } from '../../src/app/on-first-need.ts'

/** One that is under way. */
interface Opening {
  resolve(): void
  reject(reason: Error): void
}

/** Something that opens when the test says so, and tells what became of it. */
function thing() {
  const happened: string[] = []
  const waiting: Opening[] = []
  const lazy = onFirstNeed(
    () =>
      new Promise<{ close(): Promise<void> }>((resolve, reject) => {
        happened.push('opening')
        waiting.push({ resolve: () => resolve({ close: async () => void happened.push('closed') }), reject })
      }),
  )
  return { happened, waiting, lazy }
}

test('it is opened once, by whoever comes first, and closed', async () => {
  const { happened, waiting, lazy } = thing()
  expect(happened).toEqual([])
  const both = Promise.all([lazy.get(), lazy.get()])
  waiting[0]?.resolve()
  const [one, other] = await both
  expect(one).toBe(other)
  expect(await lazy.get()).toBe(one)
  await lazy.close()
  expect(happened).toEqual(['opening', 'closed'])
})

test('what could not be opened is told to all who wait, and tried again by the next', async () => {
  const { happened, waiting, lazy } = thing()
  const both = Promise.allSettled([lazy.get(), lazy.get()])
  waiting[0]?.reject(new Error('away'))
  expect(await both).toEqual([
    { status: 'rejected', reason: new Error('away') },
    { status: 'rejected', reason: new Error('away') },
  ])
  const again = lazy.get()
  waiting[1]?.resolve()
  await again
  expect(happened).toEqual(['opening', 'opening'])
})

test('what nobody needed, or what could not be opened, is not closed', async () => {
  const untouched = thing()
  await untouched.lazy.close()
  expect(untouched.happened).toEqual([])

  const { happened, waiting, lazy } = thing()
  const asked = expect(lazy.get()).rejects.toThrow('away')
  const closed = lazy.close()
  waiting[0]?.reject(new Error('away'))
  await asked
  await closed
  expect(happened).toEqual(['opening'])
})

test('what is being opened is closed as soon as it is open', async () => {
  const { happened, waiting, lazy } = thing()
  const opened = lazy.get()
  const closed = lazy.close()
  waiting[0]?.resolve()
  await Promise.all([opened, closed])
  expect(happened).toEqual(['opening', 'closed'])
})
