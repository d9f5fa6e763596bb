import { expect, test } from 'vitest'
import { allDone, stageWith } from '../support/stage.ts'

test('a large listing says how many rows were read', async () => {
  const stage = await stageWith({
    carrier: {
      async getDIDs(_criteria, row) {
        for (let number = 2_000_000_000; number < 2_000_010_000; number++) row({ tn: String(number) })
        return {}
      },
    },
  })
  const heard: unknown[] = []
  const args = { name: 'getDIDs', arguments: { npa: '200', limit: 1 } }
  await stage.client.callTool(args, undefined, { onprogress: (progress) => heard.push(progress) })
  expect(heard).toEqual([
    { progress: 5000, message: '5000 numbers found' },
    { progress: 10000, message: '10000 numbers found' },
  ])
})

test('a caller with a token hears how far it is, each value above the one before; nothing after the answer', async () => {
  let late: (() => void) | undefined
  const stage = await stageWith({
    perform: async (request, { progress }) => {
      progress?.(0, 2, 'begun')
      progress?.(1, 2, 'one sent')
      progress?.(1, 2, 'still one')
      progress?.(2, 2, 'both sent')
      late = () => progress?.(3, 3, 'too late')
      return allDone(request)
    },
  })
  const heard: unknown[] = []
  const args = { name: 'reserveDID', arguments: { didParams: ['4355550150', '4355550151'] } }
  await stage.client.callTool(args, undefined, { onprogress: (progress) => heard.push(progress) })
  late?.()
  expect(heard).toEqual([
    { progress: 0, total: 2, message: 'begun' },
    { progress: 1, total: 2, message: 'one sent' },
    { progress: 1.001, total: 2, message: 'still one' },
    { progress: 2, total: 2, message: 'both sent' },
  ])
})
