import type { Asked } from '../domain/facts.ts'
import type { Journal } from '../journal/journal.ts'
import type { Unsettled } from '../journal/operation.ts'
import type { Question } from '../journal/question.ts'
import type { Policy } from '../policy/policy.ts'
import type { Caller, Door, WriteRequest } from './door.ts'
import type { Envelope } from './envelope.ts'
import type { FormToPut } from './form.ts'
import { resolve, type WhatToSend } from './plan.ts'
import { numbersOf } from './readings.ts'
import type { Write } from './write.ts'
import { writes } from './writes.ts'

/** A call at the door, before anything was asked of the journal or the carrier. */
export interface AtDoor {
  door: Door
  request: WriteRequest
  caller: Caller
  write: Write
  /** The rows as asked, sorted by number. */
  asked: readonly Asked[]
  tns: readonly string[]
}

/** A call inside the door: what every step goes by. */
export interface EnteredCall extends AtDoor {
  journal: Journal
  policy: Policy
}

/** A question that was answered: the call that brings its proof goes on from there. */
export interface Given {
  question: Question
  /** What the yes is called in the journal. */
  confirmedBy: string
}

/** What the policy says of a call that may go on. */
export interface Decided {
  mustConfirm: boolean
  /** The yes that came along, or that a person gave for this very call. */
  given: Given | undefined
  /** The approval for this very call that waits for a person. */
  standing: Question | undefined
}

/** A call whose numbers were looked at. */
export interface Looked extends Decided, WhatToSend {}

/** A call whose numbers may go: nobody is to be asked, or the yes is there. */
export type Agreed = Looked

/** What a step ends the call with, in the place of what the next one goes on from. */
export interface End {
  end: Envelope | FormToPut
}

/**
 * Step 1: what is asked, number by number.
 * @throws Refusal INVALID_INPUT where a number stands twice.
 */
export function enter(door: Door, request: WriteRequest, caller: Caller): AtDoor {
  const asked = resolve(request.rows)
  return { door, request, caller, write: writes[request.tool.name], asked, tns: numbersOf(asked) }
}

/** The call with its policy and its journal, which has all that happened before. */
export async function callOf(entry: AtDoor): Promise<EnteredCall> {
  const { door } = entry
  const policy = door.policy()
  const journal = await door.journal()
  await door.outbox.bringIn()
  return { ...entry, policy, journal }
}

/** The most news that one answer tells; more wait for the next one. */
const newsAtOnce = 10

/** What nobody was told yet of a call's numbers: asked for only where an answer goes out, and never in its way. */
export async function newsOf({ door, tns }: AtDoor): Promise<Unsettled[]> {
  try {
    const journal = await door.journal()
    return await journal.tellNews(door.account, tns, newsAtOnce)
  } catch {
    return []
  }
}
