import { quoteExactly } from '../../carrier/quoted.ts'
import { asCall, type Row } from '../write.ts'
import { safety } from './safety.ts'
import { alertsLook, type SafetyKind } from './safety-look.ts'

/** Ends the mails that somebody gets when 911 is dialled from numbers. */
export const removeAlert = safety({
  tool: 'Remove911Alert',
  look: alertsLook,
  ask: (carrier, rows, call) => carrier.Remove911Alert(rows.map(param), asCall(call, param)),
  title: 'Mail somebody no more when 911 is dialled from',
  stake: 'They will not hear of it any more.',
  change: ({ asked }) => `mailed no more: ${quoteExactly(asked.email ?? '')}`,
  obstacle: ({ email = '' }, { alerts = [] }) =>
    alerts.includes(email) ? undefined : 'that address is not mailed: nothing would change',
  took: ({ email = '' }, { alerts }) => alerts !== undefined && !alerts.includes(email),
  doneAs: 'with one less who is mailed',
})

const param = ({ tn, asked: { email = '' } }: Row<SafetyKind>) => ({ tn, email })
