import type { WriteTool } from '../../../src/domain/write-tool.ts'
import type { Sandbox } from '../../../src/sandbox/service.ts'

/** Whether a write of this number has taken effect, by the sandbox's own truth. What is configured leaves group 8674. */
export function tookEffect({ inventory }: Sandbox, tool: WriteTool, tn: string): boolean {
  const { state, owner, epg } = inventory.truth(tn)
  if (tool === 'reserveDID') return state === 'reserved' && owner === 'us'
  if (tool === 'assignDID') return state === 'assigned' && owner === 'us'
  if (tool === 'configDID') return state === 'assigned' && epg !== 8674
  return state !== 'assigned'
}
