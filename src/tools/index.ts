import { assignDID } from './assign-did.ts'
import { auditDIDs } from './audit-dids.ts'
import { configDID } from './config-did.ts'
import { getDIDCount } from './get-did-count.ts'
import { getDIDs } from './get-dids.ts'
import { getPortDetails } from './get-port-details.ts'
import { isPortable } from './is-portable.ts'
import { listOperations } from './list-operations.ts'
import { queryDID } from './query-did.ts'
import { releaseDID } from './release-did.ts'
import { reserveDID } from './reserve-did.ts'
import type { Tool } from './tool.ts'

/** Every tool, in the order in which a reader meets a number: find it, look at it, hold it, use it, give it back. */
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
