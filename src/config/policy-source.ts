import { parsePolicy, parseSystemPolicy } from '../policy/file.ts'
import { builtIn, type ConfirmationMode, type Policy, type SystemPolicy, silent } from '../policy/policy.ts'
import type { PolicyTool } from '../policy/ruling.ts'
import { type PolicySource, PolicyUnreadable } from '../policy/source.ts'
import { tighten } from '../policy/tighten.ts'
import { duplicateKeys } from './duplicate-keys.ts'
import { type Machine, readingProblem } from './machine.ts'

/** What variables ask for beside the files; it only tightens them. */
interface AskedOfPolicy {
  mode: ConfirmationMode
  /** Whether nothing may be written. */
  readOnly: boolean
}

export interface PolicyFiles {
  /** The path from `DID_MCP_POLICY`; its file must be there. */
  own: string | undefined
  /** The path of the machine's system policy, whose file may be absent. */
  system: string
}

/**
 * Opens the policy, or says everything that is wrong with its files. The policy in force is the file, tightened by the
 * system policy and by `mode`. The files are looked at in every use, and read again when they changed.
 */
export function openPolicy(
  machine: Machine,
  files: PolicyFiles,
  asked: AskedOfPolicy,
  tools: readonly PolicyTool[],
): { source: PolicySource } | { problems: string[] } {
  const first = readPolicy(machine, files, asked, tools)
  if ('problems' in first) return { problems: first.problems }
  let last = first.policy
  let held: Loaded = first
  // A system policy that was there stays required: whoever can take the file away for a moment must not write in that
  // moment.
  let bound = first.bound
  const load = (): Loaded => {
    const loaded = readPolicy(machine, files, asked, tools)
    if (bound && 'bound' in loaded && !loaded.bound) return { stamps: loaded.stamps, problems: [gone(files.system)] }
    bound ||= 'bound' in loaded && loaded.bound
    return loaded
  }
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

/** The largest policy file that is read, bytes. */
const maxBytes = 1 << 20

/** A reading of the files; `bound` says whether there is a system policy. */
type Loaded = { stamps: string | undefined } & ({ policy: Policy; bound: boolean } | { problems: string[] })

const gone = (path: string) =>
  `system policy ${path}: it was in force and is gone. Put it back; where it was taken away for good, start did-mcp anew`

function readPolicy(machine: Machine, files: PolicyFiles, asked: AskedOfPolicy, tools: readonly PolicyTool[]): Loaded {
  // The stamps are taken before the reading, so that a file that changes in between is read again at the next call.
  const seen = stamps(machine, files)
  const own =
    files.own === undefined
      ? { policy: builtIn }
      : readFile(machine, 'DID_MCP_POLICY', files.own, (json) => parsePolicy(json, tools))
  const system = readSystem(machine, files.system, tools)
  if ('problems' in own || 'problems' in system) {
    return { stamps: seen, problems: [own, system].flatMap((one) => ('problems' in one ? one.problems : [])) }
  }
  const said = asked.mode === 'human' ? byPeople(own.policy) : own.policy
  const base = asked.readOnly ? tighten(said, nothingWritten, tools) : said
  if (system.policy === undefined) return { stamps: seen, policy: base, bound: false }
  return { stamps: seen, policy: tighten(base, system.policy, tools), bound: true }
}

/** A policy under which nothing is written. */
const nothingWritten: SystemPolicy = {
  ...silent,
  effects: { hold: 'deny', change: 'deny', safety: 'deny', spend: 'deny', destroy: 'deny' },
}

function byPeople(policy: Policy): Policy {
  return { ...policy, confirmation: { ...policy.confirmation, mode: 'human' } }
}

/** The stamps of both files; undefined where they cannot be looked at, and then the files are read at every call. */
function stamps(machine: Machine, files: PolicyFiles): string | undefined {
  try {
    const own = files.own === undefined ? 'built-in' : machine.stamp(files.own)
    return `${own} ${machine.stamp(files.system)}`
  } catch {
    return undefined
  }
}

/** Reads the system policy. It counts as absent only where that is certain: one that cannot be looked at is unreadable. */
function readSystem(
  machine: Machine,
  path: string,
  tools: readonly PolicyTool[],
): { policy: SystemPolicy | undefined } | { problems: string[] } {
  const label = 'system policy'
  try {
    if (machine.stamp(path) === undefined) return { policy: undefined }
  } catch (error) {
    return { problems: [`${label} ${path}: ${readingProblem(error)}`] }
  }
  return readFile(machine, label, path, (json) => parseSystemPolicy(json, tools))
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
  const twice = duplicateKeys(text).map((key) => `${key} stands twice: keep one of them`)
  const parsed = parse(json)
  if ('policy' in parsed && twice.length === 0) return parsed
  return { problems: [...twice, ...('problems' in parsed ? parsed.problems : [])].map(at) }
}

/**
 * Finds the place of an error in a text. Nothing else is taken from the parser's message, which quotes the file: that may be
 * a secret, given by mistake.
 */
function where(error: unknown, text: string): string {
  const offset = /at position ([0-9]+)/.exec(String(error))?.[1]
  if (offset === undefined) return ''
  const before = text.slice(0, Number(offset)).split('\n')
  return ` (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`
}
