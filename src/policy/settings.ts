import * as z from 'zod'
import { effects, type WriteEffect } from '../domain/effect.ts'
import {
  every,
  least,
  limit,
  oneOf,
  only,
  ruling,
  type Setting,
  targets,
  toolRulings,
  trust,
  whole,
} from './setting.ts'

/** `auto`: a ticket serves where the client cannot ask a person. `human`: an approval by a person is awaited there. */
export const confirmationModes = ['auto', 'human'] as const

/** The most numbers that a budget may be set to. */
const mostNumbers = 1_000_000

const anHour = 'stop counting 60 minutes after they were'
const aDay = 'stop counting 24 hours after they were'

/** What a policy says, in the order of its file. What is added here is read, merged, shipped and told everywhere. */
export const settings = {
  effects: { meaning: 'What may be done, and what needs a yes', parts: effectRulings() },
  tools: toolRulings(
    'Rules for single tools; they beat effects. On a reading tool, deny hides it and confirm is an error',
  ),
  confirmation: {
    parts: {
      mode: oneOf(
        confirmationModes,
        'auto',
        'Where the client cannot ask a person: auto gives the model a ticket, human waits for an approval',
      ),
      /** The life in seconds. A shorter life leaves less time between preview and use. */
      expiresInSeconds: whole(1, 3600, 300, 'How long a ticket may be used'),
      /** The wait in seconds. A shorter wait ends in a decline the sooner. */
      waitSeconds: whole(
        1,
        600,
        50,
        'How long a person is waited for inside a call; many clients end a call after 60 seconds',
      ),
      /** False for clients that declare elicitation and never show it, or answer it by themselves: see `yesWanted`. */
      trustElicitation: trust(true, 'False for clients that declare elicitation and never show it'),
      ticketMaxDids: whole(
        0,
        1000,
        10,
        'How many numbers one ticket covers for assignDID and releaseDID; more wait for an approval',
      ),
    },
  },
  limits: {
    meaning: 'null lifts a limit',
    parts: {
      didsPerCall: limit(1, 1000, 100, { called: 'numbers a call', meaning: 'Numbers in one writing call' }),
      assignedPerDay: limit(0, mostNumbers, 100, {
        called: 'bought a day',
        meaning: 'Numbers assigned in any 24 hours',
        budget: {
          effect: 'spend',
          taken: ({ day }) => day.spend,
          words: 'assigned in the last 24 hours',
          back: `Numbers assigned earlier ${aDay}`,
        },
      }),
      assignedPerHour: limit(0, mostNumbers, null, {
        called: 'bought an hour',
        meaning: 'Numbers assigned in any 60 minutes',
        budget: {
          effect: 'spend',
          taken: ({ hour }) => hour.spend,
          words: 'assigned in the last hour',
          back: `Numbers assigned earlier ${anHour}`,
        },
      }),
      releasedPerDay: limit(0, mostNumbers, 100, {
        called: 'released a day',
        meaning: 'Numbers released in any 24 hours',
        budget: {
          effect: 'destroy',
          taken: ({ day }) => day.destroy,
          words: 'released in the last 24 hours',
          back: `Numbers released earlier ${aDay}`,
        },
      }),
      releasedPerHour: limit(0, mostNumbers, null, {
        called: 'released an hour',
        meaning: 'Numbers released in any 60 minutes',
        budget: {
          effect: 'destroy',
          taken: ({ hour }) => hour.destroy,
          words: 'released in the last hour',
          back: `Numbers released earlier ${anHour}`,
        },
      }),
      safetyPerDay: limit(0, mostNumbers, null, {
        called: '911 changes a day',
        meaning: 'Numbers whose 911 was changed in any 24 hours',
        budget: {
          effect: 'safety',
          taken: ({ day }) => day.safety,
          words: 'changed for 911 in the last 24 hours',
          back: `Numbers changed earlier ${aDay}`,
        },
      }),
      heldAtOnce: limit(0, mostNumbers, 100, {
        called: 'held at once',
        meaning: 'Numbers reserved at one time',
        budget: {
          effect: 'hold',
          taken: ({ held }) => held,
          words: 'held now',
          back: 'A hold ends when the number is assigned or released, at the latest after 30 minutes',
        },
      }),
    },
  },
  /** Ten digits, or leading digits and `*`. Never reconfigured or released, whoever confirms. */
  protected: every(
    text(
      /^(?:[0-9]{10}|[0-9]{1,9}\*)$/,
      'must be ten digits, or one to nine leading digits and "*", like "4352154006" or "800*"',
    ),
    {
      called: 'protected',
      expected: 'must be a list of numbers',
      meaning: 'Numbers that are never released or reconfigured, whoever confirms: ten digits, or leading digits and *',
    },
  ),
  /** The endpoint groups to which numbers may be routed. */
  endpointGroups: only(endpointGroup(), {
    called: 'endpoint groups',
    expected: 'must be a list of endpoint group ids, or null for every one',
    meaning: 'Where numbers may be routed; null allows every endpoint group',
  }),
  /** The targets to which calls may be sent beside the endpoint groups, once these are limited. */
  forwardTo: targets(
    text(/^[^\p{Cc}]{1,64}$/u, 'must be a number or an address that calls may go to, in quotes'),
    'Where failover and forward may go, once endpointGroups is limited: numbers or addresses, exactly as they are asked for',
  ),
  /** What may be bought. */
  tiers: only(text(/^[0-9]+$/, 'must be a tier in quotes, like "1"'), {
    called: 'tiers',
    expected: 'must be a list of tiers, or null for every one',
    meaning: 'Which tiers may be bought; null allows every tier. Where tiers are limited, an unknown tier is refused',
  }),
  /** The balance below which nothing is bought. */
  minimumBalance: least(
    'What the prepaid balance must hold for a purchase, read fresh before each; null asks for none',
    'minimum balance',
  ),
}

/** A rule for every effect that writes: what it is stands in the table of effects. */
function effectRulings(): { readonly [effect in WriteEffect]: Setting<(typeof effects)[WriteEffect]['rule']> } {
  const { read: _, ...writing } = effects
  const rulings = Object.entries(writing).map(([effect, { rule, meaning }]) => [effect, ruling(rule, meaning)])
  return Object.fromEntries(rulings)
}

function text(pattern: RegExp, error: string) {
  return z.string({ error }).regex(pattern, { error })
}

function endpointGroup() {
  const error = 'must be an endpoint group id: a whole number of at least 1'
  return z.number({ error }).int({ error }).min(1, { error })
}
