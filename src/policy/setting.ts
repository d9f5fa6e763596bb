import * as z from 'zod'
import type { Used } from '../domain/budget.ts'
import { type Rule, rules, type WriteEffect } from '../domain/effect.ts'
import { type PolicyTool, type Ruled, ruleFor, stricter } from './ruling.ts'

/**
 * One thing that a policy says, with all that is known of it: its type, its built-in value, how a file states it, how two
 * policies merge, and its words. Everything that reads, merges or tells a policy goes by these.
 */
export interface Setting<Value, Silent = Value> {
  /** The meaning, for the JSON Schema of the file. */
  readonly meaning: string
  /** The value in force where no file says otherwise. */
  readonly builtIn: Value
  /** What a system policy says that leaves it out: merged with any value it leaves that as it is. */
  readonly silent: Silent
  /** How a file states it. The words of a problem are what follows `must`. */
  readonly schema: z.ZodType<Value>
  /** What holds under both: at least as strict as each of the two. */
  tighten(own: Value, system: Value | Silent, merging: Merging): Value
  /** What a person calls it, and the value in words, where that is worth telling and has no sentence of its own. */
  readonly called?: string
  tell?(value: Value): string | undefined
}

/** The two policies that merge, as far as they rule tools, and the tools there are. */
export interface Merging {
  readonly own: Ruled & Routing
  readonly system: Ruled & Routing
  readonly tools: readonly PolicyTool[]
}

/** The part of a policy that says whether endpoint groups are limited: null where they are not. */
interface Routing {
  readonly endpointGroups: readonly number[] | null
}

/** Settings that stand together in a file. */
export interface Section<Parts> {
  readonly meaning?: string
  readonly parts: Parts
}

/** A bound on numbers; `null` lifts it. */
export interface Limit extends Setting<number | null> {
  readonly called: string
  tell(value: number | null): string | undefined
  readonly budget?: Budget | undefined
}

/** What a limit bounds over time. */
export interface Budget {
  readonly effect: WriteEffect
  taken(used: Used): number
  /** What was done to the numbers that count: `assigned in the last 24 hours`. */
  readonly words: string
  /** The time at which the numbers taken come back, in words. */
  readonly back: string
}

/** Allow, confirm or deny. */
export function ruling(builtIn: Rule, meaning: string): Setting<Rule> {
  return { meaning, builtIn, silent: 'allow', schema: rule, tighten: stricter }
}

/** Rules by the name of a tool. */
export function toolRulings(meaning: string): Setting<{ readonly [tool: string]: Rule }> {
  return {
    meaning,
    builtIn: {},
    silent: {},
    schema: z.record(z.string(), rule, {
      error: (issue) => (issue.code === 'invalid_type' ? 'must be an object' : undefined),
    }),
    // These beat the effects' rules, so a tool that either policy names is judged by the rule that holds for it in each.
    tighten(_own, _system, { own, system, tools }) {
      const named = tools.filter(({ name }) => Object.hasOwn(own.tools, name) || Object.hasOwn(system.tools, name))
      return Object.fromEntries(named.map((tool) => [tool.name, stricter(ruleFor(own, tool), ruleFor(system, tool))]))
    },
  }
}

/** One of several words, from the loosest to the strictest. */
export function oneOf<const Word extends string>(
  words: readonly [Word, ...Word[]],
  builtIn: Word,
  meaning: string,
): Setting<Word> {
  const error = `must be ${words.map((word) => `"${word}"`).join(' or ')}`
  return {
    meaning,
    builtIn,
    silent: words[0],
    schema: z.enum(words, { error }),
    tighten: (own, system) => (words.indexOf(own) >= words.indexOf(system) ? own : system),
  }
}

/** A whole number in bounds, of which the smaller is the stricter. */
export function whole(least: number, most: number, builtIn: number, meaning: string): Setting<number> {
  return {
    meaning,
    builtIn,
    silent: most,
    schema: wholeNumber(least, most, ''),
    tighten: (own, system) => Math.min(own, system),
  }
}

/** A limit of at least `least` numbers. */
export function limit(
  least: number,
  most: number,
  builtIn: number | null,
  about: { called: string; meaning: string; budget?: Budget },
): Limit {
  return {
    ...about,
    builtIn,
    silent: null,
    schema: wholeNumber(least, most, ', or null for no limit').nullable(),
    tighten: smaller,
    // A limit that only a file sets is told where one has set it.
    tell: (value) => (value === null && builtIn === null ? undefined : String(value ?? 'no limit')),
  }
}

/** Whether a client is trusted with something. `disputed`: of two policies only one does; no file can say so. */
export function trust(builtIn: boolean, meaning: string): Setting<boolean | 'disputed', undefined> {
  return {
    meaning,
    builtIn,
    // Of clients that it does not know a policy may say nothing.
    silent: undefined,
    schema: z.boolean({ error: 'must be true or false' }),
    // Neither is the stricter of the two: without trust `auto` falls back to tickets, which ask nobody, and with it a
    // form counts that the client may answer by itself.
    tighten: (own, system = own) => (own === system ? own : 'disputed'),
  }
}

/** Everything that either policy lists. */
export function every(
  of: z.ZodType<string>,
  about: { called: string; expected: string; meaning: string },
): Setting<readonly string[]> {
  return {
    ...about,
    builtIn: [],
    silent: [],
    schema: z.array(of, { error: about.expected }),
    tighten: (own, system) => [...new Set([...own, ...system])].sort(),
    tell: list,
  }
}

/** A setting that allows only what is listed, and only what both policies list; `null` for anything. */
export function only<Item extends string | number>(
  of: z.ZodType<Item>,
  about: { called: string; expected: string; meaning: string },
): Setting<readonly Item[] | null> {
  return {
    ...about,
    builtIn: null,
    silent: null,
    schema: z.array(of, { error: about.expected }).nullable(),
    tighten: both,
    tell: (value) => (value === null ? 'any' : list(value)),
  }
}

/**
 * A setting for where calls may be sent beside the endpoint groups: it says something only in a policy that limits these, and then only what
 * each such policy lists is allowed.
 */
export function targets(of: z.ZodType<string>, meaning: string): Setting<readonly string[]> {
  return {
    called: 'failover and forward to',
    meaning,
    builtIn: [],
    silent: [],
    schema: z.array(of, { error: 'must be a list of numbers or addresses' }),
    tighten(own, system, merging) {
      if (merging.system.endpointGroups === null) return own
      return merging.own.endpointGroups === null ? system : own.filter((target) => system.includes(target))
    },
    tell: (value) => (value.length === 0 ? undefined : list(value)),
  }
}

/** An amount that must be there, of which the larger is the stricter; null asks for none. */
export function least(meaning: string, called: string): Setting<number | null> {
  const error = 'must be an amount from 0 to 1000000000, or null for none'
  return {
    called,
    meaning,
    builtIn: null,
    silent: null,
    schema: z.number({ error }).min(0, { error }).max(1_000_000_000, { error }).nullable(),
    tighten: (own, system) => (own === null ? system : system === null ? own : Math.max(own, system)),
    tell: (value) => (value === null ? undefined : String(value)),
  }
}

const rule = z.enum(rules, { error: 'must be "allow", "confirm" or "deny"' })

/** A whole number in bounds; the words of a problem name them. */
function wholeNumber(least: number, most: number, otherwise: string) {
  const error = `must be a whole number from ${least} to ${most}${otherwise}`
  return z.number({ error }).int({ error }).min(least, { error }).max(most, { error })
}

function smaller(a: number | null, b: number | null): number | null {
  if (a === null) return b
  return b === null ? a : Math.min(a, b)
}

function both<Item>(a: readonly Item[] | null, b: readonly Item[] | null): readonly Item[] | null {
  if (a === null) return b
  return b === null ? a : a.filter((one) => b.includes(one))
}

/** The first of a long list, and how many more. */
function list(items: readonly (string | number)[]): string {
  if (items.length === 0) return 'none'
  const more = items.length > 5 ? ` and ${items.length - 5} more` : ''
  return `${items.slice(0, 5).join(', ')}${more}`
}
