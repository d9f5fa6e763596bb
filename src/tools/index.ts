import type { Toolset } from '../domain/toolset.ts'
import { Add911Alert } from './add-911-alert.ts'
import { addLocation } from './add-location.ts'
import { assignDID } from './assign-did.ts'
import { audit911 } from './audit-911.ts'
import { auditDIDs } from './audit-dids.ts'
import { configDID } from './config-did.ts'
import { GetCNAMDisplay } from './get-cnam-display.ts'
import { getDIDCount } from './get-did-count.ts'
import { GetDIDFailover } from './get-did-failover.ts'
import { GetDIDForward } from './get-did-forward.ts'
import { getDIDs } from './get-dids.ts'
import { getLocations } from './get-locations.ts'
import { getPortDetails } from './get-port-details.ts'
import { GetPrepaidBalance } from './get-prepaid-balance.ts'
import { getProvisioningHistory } from './get-provisioning-history.ts'
import { insert911 } from './insert-911-address.ts'
import { isPortable } from './is-portable.ts'
import { listOperations } from './list-operations.ts'
import { provisionLocation } from './provision-location.ts'
import { query911 } from './query-911.ts'
import { Query911Alert } from './query-911-alert.ts'
import { queryDID } from './query-did.ts'
import { releaseDID } from './release-did.ts'
import { remove911 } from './remove-911.ts'
import { Remove911Alert } from './remove-911-alert.ts'
import { RemoveCNAM } from './remove-cnam.ts'
import { RemoveDIDForward } from './remove-did-forward.ts'
import { removeLocation } from './remove-location.ts'
import { reserveDID } from './reserve-did.ts'
import { SetDIDForward } from './set-did-forward.ts'
import type { Tool } from './tool.ts'
import { update911 } from './update-911-address.ts'
import { UpdateCNAMDisplay } from './update-cnam-display.ts'
import { UpdateDIDFailover } from './update-did-failover.ts'
import { validate911 } from './validate-911.ts'

/** The tools that are always offered, in the order in which a reader meets a number: find it, look at it, hold it, use it, give it back. */
export const tools: readonly Tool[] = [
  auditDIDs,
  queryDID,
  getDIDs,
  getDIDCount,
  isPortable,
  getPortDetails,
  reserveDID,
  assignDID,
  configDID,
  releaseDID,
  listOperations,
]

/** The tools of all sets, in the order of the carrier's reference. */
const beyond: readonly Tool[] = [
  validate911,
  insert911,
  update911,
  query911,
  audit911,
  remove911,
  addLocation,
  getLocations,
  provisionLocation,
  removeLocation,
  getProvisioningHistory,
  Query911Alert,
  Add911Alert,
  Remove911Alert,
  GetCNAMDisplay,
  UpdateCNAMDisplay,
  RemoveCNAM,
  GetDIDFailover,
  UpdateDIDFailover,
  GetDIDForward,
  SetDIDForward,
  RemoveDIDForward,
  GetPrepaidBalance,
]

/** Every tool that there is. */
export const everyTool: readonly Tool[] = [...tools, ...beyond]

/** The tools that are offered with these sets, in the order of {@link everyTool}. */
export function toolsWith(sets: readonly Toolset[]): readonly Tool[] {
  return everyTool.filter(({ toolset }) => toolset === undefined || sets.includes(toolset))
}
