import type { Journal } from '../journal/journal.ts'
import { decide, refusals } from '../policy/decide.ts'
import { ruleFor } from '../policy/ruling.ts'
import { type JournalForAsking, wayOfAsking } from './agree.ts'
import { previewed, whyDeclined } from './answers.ts'
import type { AtDoor } from './at-the-door.ts'
import { bindingOf } from './binding.ts'
import type { ReadingDoor } from './door.ts'
import type { Envelope } from './envelope.ts'
import { shortOfBalance } from './looked.ts'
import { plan } from './plan.ts'
import { previewLines } from './preview.ts'
import { numbersOf } from './readings.ts'
import { Refusal, refusalFor } from './refusal.ts'
import { readAll } from './survey.ts'

/** What a dry run may ask of the journal: nothing by which it would change. */
type ReadingJournal = JournalForAsking &
  Pick<Journal, 'countUsed' | 'readNoes' | 'readBusy' | 'readUncertain' | 'readApproval'>

/**
 * Tells what would come of a call: what would be sent and refused, and the policy's word on it. Nothing is sent, nobody is
 * asked, no ticket is given and nothing is recorded. Whatever else stands in the way is told, too, all of it at once.
 *
 * @throws Refusal for what is no call of anybody's: a ticket beside it, or a denied tool; CarrierError or JournalUnavailable
 */
export async function dryRun(entry: Omit<AtDoor, 'door'> & { door: ReadingDoor }): Promise<Envelope> {
  const { door, write, request, asked, tns, caller } = entry
  const { tool } = request
  if (request.confirmation !== undefined) {
    throw new Refusal('INVALID_INPUT', 'A ticket has no use beside dryRun', {
      next: 'Leave out `confirmation` for a preview, or `dryRun` to spend the ticket.',
    })
  }
  const policy = door.policy()
  const journal: ReadingJournal = await door.journal()
  const now = door.clock.now()
  const call = { tool, rows: asked, used: await journal.countUsed(door.account, now) }
  const rule = ruleFor(policy, tool)
  const decision = decide(policy, call)
  if (rule === 'deny' && decision.verdict === 'deny') throw refusalFor({ why: 'denied', ...decision })

  const noes = rule === 'confirm' ? await journal.readNoes(door.account, tool.name, tns, now) : []
  const busy = await journal.readBusy(door.account, tns, now)
  const short = await shortOfBalance(entry, policy)
  const inTheWay = [
    ...refusals(policy, call).map(({ reason }) => reason),
    ...(short === undefined ? [] : [`${short}.`]),
    ...(noes.length > 0 ? [whyDeclined(noes)] : []),
    ...(busy.length > 0 ? [`${refusalFor({ why: 'busy', busy }).message}.`] : []),
  ]

  const planned = plan(policy, write, tool, asked, await readAll(door, write.look, tns, caller.signal))
  const uncertain = await journal.readUncertain(door.account, numbersOf(planned.rows))
  const preview = (most?: number) => previewLines(write, door.account.environment, planned, uncertain, most)
  const seen = { planned, inTheWay }
  if (inTheWay.length > 0 || planned.rows.length === 0 || rule !== 'confirm') {
    return previewed(entry, seen, { wouldAsk: 'nothing', lines: preview() })
  }
  const approval = await journal.readApproval(bindingOf(entry), now)
  if (approval?.state === 'given') {
    return previewed(entry, seen, { wouldAsk: 'nothing', lines: preview(), approvalId: approval.id })
  }
  const way = await wayOfAsking({ ...entry, policy, journal }, planned.rows, preview)
  if (way.kind === 'form') return previewed(entry, seen, { wouldAsk: 'form', lines: way.lines })
  if (way.kind === 'ticket') {
    return previewed(entry, seen, { wouldAsk: 'ticket', lines: preview(planned.rows.length) })
  }
  return previewed(entry, seen, { wouldAsk: 'approval', lines: preview(), why: way.why })
}
