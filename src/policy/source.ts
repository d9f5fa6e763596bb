import type { Policy } from './policy.ts'

export interface PolicySource {
  /**
   * The policy in force at this moment. Ask at every use, because files change.
   * @throws PolicyUnreadable where a file has become unreadable or wrong, or a system policy is gone. Nothing may be written then.
   */
  current(): Policy
}

/** A policy file that was good is so no more. Writes are refused until it is mended; nothing looser takes its place. */
export class PolicyUnreadable extends Error {
  override readonly name = 'PolicyUnreadable'
  /** Each names its file. */
  readonly problems: readonly string[]
  /** What was in force before: for listing and reading tools, never for a write. */
  readonly last: Policy

  constructor(problems: readonly string[], last: Policy) {
    super(`The policy cannot be read, so nothing is written until it is mended. ${problems.join('; ')}`)
    this.problems = problems
    this.last = last
  }
}
