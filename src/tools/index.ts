import type { Toolset } from '../domain/toolset.ts'
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
import { isPortable } from './is-portable.ts'
import { listOperations } from './list-operations.ts'
import { query911 } from './query-911.ts'
import { Query911Alert } from './query-911-alert.ts'
import { queryDID } from './query-did.ts'
import { releaseDID } from './release-did.ts'
import { RemoveCNAM } from './remove-cnam.ts'
import { RemoveDIDForward } from './remove-did-forward.ts'
import { reserveDID } from './reserve-did.ts'
import { SetDIDForward } from './set-did-forward.ts'
import type { Tool } from './tool.ts'
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
  query911,
  audit911,
  getLocations,
  getProvisioningHistory,
  Query911Alert,
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
