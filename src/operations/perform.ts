import { agree } from './agree.ts'
import { ended } from './answers.ts'
import { callOf, enter, newsOf } from './at-the-door.ts'
import { decideOn } from './decided.ts'
import type { Caller, Door, WriteRequest } from './door.ts'
import { dryRun } from './dry-run.ts'
import type { Envelope } from './envelope.ts'
import type { FormToPut } from './form.ts'
import { look } from './looked.ts'
import { hear } from './proof.ts'
import { record } from './recorded.ts'
import { send } from './send.ts'

/**
 * The one door for writes: resolve, decide, look, agree, record, send, settle. It never waits for a person: where one is
 * to be asked in the client it returns the form, and is entered again with the same request and what came of it.
 *
 * @returns the envelope, always, once an operation is recorded; or a form that is to be put.
 * @throws Refusal, CarrierError or JournalUnavailable before that: nothing was changed then.
 */
export async function perform(door: Door, request: WriteRequest, caller: Caller): Promise<Envelope | FormToPut> {
  const entry = enter(door, request, caller)
  if (request.dryRun) return dryRun(entry)
  const heard = await hear(entry)
  if ('end' in heard) return heard.end
  const call = await callOf(entry)

  const decided = await decideOn(call, heard.yes)
  if ('end' in decided) return decided.end
  const looked = await look(call, decided)
  if ('end' in looked) return looked.end
  const agreed = await agree(call, looked)
  if ('end' in agreed) return agreed.end
  const recorded = await record(call, agreed)
  if ('end' in recorded) return recorded.end
  const settled = await send(door, recorded, caller)

  door.watch.follow(recorded.id, settled)
  door.retention.soon()
  return ended(call, { ...recorded, settled }, await newsOf(call))
}
