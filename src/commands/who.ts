import { hostname, userInfo } from 'node:os'

/** Who runs this process, as `user@host`; the numeric id where the system knows no name (a container's arbitrary user). */
export function whoAmI(): string {
  const name = () => {
    try {
      return userInfo().username
    } catch {
      return String(process.getuid?.() ?? 'unknown')
    }
  }
  return `${name()}@${hostname()}`
}
