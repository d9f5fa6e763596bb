/** Something that is opened once, by whoever comes first, and shared from then on. */
export interface OnFirstNeed<Opened> {
  /** An opening that failed is tried again by the next who asks. */
  get(): Promise<Opened>
  /** Whether somebody came. */
  opened(): boolean
  /** Closes what was opened; nothing where nobody came. */
  close(): Promise<void>
}

export function onFirstNeed<Opened extends { close(): Promise<void> }>(
  open: () => Promise<Opened>,
): OnFirstNeed<Opened> {
  let opened: Promise<Opened> | undefined
  return {
    get() {
      opened ??= open().catch((error: unknown) => {
        opened = undefined
        throw error
      })
      return opened
    },
    opened: () => opened !== undefined,
    async close() {
      const one = await opened?.catch(() => undefined)
      await one?.close()
    },
  }
}
