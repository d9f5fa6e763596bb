import { quoteUnverified } from '../../carrier/quoted.ts'
import { asCall, type Row } from '../write.ts'
import { safety } from './safety.ts'
import { locationsLook, placeNamed, type SafetyKind } from './safety-look.ts'

/** Provisions a location of numbers: a call to 911 carries it from then on. */
export const provisionLocationOf = safety({
  tool: 'provisionLocation',
  look: locationsLook,
  ask: (carrier, rows, call) => carrier.provisionLocation(rows.map(param), asCall(call, param)),
  title: 'Provision another 911 location of',
  stake: 'A call to 911 from them carries it, and help goes there.',
  change: ({ asked, before }) => `911 address -> ${quoteUnverified(placeNamed(asked, before)?.line ?? 'unknown')}`,
  obstacle: (asked, facts) => {
    const location = placeNamed(asked, facts)
    if (location === undefined) return 'it has no such location: getLocations names them'
    if (location.state === 'PROVISIONED') return 'that location is provisioned already: nothing would change'
    return location.state === 'GEOCODED' ? undefined : 'that location is not valid, and cannot be provisioned'
  },
  took: (asked, facts) => placeNamed(asked, facts)?.state === 'PROVISIONED',
  doneAs: 'on another location',
})

const param = ({ tn, asked: { locationId = '' } }: Row<SafetyKind>) => ({ tn, locationId })
