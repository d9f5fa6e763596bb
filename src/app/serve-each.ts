import type { Principal } from '../access/principal.ts'
import type { Config } from '../config/read-config.ts'
import type { Logger } from '../log.ts'
import type { Message, Request } from '../mcp/json-rpc.ts'
import { type LegacyServer, legacyServer, speaksLegacy } from '../mcp/legacy.ts'
import type { Policy } from '../policy/policy.ts'
import { type PolicySource, PolicyUnreadable } from '../policy/source.ts'
import { everyTool } from '../tools/index.ts'
import { faceOver } from './open-face.ts'
import type { Rooms } from './rooms.ts'

/** Servers over open rooms for many callers: one for each message, so that no client ever sees what another asked. */
export interface EachMessage {
  /** A server for this message alone. Which era of the protocol it speaks is decided here. */
  open(message: Request, who: Principal): LegacyServer
  /** Whether a revision of the protocol is spoken. */
  speaks(revision: string): boolean
}

export function serveEach(config: Config, rooms: Rooms, log: Logger): EachMessage {
  const whole = faceOver(config, rooms, log)
  const reading = faceOver(config, rooms, log, () => withoutWrites(() => config.policy.current()))
  return {
    open: (message, { name, scopes }) =>
      legacyServer(scopes.has('did:write') ? whole : reading, {
        caller: name,
        log,
        greets: message.method === 'initialize',
      }),
    speaks: speaksLegacy,
  }
}

/** Whether a message asks for a write, whatever comes of it. */
export function asksToWrite(message: Message): boolean {
  if (!('method' in message) || message.method !== 'tools/call') return false
  return writing.has(String(message.params?.name))
}

const writing: ReadonlySet<string> = new Set(
  everyTool.filter(({ effect }) => effect !== 'read').map(({ name }) => name),
)

/** What is in force for whoever may only read: what writes is denied, so it is neither listed nor done. */
function withoutWrites(policy: () => Policy): Policy {
  try {
    return denyingWrites(policy())
  } catch (error) {
    if (error instanceof PolicyUnreadable) throw new PolicyUnreadable(error.problems, denyingWrites(error.last))
    throw error
  }
}

function denyingWrites(policy: Policy): Policy {
  return { ...policy, tools: { ...policy.tools, ...Object.fromEntries([...writing].map((name) => [name, 'deny'])) } }
}

/**
 * A policy for callers over HTTP: no form is a yes, because what a request declares and what answers it are both in the
 * hands of whoever sends it.
 */
export function withoutForms(source: PolicySource): PolicySource {
  return {
    current() {
      const policy = source.current()
      return { ...policy, confirmation: { ...policy.confirmation, trustElicitation: false } }
    },
  }
}
