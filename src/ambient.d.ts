/** The version in package.json, put in by the build. */
declare const DID_MCP_VERSION: string

/** The answer to tools/list under a policy that denies nothing, as JSON, put in by the build; elsewhere there is none. */
declare const DID_MCP_TOOL_LIST: string | undefined

// The SDK's types name this one of the browser's; @types/node 20 has it under another name alone.
type HeadersInit = NonNullable<RequestInit['headers']>
