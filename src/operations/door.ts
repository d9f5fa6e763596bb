import type { Carrier, CarrierReads, CarrierWrites } from '../carrier/carrier.ts'
import type { JournalAccount } from '../domain/account.ts'
import type { Clock } from '../domain/clock.ts'
import type { WriteEffect } from '../domain/effect.ts'
import type { Asked } from '../domain/facts.ts'
import type { WriteTool } from '../domain/write-tool.ts'
import type { Journal } from '../journal/journal.ts'
import type { Policy } from '../policy/policy.ts'

/** The door for writes. Only send.ts asks it for `writes`. */
export interface Door extends ReadingDoor {
  writes: CarrierWrites
}

/** What the door is given but the methods that write: everything that acts or remembers, so that it can be tested at every step. */
export interface ReadingDoor {
  account: JournalAccount
  carrier: CarrierReads
  /** Opened on first need; rejects with JournalUnavailable. */
  journal: () => Promise<Journal>
  /** Read at each call; throws where the file became unreadable. */
  policy: () => Policy
  clock: Clock
  /** How long a request whose answer was not read may still take effect (docs/write-path.md, law 2), milliseconds. */
  quietMs: number
  /** How long the carrier has for one call, milliseconds: a process that died would have given a request up by then. */
  deadlineMs: number
  /** How long finished operations are kept, milliseconds; absent: for ever. */
  keepMs?: number | undefined
  /** How a person starts this program in a terminal, to be put before a command's words. */
  atTerminal: () => Promise<string>
  log: { warn(message: string, fields?: Record<string, unknown>): void }
  /** Told when numbers of this account were written, so that listings held for paging know that they are old. */
  wrote?: (() => void) | undefined
  /** What the journal could not take when it came: outcomes, and a person's no. No write begins before it is in. */
  unsaved: Unsaved[]
  /** While that is being brought in. */
  saving?: Promise<void> | undefined
  /** The process is ending: no new chunk is sent. */
  ending: boolean
  /** As it was met last. */
  pace: Pace
  /** Uncertain numbers, each as `operation number`, in the order in which they were last looked at (recover.ts). */
  looked: string[]
  /** When old operations are looked for next, milliseconds since 1970. */
  forgetsAt: number
}

/** How fast this carrier was lately. It decides between a query for each number and one audit. Milliseconds. */
interface Pace {
  /** A number of a long list, queried as many at once as the carrier lets through. */
  numberMs: number
  /** The last audit; where it was given up, the time it had had. */
  auditMs?: number
}

/** What is taken for the pace until it is known: 8 at once at 160 ms. */
const unknownPace: Pace = { numberMs: 20 }

type OfItsOwn = 'writes' | 'unsaved' | 'ending' | 'pace' | 'looked' | 'forgetsAt'
type GivenPorts = Omit<Door, OfItsOwn | 'carrier' | 'atTerminal'> &
  Partial<Pick<Door, 'atTerminal'>> & { carrier: Carrier }

/** A door that nobody went through yet. The program is `did-mcp` unless told. */
export function openDoor(given: GivenPorts): Door {
  return {
    atTerminal: async () => 'did-mcp',
    ...given,
    writes: given.carrier,
    unsaved: [],
    ending: false,
    pace: { ...unknownPace },
    looked: [],
    forgetsAt: 0,
  }
}

export interface Unsaved {
  /** Absent for a no. */
  operationId?: string
  save(journal: Journal): Promise<void>
}

/** A write as a tool asks for it. */
export interface WriteRequest {
  tool: { name: WriteTool; effect: WriteEffect }
  /** As asked, in any order; absent is not empty. */
  rows: readonly Asked[]
  /** The model's own words; recorded, never shown as a fact. */
  reason?: string | undefined
  /** A ticket. */
  confirmation?: string | undefined
  /** Whether it is only to be told what would come of the call. */
  dryRun?: boolean | undefined
  /** What came of a form that this call's answer was, under its id. */
  answer?: { question: string; said: FormAnswer } | undefined
}

/** What came of a form, once: what was typed into it, or how it ended without. */
export type FormAnswer = { ended: 'answered'; typed: string } | { ended: 'declined' | 'cancelled' | 'timed_out' }

/** Who asks, and how they can be reached while the call runs. */
export interface Caller {
  /** `user@host` over stdio, the token's subject over HTTP. */
  name: string
  /** How its client can show a person a form: while the call runs, or between it and the same call again; absent: it cannot. */
  elicitation?: 'in_call' | 'between_calls' | undefined
  signal?: AbortSignal | undefined
  progress?: ((done: number, total: number, message: string) => void) | undefined
}
