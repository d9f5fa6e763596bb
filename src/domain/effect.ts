/** The effect of a tool on a number: the one safety fact its author writes. Everything else derives from it. */
export type Effect = 'read' | 'hold' | 'change' | 'safety' | 'spend' | 'destroy'

/** The effect of a writing tool on a number. */
export type WriteEffect = Exclude<Effect, 'read'>

/** The rules of a policy, from the loosest to the strictest. */
export const rules = ['allow', 'confirm', 'deny'] as const

export type Rule = (typeof rules)[number]

interface EffectFacts {
  /** The effect in words, for the README and for a person. */
  meaning: string
  /** The rule of the built-in policy. */
  rule: Rule
  /** The protocol's four annotations for a tool of this effect. */
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
  safety: {
    meaning: 'changes what a call to 911 carries',
    rule: 'confirm',
    annotations: hints(false, true, false),
  },
  spend: { meaning: 'billing starts', rule: 'confirm', annotations: hints(false, true, false) },
  destroy: { meaning: 'cannot be undone', rule: 'confirm', annotations: hints(false, true, false) },
}
