import type { ReadingDoor, Unsaved } from './door.ts'

/**
 * Saves one thing that must not be lost. Where the journal is away it is kept in the door, and no write begins until it
 * is in; false then. Never throws.
 */
export async function keep(door: ReadingDoor, unsaved: Unsaved): Promise<boolean> {
  try {
    await unsaved.save(await door.journal())
    return true
  } catch (error) {
    door.unsaved.push(unsaved)
    door.log.warn('the journal could not take what happened; it is kept, and no write begins until it can', {
      operationId: unsaved.operationId,
      error: error instanceof Error ? error.message : String(error),
    })
    return false
  }
}

/** Brings in what was kept, in its order. Throws JournalUnavailable while the journal is away; nothing is dropped then. */
export function saveUnsaved(door: ReadingDoor): Promise<void> {
  // One at a time: two calls that come at once wait for the same.
  door.saving ??= save(door).finally(() => {
    door.saving = undefined
  })
  return door.saving
}

async function save(door: ReadingDoor): Promise<void> {
  for (let next = door.unsaved[0]; next !== undefined; next = door.unsaved[0]) {
    await next.save(await door.journal())
    door.unsaved.shift()
  }
}
