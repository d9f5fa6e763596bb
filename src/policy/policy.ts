import { type Effect, effects, type Rule, type WriteEffect } from '../domain/effect.ts'

/** What is in force. `null` lifts a limit, or allows every endpoint group or tier (README.md, "Policy file"). */
export interface Policy {
  readonly effects: { readonly [effect in WriteEffect]: Rule }
  /** By name of the tool; beats `effects`. */
  readonly tools: { readonly [tool: string]: Rule }
  readonly confirmation: {
    readonly mode: ConfirmationMode
    /** How long a ticket may be used, in seconds. */
    readonly expiresInSeconds: number
    /** How long a person is waited for inside a call, in seconds. */
    readonly waitSeconds: number
    /**
     * False for clients that declare elicitation and never show it, or answer it by themselves. `disputed`: of two
     * policies that were merged only one trusts them, see `yesWanted`; no file can say so.
     */
    readonly trustElicitation: boolean | 'disputed'
    /** How many numbers one ticket covers for `spend` and `destroy`; more wait for an approval. */
    readonly ticketMaxDids: number
  }
  readonly limits: {
    readonly didsPerCall: number | null
    readonly assignedPerDay: number | null
    readonly releasedPerDay: number | null
    readonly heldAtOnce: number | null
  }
  /** Ten digits, or leading digits and `*`. Never reconfigured or released, whoever confirms. */
  readonly protected: readonly string[]
  /** Where numbers may be routed. */
  readonly endpointGroups: readonly number[] | null
  /** What may be bought. */
  readonly tiers: readonly string[] | null
}

/** A policy for the whole machine, whose clients it may not know: of them it may say nothing. */
export type SystemPolicy = Omit<Policy, 'confirmation'> & {
  readonly confirmation: Omit<Policy['confirmation'], 'trustElicitation'> & {
    /** Undefined: as each person's own policy has it. */
    readonly trustElicitation: Policy['confirmation']['trustElicitation'] | undefined
  }
}

/** `auto`: a ticket serves where the client cannot ask a person. `human`: an approval by a person is awaited there. */
export const confirmationModes = ['auto', 'human'] as const

export type ConfirmationMode = (typeof confirmationModes)[number]

/** What a policy knows of a tool. */
export interface PolicyTool {
  readonly name: string
  readonly effect: Effect
}

/** The longest that a ticket may live and a person be waited for, in seconds. */
export const mostSeconds = { expires: 3600, wait: 600 } as const

/** The most numbers that a file may let one ticket cover. */
export const mostByTicket = 1000

/** In force where no file says otherwise. */
export const builtIn: Policy = {
  effects: {
    hold: effects.hold.rule,
    change: effects.change.rule,
    spend: effects.spend.rule,
    destroy: effects.destroy.rule,
  },
  tools: {},
  confirmation: { mode: 'auto', expiresInSeconds: 300, waitSeconds: 50, trustElicitation: true, ticketMaxDids: 10 },
  limits: { didsPerCall: 100, assignedPerDay: 100, releasedPerDay: 100, heldAtOnce: 100 },
  protected: [],
  endpointGroups: null,
  tiers: null,
}

/** What says nothing: merged with any policy it leaves that as it is. */
export const silent: SystemPolicy = {
  effects: { hold: 'allow', change: 'allow', spend: 'allow', destroy: 'allow' },
  tools: {},
  confirmation: {
    mode: 'auto',
    expiresInSeconds: mostSeconds.expires,
    waitSeconds: mostSeconds.wait,
    trustElicitation: undefined,
    ticketMaxDids: mostByTicket,
  },
  limits: { didsPerCall: null, assignedPerDay: null, releasedPerDay: null, heldAtOnce: null },
  protected: [],
  endpointGroups: null,
  tiers: null,
}

/** The rule that holds for a tool: its own, else its effect's. A reading tool is allowed unless its own rule denies it. */
export function ruleFor(policy: Pick<Policy, 'effects' | 'tools'>, tool: PolicyTool): Rule {
  // hasOwn: a tool called "constructor" must not find an inherited function.
  const own = Object.hasOwn(policy.tools, tool.name) ? policy.tools[tool.name] : undefined
  return own ?? (tool.effect === 'read' ? effects.read.rule : policy.effects[tool.effect])
}

/** Whether a number of this tier may be bought. Only `spend` buys; where tiers are limited, an unknown tier is refused. */
export function tierAllowed(policy: Policy, effect: Effect, tier: string | undefined): boolean {
  if (effect !== 'spend' || policy.tiers === null) return true
  return tier !== undefined && policy.tiers.includes(tier)
}

/** The entry of `protected` that covers a number of ten digits. */
export function protectedBy(policy: Policy, tn: string): string | undefined {
  return policy.protected.find((entry) => (entry.endsWith('*') ? tn.startsWith(entry.slice(0, -1)) : tn === entry))
}
