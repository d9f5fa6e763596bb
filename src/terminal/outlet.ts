import { fstatSync, writeFileSync } from 'node:fs'
import type { Writable } from 'node:stream'

/** A stream of this process's, of which it is known at the end whether all went out. */
export interface Outlet {
  /** @returns false where the text was not taken: too much waits for a reader already, or none reads any more. */
  write(text: string): boolean
  /**
   * Waits until everything that was taken has gone out, and says what was wrong; nothing where all is out, and where the
   * reader left by itself (`| head`), which is no failure.
   *
   * @param stuckMs how long a reader may take no further text; for ever where it is left out
   */
  done(stuckMs?: number): Promise<string | undefined>
}

/** @param mostWaiting bytes that may wait for a slow reader; all that there are where it is left out */
export function openOutlet(stream: NodeJS.WritableStream, mostWaiting = Number.POSITIVE_INFINITY): Outlet {
  const { writable, file } = { writable: stream as Writable, file: fileBehind(stream) }
  let failure: Error | undefined
  let refused = 0
  const failed = (error?: Error | null) => {
    if (error) failure ??= error
  }
  stream.on('error', failed)
  return {
    write(text) {
      if (failure !== undefined) return false
      if (writable.writableLength > mostWaiting) {
        refused++
        return false
      }
      if (file === undefined) stream.write(text, failed)
      else writeWhole(file, text, failed)
      return failure === undefined
    },
    async done(stuckMs) {
      const stuck = failure === undefined && file === undefined && (await isStuck(writable, failed, stuckMs))
      if (failure !== undefined)
        return readerLeft.has(codeOf(failure) ?? '') ? undefined : (codeOf(failure) ?? failure.message)
      return stuck || refused > 0 ? 'nobody read it in time' : undefined
    },
  }
}

/** EOF is how Windows says EPIPE. */
const readerLeft: ReadonlySet<string> = new Set(['EPIPE', 'EOF', 'ECONNRESET', 'ERR_STREAM_DESTROYED'])

/** The stream that Node makes of a file takes no notice of how much of a text the system took: a full disk cuts it. */
function writeWhole(file: number, text: string, failed: (error: Error) => void): void {
  try {
    writeFileSync(file, text)
  } catch (error) {
    failed(error instanceof Error ? error : new Error(String(error)))
  }
}

function fileBehind(stream: NodeJS.WritableStream): number | undefined {
  const fd = 'fd' in stream && typeof stream.fd === 'number' ? stream.fd : undefined
  try {
    return fd !== undefined && fstatSync(fd).isFile() ? fd : undefined
  } catch {
    // Closed by whoever started us.
    return undefined
  }
}

/** Resolves with false when all that waits in a stream is out or failed, with true where nothing moves any more. */
function isStuck(stream: Writable, failed: (error?: Error | null) => void, stuckMs?: number): Promise<boolean> {
  return new Promise((resolve) => {
    let left = stream.writableLength
    const look = () => {
      if (stream.writableLength === left) end(true)
      left = stream.writableLength
    }
    const timer = stuckMs === undefined ? undefined : setInterval(look, stuckMs)
    const end = (stuck: boolean) => {
      clearInterval(timer)
      resolve(stuck)
    }
    // Its turn comes when everything before it is out.
    stream.write('', (error) => {
      failed(error)
      end(false)
    })
  })
}

const codeOf = (error: Error): string | undefined =>
  'code' in error && typeof error.code === 'string' ? error.code : undefined
