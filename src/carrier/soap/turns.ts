import PQueue from 'p-queue'

/** Places among the requests in flight, of which there are never more than so many. */
export interface Turns {
  /** Runs a read when there is a place: among the first, and in `turn`'s own place too, where a write's turn asks. */
  read<T>(task: () => Promise<T>, turn?: TurnQueue): Promise<T>
  /** Runs a write when there is a place, ahead of reads that wait. Until it ends its place is its turn's. */
  write<T>(task: (turn: TurnQueue) => Promise<T>): Promise<T>
}

/** The place of a write. It stands empty while its numbers are read, so one of these reads after the other may have it. */
export type TurnQueue = PQueue

/** @param concurrency at least 1 */
export function createTurns(concurrency: number): Turns {
  const queue = new PQueue({ concurrency })
  return {
    read: (task, turn) =>
      turn === undefined ? queue.add(task, { priority: priorities.read }) : inEither(task, turn, queue),
    write: (task) => queue.add(() => task(new PQueue({ concurrency: 1 })), { priority: priorities.write }),
  }
}

/** A turn that was begun is ended first: its place is free the sooner, and what it read is not yet old. */
const priorities = { read: 0, write: 1, underTurn: 2 }

/** Runs the task once, in whichever queue has a place first. */
function inEither<T>(task: () => Promise<T>, turn: TurnQueue, queue: PQueue): Promise<T> {
  return new Promise((resolve, reject) => {
    let begun = false
    const once = async () => {
      if (begun) return
      begun = true
      await task().then(resolve, reject)
    }
    void turn.add(once)
    void queue.add(once, { priority: priorities.underTurn })
  })
}
