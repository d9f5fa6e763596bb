import { hostname, userInfo } from 'node:os'
import { visible } from '../domain/untrusted.ts'

/** Whoever reads a journal and decides. */
export interface JournalReader {
  /** The person, as `user@host`. */
  by: string
  /** Milliseconds since 1970; a person takes a while to answer. */
  now(): number
  /** What the journal is called: its folder, or its database. */
  journal: string
  /** How this program is started: what a command's words come after. */
  call: string
}

/**
 * Who runs this process, as `user@host`, without what a terminal would obey; the numeric id where the system knows no name
 * (a container's arbitrary user).
 */
export function whoAmI(): string {
  const name = () => {
    try {
      return userInfo().username
    } catch {
      return String(process.getuid?.() ?? 'unknown')
    }
  }
  return visible(`${name()}@${hostname()}`)
}
