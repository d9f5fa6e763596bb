import { hostname } from 'node:os'
import { adoptOperations, ownsNothingOpen } from './adopt.ts'
import { readBusy } from './claims.ts'
import type { Engine } from './engine.ts'
import { forgetOld } from './forget.ts'
import { type Journal, JournalUnavailable } from './journal.ts'
import { liftNo, readNoes } from './noes.ts'
import type { Settled } from './operation.ts'
import { answerQuestion, putQuestion, readApproval, readApprovals, readQuestion, readTicketUse } from './questions.ts'
import { operationsById, readOperations, readUncertain, tellNews } from './reading.ts'
import { countUsed, recordIntent } from './record.ts'
import { restoredJournal } from './restored.ts'
import { markSending, settleIn, settleNumbers } from './settlement.ts'

/**
 * Makes a journal over whichever engine was opened, with its tables: the queries are the same on each.
 *
 * @param quietMs how long nothing is written after a restored journal was first opened, milliseconds
 */
export async function databaseJournal(engine: Engine, quietMs = 130_000): Promise<Journal> {
  const doubtful = new Set<string>()
  const owner = ownerOf(engine)
  const restored = restoredJournal(engine, quietMs)
  await restored.open()
  return {
    about: engine.about,
    warnings: engine.warnings,
    now: (wall) => engine.now(wall),

    countUsed: (account, now) => engine.read((trx) => countUsed(trx, account.id, now)),

    recordIntent: async (intent, decide) => {
      await owner.hold()
      await settleDoubtful(engine, doubtful, intent.at)
      try {
        return await recordIntent(engine, intent, decide, restored.quiet)
      } catch (failure) {
        if (failure instanceof JournalUnavailable) doubtful.add(intent.id)
        throw failure
      }
    },
    markSending: async (operationId, tns, at, again = false) => {
      await owner.hold()
      await markSending(engine, operationId, tns, at, again)
    },
    settleNumbers: (operationId, rows, at) => settleNumbers(engine, operationId, rows, at),

    tellNews: (account, tns, most) => tellNews(engine, account, tns, most),
    readOperation: async (id) => (await engine.read((trx) => operationsById(trx, [id])))[0],
    readOperations: (query) => readOperations(engine, query),
    readBusy: (account, tns, now) => engine.read((trx) => readBusy(trx, account.place, tns, now)),
    readUncertain: (account, tns) => readUncertain(engine, account, tns),

    adoptOperations: async (account, now) => {
      await owner.hold()
      await settleDoubtful(engine, doubtful, now)
      return adoptOperations(engine, account, now)
    },

    putQuestion: (question, instead) => putQuestion(engine, question, instead),
    readQuestion: (id) => readQuestion(engine, id),
    readApproval: (binding, now) => readApproval(engine, binding, now),
    readApprovals: (now) => readApprovals(engine, now),
    answerQuestion: (id, judge) => answerQuestion(engine, id, judge),
    readTicketUse: (of, now) => engine.read((trx) => readTicketUse(trx, of, now)),

    readNoes: (account, tool, tns, now) => readNoes(engine, now, { account, tool, tns }),
    readNoesInForce: (now) => readNoes(engine, now),
    liftNo: (noId) => liftNo(engine, noId),

    forgetOld: (now, keepMs, most) => forgetOld(engine, now, keepMs, most),
    close: () => close(engine, owner.held()),
  }
}

/** The part that this process has as an owner of operations: its lock, and its row for others to see. */
function ownerOf(engine: Engine) {
  let held = false
  let announced = false
  return {
    /** Rejects unless this process may record and send now. */
    hold: async () => {
      const lockIsNew = await engine.holdOwner()
      held = true
      if (announced && !lockIsNew) return
      // While the lock was lost, a process that looked may have forgotten this owner.
      announced = false
      await announce(engine)
      announced = true
    },
    /** Whether this process ever held its lock. */
    held: () => held,
  }
}

/**
 * Makes this process known among the owners, for a person, and so that whoever finds it dead looks for what it left open.
 */
async function announce({ ownerId, write, now }: Engine): Promise<void> {
  const owner = { id: ownerId, host: hostname(), pid: process.pid, started_at: now() }
  await write((trx) =>
    trx
      .insertInto('owners')
      .values(owner)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute(),
  )
}

/**
 * Gives back what doubtful intents hold, as soon as the journal answers again. A commit whose answer was lost may have
 * happened all the same, but its caller was told that nothing was recorded and sends nothing.
 */
async function settleDoubtful(engine: Engine, doubtful: Set<string>, at: number): Promise<void> {
  if (doubtful.size === 0) return
  const ids = [...doubtful]
  await engine.write(async (trx) => {
    for (const { id, rows, status } of await operationsById(trx, ids)) {
      if (status !== 'open') continue
      const meaning = 'Nothing was sent: the journal failed while this was being recorded.'
      const settled = rows.map(({ tn }): Settled => ({ tn, outcome: 'not_attempted', meaning }))
      await settleIn(trx, id, settled, at)
    }
  })
  for (const id of ids) doubtful.delete(id)
}

/**
 * Closes the engine. An owner that leaves open operations stays known, for whoever adopts them; a journal that fails at this
 * point changes nothing.
 */
async function close(engine: Engine, owner: boolean): Promise<void> {
  if (!owner) return engine.close(false)
  const owes = await engine
    .write(async (trx) => {
      if (!(await ownsNothingOpen(trx, engine.ownerId))) return true
      await trx.deleteFrom('owners').where('id', '=', engine.ownerId).execute()
      return false
    })
    .catch(() => true)
  await engine.close(owes)
}
