import type { Queried } from '../carrier/carrier.ts'
import type { Machine } from '../config/machine.ts'
import type { Config } from '../config/read-config.ts'
import type { Env } from '../config/variables.ts'
import type { Journal } from '../journal/journal.ts'
import type { PolicyTool } from '../policy/ruling.ts'

/** What is looked at: a configuration, the journal that it names and the carrier it leads to. */
export interface Patient {
  env: Env
  machine: Machine
  person: Person
  /** What a policy may speak of. */
  tools: readonly PolicyTool[]
  /** Every problem of the configuration; none where there is a config. */
  problems: readonly string[]
  /** Only for checks that need `configuration`. */
  config(): Config
  journal: PatientsJournal
  /** Where the carrier is: of the embedded sandbox too, which is started for this. */
  endpoint(): Promise<URL>
  /** The one question to the carrier: what a fictional number is. Asked once, whoever needs the answer. */
  ask(): Promise<Queried>
  close(): Promise<void>
}

/** The journal that the configuration names. Only for checks that need `configuration`. */
interface PatientsJournal {
  /** Whether there is one. */
  begun(): boolean
  /** Rejects with JournalUnavailable. */
  open(): Promise<Journal>
  /** A new one in a folder of its own, to try the engine. Rejects with JournalUnavailable. */
  tryIn(folder: string): Promise<Journal>
}

/** Who reads what was seen, at a terminal. */
export interface Person {
  /** How they start this program: what a command's words come after. */
  call: string
  /** The variables of their terminal, in which that runs. */
  env: Env
}
