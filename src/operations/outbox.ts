import type { Outbox, ReadingDoor, Unsaved } from './door.ts'

/** @param doorOf the door that it is a part of */
export function createOutbox(doorOf: () => Pick<ReadingDoor, 'journal' | 'log'>): Outbox {
  const kept: Unsaved[] = []
  let saving: Promise<void> | undefined

  const save = async (): Promise<void> => {
    for (let next = kept[0]; next !== undefined; next = kept[0]) {
      await next.save(await doorOf().journal())
      kept.shift()
    }
  }

  return {
    async keep(unsaved) {
      try {
        await unsaved.save(await doorOf().journal())
        return true
      } catch (error) {
        kept.push(unsaved)
        doorOf().log.warn('the journal could not take what happened; it is kept, and no write begins until it can', {
          operationId: unsaved.operationId,
          error: error instanceof Error ? error.message : String(error),
        })
        return false
      }
    },
    bringIn() {
      // One at a time: two calls that come at once wait for the same.
      saving ??= save().finally(() => {
        saving = undefined
      })
      return saving
    },
    holds: (operationId) => kept.some((one) => one.operationId === operationId),
  }
}
