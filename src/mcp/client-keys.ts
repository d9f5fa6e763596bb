/**
 * Keys that clients add to the arguments of any tool, each with the client that was seen to: they are none of a tool's
 * own, say nothing of the call, and are dropped. Any other unknown key is an error.
 */
export const clientKeys: ReadonlyMap<string, string> = new Map([
  ['wait_for_previous', 'Gemini CLI'],
  ['task_progress', 'Cline'],
  ['toolCallId', 'n8n'],
  ['sessionId', 'n8n'],
  ['action', 'n8n'],
  ['chatInput', 'n8n'],
])
