/** Of package.json, put in by the build. */
declare const DID_MCP_VERSION: string

// The SDK's types name this one of the browser's; @types/node 20 has it under another name alone.
type HeadersInit = NonNullable<RequestInit['headers']>
