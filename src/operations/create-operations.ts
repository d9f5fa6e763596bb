import type { Journal } from '../journal/journal.ts'
import type { Caller, Door, Due, Ports, WriteRequest } from './door.ts'
import type { Envelope } from './envelope.ts'
import type { FormToPut } from './form.ts'
import { settleDue, settleOrphans } from './orphans.ts'
import { createOutbox } from './outbox.ts'
import { perform } from './perform.ts'
import { createRetention } from './retention.ts'
import { createPace } from './survey.ts'
import { createWatch } from './watch.ts'

/** The writes of one process, from intent to outcome. */
export interface Operations {
  /** The one door for writes: see perform.ts. */
  perform(request: WriteRequest, caller: Caller): Promise<Envelope | FormToPut>

  /**
   * Settles what can be settled on this account: what dead processes left open, and the uncertain numbers that are due. Once
   * nobody waits any more (`signal`) it returns early. The carrier is not asked where there is nothing.
   */
  settleDue(due?: Due): Promise<void>

  /**
   * Does what a process does for its account when it has started: takes over and settles what dead processes left open,
   * settles what is due, watches what stays uncertain, and lets go of what was kept long enough. Returns the ids of the
   * operations that were taken over.
   */
  recover(): Promise<string[]>

  /** Lets no new chunk be sent. */
  end(): void
}

/** The operations of a process that has these ports. Nothing is opened before it is needed. */
export function createOperations(ports: Ports): Operations {
  return through(openDoor(ports))
}

/** The operations that go through a door. */
export function through(door: OpenDoor): Operations {
  return {
    perform: (request, caller) => perform(door, request, caller),
    settleDue: (due) => settleDue(door, due),
    async recover() {
      await door.outbox.bringIn()
      const adopted = await settleOrphans(door)
      await door.watch.settleDue()
      await door.watch.followAll(adopted)
      door.retention.soon()
      return adopted
    },
    end: () => door.end(),
  }
}

/** A door with the end of its process in hand. */
export type OpenDoor = Door & { end(): void }

/** A door that nobody went through yet. */
export function openDoor(ports: Ports): OpenDoor {
  const life = new AbortController()
  const { carrier, clock, atTerminal = async () => 'did-mcp', ...others } = ports
  let opened: Journal | undefined
  const door: OpenDoor = {
    ...others,
    carrier,
    async journal() {
      opened = await ports.journal()
      return opened
    },
    // Whatever is compared with a time of the journal goes by the journal's clock.
    clock: { ...clock, now: () => opened?.now(clock.now()) ?? clock.now() },
    writes: carrier,
    atTerminal,
    outbox: createOutbox(() => door),
    pace: createPace(),
    watch: createWatch(() => door),
    retention: createRetention(() => door),
    ending: life.signal,
    end: () => life.abort(),
  }
  return door
}
