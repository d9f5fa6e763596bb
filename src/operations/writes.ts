import type { WriteTool } from '../domain/write-tool.ts'
import type { Write } from './write.ts'
import { addAlert } from './writes/add-alert-911.ts'
import { addLocationTo } from './writes/add-location-911.ts'
import { assign } from './writes/assign.ts'
import { removeCnam } from './writes/clear-cnam.ts'
import { config } from './writes/config.ts'
import { insertAddress } from './writes/insert-911.ts'
import { provisionLocationOf } from './writes/provision-location-911.ts'
import { release } from './writes/release.ts'
import { removeAddress } from './writes/remove-911-address.ts'
import { removeAlert } from './writes/remove-alert-911.ts'
import { removeForward } from './writes/remove-forward.ts'
import { removeLocationOf } from './writes/remove-location-911.ts'
import { reserve } from './writes/reserve.ts'
import { setForward } from './writes/set-forward.ts'
import { updateAddress } from './writes/update-911.ts'
import { updateCnam } from './writes/update-cnam.ts'
import { updateFailover } from './writes/update-failover.ts'

/** Every write, by its tool: one that has none does not compile. */
export const writes: { readonly [tool in WriteTool]: Write } = {
  reserveDID: reserve,
  assignDID: assign,
  configDID: config,
  releaseDID: release,
  insert911: insertAddress,
  update911: updateAddress,
  remove911: removeAddress,
  addLocation: addLocationTo,
  provisionLocation: provisionLocationOf,
  removeLocation: removeLocationOf,
  Add911Alert: addAlert,
  Remove911Alert: removeAlert,
  UpdateCNAMDisplay: updateCnam,
  RemoveCNAM: removeCnam,
  UpdateDIDFailover: updateFailover,
  SetDIDForward: setForward,
  RemoveDIDForward: removeForward,
}

/** The write of an operation in the journal; undefined where another version made it, whose writes are not known here. */
export function writeNamed(tool: string): Write | undefined {
  return Object.hasOwn(writes, tool) ? writes[tool as WriteTool] : undefined
}
