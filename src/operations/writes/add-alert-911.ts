import { quoteExactly } from '../../carrier/quoted.ts'
import { asCall, type Row } from '../write.ts'
import { safety } from './safety.ts'
import { alertsLook, type SafetyKind } from './safety-look.ts'

/** Adds somebody who is mailed when 911 is dialled from numbers. */
export const addAlert = safety({
  tool: 'Add911Alert',
  look: alertsLook,
  ask: (carrier, rows, call) => carrier.Add911Alert(rows.map(param), asCall(call, param)),
  title: 'Mail somebody when 911 is dialled from',
  stake: 'What 911 carries stays.',
  change: ({ asked }) => `mailed as well: ${quoteExactly(asked.email ?? '')}`,
  obstacle: ({ email = '' }, { alerts = [] }) =>
    alerts.includes(email) ? 'that address is mailed already: nothing would change' : undefined,
  took: ({ email = '' }, { alerts = [] }) => alerts.includes(email),
  doneAs: 'with one more who is mailed',
})

const param = ({ tn, asked: { email = '' } }: Row<SafetyKind>) => ({ tn, email })
