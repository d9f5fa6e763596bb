/** The sets of tools that are offered beside the ten where they are asked for by name (DID_MCP_TOOLSETS). */
export const toolsets = ['e911', 'cnam', 'routing', 'account'] as const

export type Toolset = (typeof toolsets)[number]
