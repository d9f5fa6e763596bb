/** What a tool does to a number: the one safety fact its author writes. Everything else derives from it. */
export type Effect = 'read' | 'hold' | 'change' | 'spend' | 'destroy'

/** What a writing tool does to a number. */
export type WriteEffect = Exclude<Effect, 'read'>

/** From the loosest to the strictest. */
export const rules = ['allow', 'confirm', 'deny'] as const

export type Rule = (typeof rules)[number]

interface EffectFacts {
  /** For the README and for a person. */
  meaning: string
  /** The built-in policy. */
  rule: Rule
  /** The protocol's four annotations. */
  annotations: { readOnlyHint: boolean; destructiveHint: boolean; idempotentHint: boolean; openWorldHint: boolean }
}

const hints = (readOnlyHint: boolean, destructiveHint: boolean, idempotentHint: boolean) => ({
  readOnlyHint,
  destructiveHint,
  idempotentHint,
  openWorldHint: true,
})

export const effects: { readonly [effect in Effect]: EffectFacts } = {
  read: { meaning: 'asks', rule: 'allow', annotations: hints(true, false, true) },
  hold: {
    meaning: 'takes a number off the shelf for 30 minutes',
    rule: 'allow',
    annotations: hints(false, false, false),
  },
  change: {
    meaning: 're-routes or reconfigures a number in service',
    rule: 'confirm',
    annotations: hints(false, true, false),
  },
  spend: { meaning: 'billing starts', rule: 'confirm', annotations: hints(false, true, false) },
  destroy: { meaning: 'cannot be undone', rule: 'confirm', annotations: hints(false, true, false) },
}
