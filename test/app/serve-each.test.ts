import { expect, test } from 'vitest'
import { withoutForms } from '../../src/app/serve-each.ts'
import { builtIn } from '../../src/policy/policy.ts'
import { PolicyUnreadable } from '../../src/policy/source.ts'

test('over HTTP no form is a yes, whatever else the policy says', () => {
  const { confirmation, ...rest } = withoutForms({ current: () => builtIn }).current()
  const { confirmation: before, ...others } = builtIn
  expect(before.trustElicitation).toBe(true)
  expect({ confirmation, rest }).toEqual({ confirmation: { ...before, trustElicitation: false }, rest: others })
})

test('and a policy that cannot be read is none here, either', () => {
  const source = {
    current: () => {
      throw new PolicyUnreadable(['gone'], builtIn)
    },
  }
  expect(() => withoutForms(source).current()).toThrow(PolicyUnreadable)
})
