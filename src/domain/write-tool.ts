/** The names of the four writes. Every tool that changes a number at the carrier is one of them. */
export const writeTools = ['reserveDID', 'assignDID', 'configDID', 'releaseDID'] as const

export type WriteTool = (typeof writeTools)[number]
