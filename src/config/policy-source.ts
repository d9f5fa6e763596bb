import { parsePolicy, parseSystemPolicy } from '../policy/file.ts'
import { builtIn, type ConfirmationMode, type Policy, type PolicyTool } from '../policy/policy.ts'
import { type PolicySource, PolicyUnreadable } from '../policy/source.ts'
import { tighten } from '../policy/tighten.ts'
import { type Machine, readingProblem } from './machine.ts'

export interface PolicyFiles {
  /** From `DID_MCP_POLICY`: must be there. */
  own: string | undefined
  /** From the machine: may be absent. */
  system: string
}

/**
 * Opens the policy, or says everything that is wrong with its files. What is in force is the file, tightened by the
 * system policy and by `mode`. The files are looked at in every use, and read again when they changed.
 */
export function openPolicy(
  machine: Machine,
  files: PolicyFiles,
  mode: ConfirmationMode,
  tools: readonly PolicyTool[],
): { source: PolicySource } | { problems: string[] } {
  const load = () => readPolicy(machine, files, mode, tools)
  const first = load()
  if ('problems' in first) return { problems: first.problems }
  let last = first.policy
  let held: Loaded = first
  return {
    source: {
      current() {
        if (held.stamps === undefined || held.stamps !== stamps(machine, files)) held = load()
        if ('problems' in held) throw new PolicyUnreadable(held.problems, last)
        last = held.policy
        return held.policy
      },
    },
  }
}

/** A policy file larger than this is none. */
const maxBytes = 1 << 20

type Loaded = { stamps: string | undefined } & ({ policy: Policy } | { problems: string[] })

function readPolicy(
  machine: Machine,
  files: PolicyFiles,
  mode: ConfirmationMode,
  tools: readonly PolicyTool[],
): Loaded {
  // Before the reading: a file that changes in between is then read again at the next call.
  const seen = stamps(machine, files)
  const own =
    files.own === undefined
      ? { policy: builtIn }
      : readFile(machine, 'DID_MCP_POLICY', files.own, (json) => parsePolicy(json, tools))
  const system = isAbsent(machine, files.system)
    ? { policy: undefined }
    : readFile(machine, 'system policy', files.system, (json) => parseSystemPolicy(json, tools))
  if ('problems' in own || 'problems' in system) {
    return { stamps: seen, problems: [own, system].flatMap((one) => ('problems' in one ? one.problems : [])) }
  }
  // Before the system policy: how the rest of the confirmation is merged depends on the mode.
  const base = mode === 'human' ? byPeople(own.policy) : own.policy
  return { stamps: seen, policy: system.policy === undefined ? base : tighten(base, system.policy, tools) }
}

function byPeople(policy: Policy): Policy {
  return { ...policy, confirmation: { ...policy.confirmation, mode: 'human' } }
}

/** Undefined where the files cannot be looked at: then they are read at every call. */
function stamps(machine: Machine, files: PolicyFiles): string | undefined {
  try {
    const own = files.own === undefined ? 'built-in' : machine.stamp(files.own)
    return `${own} ${machine.stamp(files.system)}`
  } catch {
    return undefined
  }
}

/** Only where it is certain: a file that cannot be looked at counts as there, and then as unreadable. */
function isAbsent(machine: Machine, path: string): boolean {
  try {
    return machine.stamp(path) === undefined
  } catch {
    return false
  }
}

function readFile<Read>(
  machine: Machine,
  label: string,
  path: string,
  parse: (json: unknown) => { policy: Read } | { problems: string[] },
): { policy: Read } | { problems: string[] } {
  const at = (problem: string) => `${label} ${path}: ${problem}`
  let text: string
  try {
    text = machine.read(path, maxBytes)
  } catch (error) {
    return { problems: [at(readingProblem(error))] }
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return { problems: [at(`it is not JSON${where(error, text)}`)] }
  }
  const parsed = parse(json)
  return 'problems' in parsed ? { problems: parsed.problems.map(at) } : parsed
}

/** Only the place is taken from the parser's message, which quotes the file: it may be a secret, given by mistake. */
function where(error: unknown, text: string): string {
  const offset = /at position ([0-9]+)/.exec(String(error))?.[1]
  if (offset === undefined) return ''
  const before = text.slice(0, Number(offset)).split('\n')
  return ` (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`
}
