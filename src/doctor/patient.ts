import type net from 'node:net'
import type { Queried } from '../carrier/carrier.ts'
import type { Machine } from '../config/machine.ts'
import type { Config } from '../config/read-config.ts'
import type { Env } from '../config/variables.ts'
import type { Journal } from '../journal/journal.ts'
import type { PolicyTool } from '../policy/ruling.ts'

/** The subject of the checks: a configuration, the journal that it names and the carrier it leads to. */
export interface Patient {
  env: Env
  machine: Machine
  person: Person
  /** The tools that are offered, where there is a configuration. */
  tools: readonly PolicyTool[]
  /** The problems of the configuration, all of them; none where there is a config. */
  problems: readonly string[]
  /** Returns the configuration. It may be called only by checks that need `configuration`. */
  config(): Config
  journal: PatientsJournal
  /** Resolves with the carrier's endpoint; that of the embedded sandbox, too, which is started for this. */
  endpoint(): Promise<URL>
  /** Returns the HTTP proxy on the way to the carrier, where there is one. It may be called as `config` may. */
  proxy(): URL | undefined
  /** Opens a connection through a proxy. Rejects with an error whose words may be shown. */
  tunnel(proxy: URL, to: { host: string; port: number }): Promise<net.Socket>
  /**
   * Asks the carrier the doctor's one question: what a fictional number is. It is asked once, however many checks need the
   * answer.
   */
  ask(): Promise<Queried>
  close(): Promise<void>
}

/** The journal that the configuration names. It may be used only by checks that need `configuration`. */
interface PatientsJournal {
  /** Whether there is a journal yet. Nothing is made by looking; one that cannot be looked at counts as there. */
  begun(): Promise<boolean>
  /** Opens the journal. Rejects with JournalUnavailable. */
  open(): Promise<Journal>
  /** Opens a new journal in a folder of its own, to try the engine. Rejects with JournalUnavailable. */
  tryIn(folder: string): Promise<Journal>
}

/** The person who reads the findings, at a terminal. */
export interface Person {
  /** The words that start this program in their terminal, before a command's own words. */
  call: string
  /** The variables of their terminal, in which the commands run. */
  env: Env
}
