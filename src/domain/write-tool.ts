/** The names of the writes that are always offered. */
export const didWriteTools = ['reserveDID', 'assignDID', 'configDID', 'releaseDID'] as const

export type DidWriteTool = (typeof didWriteTools)[number]

/** The names of the writes. Every tool that changes a number at the carrier is one of them. */
export const writeTools = [
  ...didWriteTools,
  'insert911',
  'update911',
  'remove911',
  'addLocation',
  'provisionLocation',
  'removeLocation',
  'Add911Alert',
  'Remove911Alert',
  'UpdateCNAMDisplay',
  'RemoveCNAM',
  'UpdateDIDFailover',
  'SetDIDForward',
  'RemoveDIDForward',
] as const

export type WriteTool = (typeof writeTools)[number]

/** The writes that take a 911 address or what belongs to it away from a number: a protected number keeps it. */
export const removals: ReadonlySet<string> = new Set(['remove911', 'removeLocation', 'Remove911Alert'])
