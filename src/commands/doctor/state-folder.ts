import { randomBytes } from 'node:crypto'
import { constants, existsSync, lstatSync } from 'node:fs'
import { access, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { quoted } from '../program.ts'
import { codeOf, type Finding } from './check.ts'
import { type FileSystem, fileSystemOf, nearest, syncServiceOf } from './file-system.ts'
import type { Patient } from './patient.ts'

/** Whether the journal may lie where it shall: ours alone, writable, and on a file system that keeps its word. */
export async function stateFolder({ config }: Patient): Promise<readonly Finding[]> {
  const { stateDir: path, databaseUrl } = config()
  if (databaseUrl !== undefined) return [{ verdict: 'skipped', what: 'not used: the journal is in PostgreSQL' }]
  const there = await nearest(path)
  return [ours(path), await writable(path, there), judgeDisk(await fileSystemOf(there)), synced(path, there)].flat()
}

/** The same laws as the journal's own: `journal/folder.ts`. */
function ours(path: string): Finding[] {
  if (!existsSync(path)) return []
  const stats = lstatSync(path)
  const other = 'Set DID_MCP_STATE_DIR to a folder of your own.'
  if (stats.isSymbolicLink()) return [{ verdict: 'failed', what: `${path} is a symbolic link`, next: other }]
  if (!stats.isDirectory()) return [{ verdict: 'failed', what: `${path} is no folder`, next: other }]
  if (process.getuid === undefined) return []
  if (stats.uid !== process.getuid()) {
    return [{ verdict: 'failed', what: `${path} belongs to another user`, next: other }]
  }
  const mode = (stats.mode & 0o777).toString(8)
  if (mode === '700') return []
  const what = `${path} has the permissions ${mode}, so others may reach the journal`
  const next = 'The next start narrows it to 700; this does it now:'
  return [{ verdict: 'warning', what, next, run: `chmod 700 ${quoted(path, 'linux')}` }]
}

/** By writing, because permissions do not tell of full disks and read-only mounts. */
async function writable(path: string, there: string): Promise<Finding> {
  if (!existsSync(path)) {
    const may = await access(there, constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    )
    if (may) return { verdict: 'ok', what: `${path} is made with the first write` }
    const next = `Make it yourself, or set DID_MCP_STATE_DIR to a folder that may be written.`
    return { verdict: 'failed', what: `${path} cannot be made: ${there} may not be written`, next }
  }
  const probe = join(path, `.doctor-${randomBytes(6).toString('hex')}`)
  try {
    await writeFile(probe, Buffer.alloc(4096), { flag: 'wx', mode: 0o600 })
    return { verdict: 'ok', what: `${path} is ours and can be written` }
  } catch (error) {
    const next = 'Make it writable and free some space, or set DID_MCP_STATE_DIR to another folder.'
    return { verdict: 'failed', what: `${path} cannot be written (${codeOf(error)})`, next }
  } finally {
    await rm(probe, { force: true })
  }
}

const troubles: { readonly [trouble in NonNullable<FileSystem['trouble']>]: string } = {
  network: 'locks and commits on it are not what they seem, so the journal may break',
  memory: 'it lives in memory: the journal, and with it what is uncertain, is gone with a restart',
  layer: "it is a container's own layer: the journal is gone with the container, unless a volume is mounted there",
}

/** Below this a warning is due, in bytes. */
const scarceBytes = 100 * 2 ** 20

/** Whether a journal is safe on this file system, and has room there. */
export function judgeDisk({ name, trouble, free }: FileSystem): Finding[] {
  const megabytes = Math.floor(free / 2 ** 20)
  const next = 'Set DID_MCP_STATE_DIR to a folder on a local disk.'
  const kind: Finding = trouble
    ? { verdict: 'warning', what: `file system: ${name}; ${troubles[trouble]}`, next }
    : { verdict: 'ok', what: `file system: ${name}, ${megabytes} MB free` }
  if (free >= scarceBytes) return [kind]
  return [kind, { verdict: 'warning', what: `only ${megabytes} MB are free`, next: 'Free some space.' }]
}

function synced(path: string, there: string): Finding[] {
  const service = syncServiceOf(path) ?? syncServiceOf(there)
  if (service === undefined) return []
  const what = `it lies in a folder of ${service}, which copies the journal while it is written and puts back old ones`
  return [{ verdict: 'warning', what, next: 'Set DID_MCP_STATE_DIR to a folder that is not synchronized.' }]
}
