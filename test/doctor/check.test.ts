import { describe, expect, test } from 'vitest'
import { type Check, codeOf, type Examined, examine, type Finding } from '../../src/doctor/check.ts'

/** All that is told of these checks; each look at the clock finds it 7.4 ms later. */
async function all(checks: readonly Check<string>[]): Promise<Examined[]> {
  let time = 1000
  const now = () => {
    time += 7.4
    return time
  }
  const told: Examined[] = []
  for await (const one of examine(checks, 'the subject', now)) told.push(one)
  return told
}

const finding = (verdict: Finding['verdict'], what = verdict): Finding => ({ verdict, what })
const check = (name: string, ...findings: Finding[]): Check<string> => ({ name, look: async () => findings })

describe('what is looked at', () => {
  test('is told in the order of the table, each with the time that it took', async () => {
    const told = await all([
      { name: 'first', look: async (subject) => ({ verdict: 'ok', what: subject }) },
      check('second', finding('ok')),
    ])
    expect(told).toEqual([
      { name: 'first', verdict: 'ok', ms: 7, findings: [{ verdict: 'ok', what: 'the subject' }] },
      { name: 'second', verdict: 'ok', ms: 7, findings: [finding('ok')] },
    ])
  })

  test.each<[Finding['verdict'], Finding['verdict'][]]>([
    ['failed', ['ok', 'warning', 'failed', 'skipped']],
    ['warning', ['ok', 'warning', 'skipped']],
    ['ok', ['skipped', 'ok']],
    ['skipped', ['skipped']],
    ['ok', []],
  ])('is %s by the worst of %j', async (verdict, verdicts) => {
    const [told] = await all([check('one', ...verdicts.map((one) => finding(one)))])
    expect(told?.verdict).toBe(verdict)
  })

  test('is skipped, and not looked at, where what it needs did not succeed', async () => {
    const looked: string[] = []
    const then = (name: string, ...needs: string[]): Check<string> => ({
      name,
      needs,
      look: async () => {
        looked.push(name)
        return finding('ok')
      },
    })
    const told = await all([
      check('broken', finding('failed')),
      check('warned', finding('warning')),
      check('absent', finding('skipped')),
      then('a', 'warned', 'broken'),
      then('b', 'a'),
      then('c', 'warned', 'absent'),
    ])
    expect(told.slice(3).map(({ name, verdict, findings }) => [name, verdict, findings[0]?.what])).toEqual([
      ['a', 'skipped', 'needs broken, which did not succeed'],
      ['b', 'skipped', 'needs a, which did not succeed'],
      ['c', 'ok', 'ok'],
    ])
    expect(looked).toEqual(['c'])
  })

  test('and could not be is a fault of ours, told without the message, which may hold the request', async () => {
    const secret = 'MARKED-s3cret'
    const look = async () => {
      throw Object.assign(new Error(secret), { code: 'EIO' })
    }
    const [told] = await all([{ name: 'one', look }])
    expect(told?.findings).toEqual([
      {
        verdict: 'failed',
        what: 'could not be looked at (EIO)',
        next: 'This is a fault of did-mcp itself: report it with this line.',
      },
    ])
  })
})

test.each([
  [Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
  [Object.assign(new Error('x'), { code: 7 }), 'Error'],
  [new TypeError('x'), 'TypeError'],
  ['x', 'unknown'],
])('a failure is named by its code, never by its message: %s', (error, code) => {
  expect(codeOf(error)).toBe(code)
})
