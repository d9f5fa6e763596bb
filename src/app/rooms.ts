import type { CarrierReads } from '../carrier/carrier.ts'
import { type Config, hiderOf } from '../config/read-config.ts'
import { journalAccount } from '../domain/account.ts'
import { nothingUsed } from '../domain/budget.ts'
import { systemClock } from '../domain/clock.ts'
import { type Hide, leastInData } from '../domain/hider.ts'
import type { Journal } from '../journal/journal.ts'
import { createListings } from '../listings/snapshot.ts'
import type { Logger } from '../log.ts'
import type { Operations } from '../operations/create-operations.ts'
import type { Caller, Ports, WriteRequest } from '../operations/door.ts'
import type { Envelope } from '../operations/envelope.ts'
import type { FormToPut } from '../operations/form.ts'
import type { Sources } from '../tools/tool.ts'
import { onFirstNeed } from './on-first-need.ts'
import { openCarrier } from './open-carrier.ts'
import { hasJournal, noJournalYet, openJournal } from './open-journal.ts'

/** The rooms of a server, wired together. None of them is loaded or opened before it is needed. */
export interface Rooms {
  carrier: CarrierReads
  /** What reading tools read from. */
  sources: Sources
  /** The one door for writes. */
  perform(request: WriteRequest, caller: Caller): Promise<Envelope | FormToPut>
  /** Takes over what dead processes left open, where there is a journal, and lets go of what was kept long enough. */
  recover(): Promise<void>
  /** Whether the journal can be read, where there is one: the carrier's state is another matter. Never rejects. */
  ready(): Promise<boolean>
  /** Nothing new is begun. */
  ending(): void
  /** No new chunk is sent; a request in flight has a moment; then everything is closed. */
  close(): Promise<void>
}

/** How long a request in flight may still take from the moment the end is known: clients kill after 2 to 4 s. Milliseconds. */
const lastMomentMs = 800

/** How long closing may take after that, milliseconds. */
const closingMs = 100

/** How long the journal may take to answer whoever asks whether this server is ready. Milliseconds. */
const readyWithinMs = 2000

/** @param program the path of this program, for what a person is told to do in a terminal */
export function openRooms(config: Config, log: Logger, program: string): Rooms {
  const carrier = openCarrier(config)
  const account = journalAccount(carrier.account)
  const hide = hiderOf(config, leastInData)
  const listings = createListings({ carrier, clock: systemClock })
  const journal = onFirstNeed(() => openWarned(config, log))
  // One that is open stays what is read, also where its file was taken away: then reading it says so.
  const begun = () => journal.opened() || hasJournal(config)
  const ports: Ports = {
    account,
    carrier,
    journal: journal.get,
    policy: () => config.policy.current(),
    clock: systemClock,
    quietMs: config.quietSeconds * 1000,
    deadlineMs: config.timeoutMs.call,
    keepMs: config.retentionDays === undefined ? undefined : config.retentionDays * 86_400_000,
    atTerminal: async () => (await import('../clients/program.ts')).callHere(program, process.env),
    log,
    wrote: () => listings.stale(),
  }
  const operations = operationsOf(ports)
  const calls = callsUnderWay()
  const ending = () => {
    operations.end()
    calls.ending()
  }
  return {
    carrier,
    sources: {
      carrier,
      listings,
      account,
      journal: async () => (begun() ? journal.get() : noJournalYet),
      async used() {
        if (!begun()) return nothingUsed
        const opened = await journal.get()
        return opened.countUsed(account, opened.now(systemClock.now()))
      },
      async settleDue(signal) {
        if (!begun()) return
        const { settleDue } = await operations.get()
        // A journal that can be read and not written still tells what was done.
        await settleDue({ signal }).catch((error: unknown) => log.warn('what is due could not be settled', { error }))
      },
    },
    ending,
    async ready() {
      if (!begun()) return true
      const read = async () => {
        await (await journal.get()).countUsed(account, systemClock.now())
        return true
      }
      return (
        (await atMost(
          readyWithinMs,
          read().catch(() => false),
        )) === true
      )
    },
    async perform(request, caller) {
      const { perform } = await operations.get()
      return calls.add(perform(withoutSecrets(request, hide), caller))
    },
    async recover() {
      if (!hasJournal(config)) return
      const ids = await (await operations.get()).recover()
      if (ids.length > 0) log.info('operations of ended processes were settled', { operations: ids })
    },
    async close() {
      ending()
      await calls.ended()
      listings.close()
      await atMost(closingMs, Promise.allSettled([carrier.close(), journal.close()]))
    },
  }
}

/** What a person should know of a journal goes to the log of whoever opens it to write. */
async function openWarned(config: Config, log: Logger): Promise<Journal> {
  const journal = await openJournal(config)
  for (const warning of journal.warnings) log.warn(warning)
  return journal
}

/** The operations of this process, loaded on first need; once they have ended, what is loaded later has ended, too. */
function operationsOf(ports: Ports) {
  let loaded: Promise<Operations> | undefined
  let over = false
  const load = async (): Promise<Operations> => {
    const { createOperations } = await import('../operations/create-operations.ts')
    const made = createOperations(ports)
    if (over) made.end()
    return made
  }
  return {
    get(): Promise<Operations> {
      loaded ??= load()
      return loaded
    },
    end() {
      over = true
      void loaded?.then((made) => made.end())
    },
  }
}

/** A row of a call, of whatever write, with every text of it hidden but its number. */
function hiddenIn<Row extends { tn: string }>(row: Row, hide: Hide): Row {
  const texts = Object.entries(row).map(([name, value]) => [
    name,
    name !== 'tn' && typeof value === 'string' ? hide(value) : value,
  ])
  return Object.fromEntries(texts)
}

/** What a model writes is recorded; a reference that held a secret is not sent then (`guardHidden`). */
function withoutSecrets(request: WriteRequest, hide: Hide): WriteRequest {
  const { reason, rows } = request
  return {
    ...request,
    ...(reason !== undefined && { reason: hide(reason) }),
    rows: rows.map((row) => hiddenIn(row, hide)),
  }
}

/** Calls that write. From the moment the end is known, each has a last moment. */
function callsUnderWay() {
  const running = new Set<Promise<unknown>>()
  let endsAt: number | undefined
  const ending = () => {
    endsAt ??= performance.now() + lastMomentMs
    return endsAt
  }
  return {
    add<Answer>(call: Promise<Answer>): Promise<Answer> {
      running.add(call)
      return call.finally(() => running.delete(call))
    },
    ending,
    /** Resolves when none is under way, or their last moment is over. */
    ended: () => atMost(ending() - performance.now(), Promise.allSettled(running)),
  }
}

function atMost(ms: number, done: Promise<unknown>): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  return Promise.race([done, over]).finally(() => clearTimeout(timer))
}
