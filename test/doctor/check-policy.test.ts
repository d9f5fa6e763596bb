import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openPatient } from '../../src/app/open-patient.ts'
import { thisMachine } from '../../src/config/machine.ts'
import { policy } from '../../src/doctor/check-policy.ts'
import { temporaryFolder } from '../support/folder.ts'

/** What is found where this system policy is, by whoever has this number. */
async function look(text: string | undefined, user: number) {
  const systemPolicyPath = join(temporaryFolder(), 'policy.json')
  if (text !== undefined) writeFileSync(systemPolicyPath, text)
  const findings = await policy(
    openPatient({}, { ...thisMachine(), systemPolicyPath }, { call: 'did-mcp', env: {} }),
    user,
  )
  return findings.map(({ what, ...rest }) => ({ what: what.replace(systemPolicyPath, 'SYSTEM'), ...rest }))
}

const from = { verdict: 'ok', what: 'the built-in policy, tightened by the system policy SYSTEM' }

test('a system policy that whoever runs this may write is worth a warning', async () => {
  const [first, second, ...others] = await look('{"protected": ["800*"]}', 1000)
  expect([first, second]).toEqual([
    from,
    {
      verdict: 'warning',
      what: 'SYSTEM may be changed by you, so it binds nothing that runs as you',
      next: 'Let only an administrator write it and its folder.',
    },
  ])
  expect(others.map(({ verdict }) => verdict)).toEqual(others.map(() => 'ok'))
})

test('an administrator may, which is as it must be', async () => {
  const [first, ...others] = await look('{"protected": ["800*"]}', 0)
  expect(first).toEqual(from)
  expect(others.map(({ verdict }) => verdict)).toEqual(others.map(() => 'ok'))
  expect(others.at(-1)?.what).toBe('protected: 800*; endpoint groups: any; tiers: any')
})

test('where there is none, there is nothing to warn of', async () => {
  const [first, ...others] = await look(undefined, 1000)
  expect(first).toEqual({ verdict: 'ok', what: 'the built-in policy; there is no system policy (SYSTEM)' })
  expect(others.map(({ verdict }) => verdict)).toEqual(others.map(() => 'ok'))
})
