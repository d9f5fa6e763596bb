import type { Request, RequestId } from '../mcp/json-rpc.ts'
import type { Batch } from './batch.ts'

/**
 * A client's requests: some are in work, further ones wait in their order. A request is in work until its answer is
 * taken, so a client that asks and does not read is answered no further: the memory of one server is not its to fill.
 */
export interface Backlog {
  /** Bytes of the requests that wait. */
  readonly bytes: number
  /** True where nothing is in work or waiting: every request that came was answered or cancelled. */
  readonly empty: boolean
  /** @param batch the one that it came in */
  add(request: Request, bytes: number, batch?: Batch): void
  /** The batch that a request in work came in. */
  batchOf(id: RequestId): Batch | undefined
  /** Its answer is out, or none will come. A request that waits is forgotten. */
  finish(id: RequestId): void
  /** Begins what may be begun now. */
  advance(): void
}

/**
 * @param begin takes a request into work
 * @param mayBegin false while nothing new is to be begun, however few are in work
 */
export function backlog(begin: (request: Request) => void, mayBegin: () => boolean): Backlog {
  const inWork = new Map<RequestId, Batch | undefined>()
  const waiting = new Map<RequestId, Waiting[]>()
  let bytes = 0

  function advance(): void {
    for (const [id, requests] of waiting) {
      // A second request of one id waits for the first: nobody could tell their answers apart.
      if (inWork.size >= mostInWork || inWork.has(id) || !mayBegin()) return
      const next = requests.shift()
      if (requests.length === 0) waiting.delete(id)
      if (next === undefined) continue
      bytes -= next.bytes
      inWork.set(id, next.batch)
      begin(next.request)
    }
  }

  return {
    get bytes() {
      return bytes
    },
    get empty() {
      return inWork.size === 0 && waiting.size === 0
    },
    add(request, size, batch) {
      const requests = waiting.get(request.id)
      const one = { request, bytes: size, batch }
      if (requests) requests.push(one)
      else waiting.set(request.id, [one])
      bytes += size
      advance()
    },
    batchOf: (id) => inWork.get(id),
    finish(id) {
      if (inWork.has(id)) {
        const batch = inWork.get(id)
        inWork.delete(id)
        batch?.done()
      } else {
        const forgotten = waiting.get(id) ?? []
        waiting.delete(id)
        for (const one of forgotten) {
          bytes -= one.bytes
          one.batch?.done()
        }
      }
      advance()
    },
    advance,
  }
}

interface Waiting {
  request: Request
  bytes: number
  batch: Batch | undefined
}

/** Requests of one client in work at once. The carrier takes fewer; a client in its right mind asks fewer. */
const mostInWork = 64
