import { quoteUnverified } from '../../carrier/quoted.ts'
import { asCall, type Row } from '../write.ts'
import { safety } from './safety.ts'
import { locationsLook, placeNamed, type SafetyKind } from './safety-look.ts'

/** Removes a location of numbers, the provisioned one too. */
export const removeLocationOf = safety({
  tool: 'removeLocation',
  look: locationsLook,
  ask: (carrier, rows, call) => carrier.removeLocation(rows.map(param), asCall(call, param)),
  title: 'Remove a 911 location of',
  stake: 'Where it is the provisioned one, calls to 911 will carry NO address.',
  change: ({ asked, before }) => {
    const location = placeNamed(asked, before)
    const loss = location?.state === 'PROVISIONED' ? ', the one that 911 carries' : ''
    return `location removed: ${quoteUnverified(location?.line ?? 'unknown')}${loss}`
  },
  obstacle: (asked, facts) => {
    const location = placeNamed(asked, facts)
    if (location === undefined) return 'it has no such location: nothing would change'
    return location.state === 'INVALID' ? 'that location is not valid, and cannot be removed' : undefined
  },
  took: (asked, facts) => facts.locations !== undefined && placeNamed(asked, facts) === undefined,
  doneAs: 'without that location now',
})

const param = ({ tn, asked: { locationId = '' } }: Row<SafetyKind>) => ({ tn, locationId })
