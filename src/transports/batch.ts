import { type Frame, readFrame } from '../mcp/frames.ts'
import type { Answer } from '../mcp/json-rpc.ts'

/** A batch of requests that is being answered: its answers go out together, in one line. */
export interface Batch {
  /** Takes an answer, to be written with the others. */
  add(answer: Answer): void
  /** One of its requests has its answer in, or will have none. */
  done(): void
}

/** The revision of the protocol that has batches; the one before and those after have none. */
export const revisionWithBatches = '2025-03-26'

/** Messages of one batch. A client in its right mind sends a handful. */
export const mostInBatch = 100

/** @param write called once, when each of so many requests is done; never where there is nothing to say. */
export function openBatch(requests: number, write: (answers: Answer[]) => void): Batch {
  const answers: Answer[] = []
  let left = requests
  return {
    add: (answer) => void answers.push(answer),
    done() {
      left -= 1
      if (left === 0 && answers.length > 0) write(answers)
    },
  }
}

/** The frames of a batch. What may only stand alone in a line is none of them. */
export const framesOf = (values: readonly unknown[]): Frame[] =>
  values.map((value) => {
    const frame = readFrame(value)
    const alone = 'message' in frame && 'method' in frame.message && frame.message.method === 'initialize'
    return alone ? readFrame(value, 'initialize cannot stand in a batch') : frame
  })
