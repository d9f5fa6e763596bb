import type { PolicyTool } from '../../../src/policy/ruling.ts'

/** The tools of README.md, as the policy sees them. */
export const tools: readonly PolicyTool[] = [
  { name: 'auditDIDs', effect: 'read' },
  { name: 'queryDID', effect: 'read' },
  { name: 'getDIDs', effect: 'read' },
  { name: 'getDIDCount', effect: 'read' },
  { name: 'isPortable', effect: 'read' },
  { name: 'getPortDetails', effect: 'read' },
  { name: 'reserveDID', effect: 'hold' },
  { name: 'assignDID', effect: 'spend' },
  { name: 'configDID', effect: 'change' },
  { name: 'releaseDID', effect: 'destroy' },
  { name: 'listOperations', effect: 'read' },
]
