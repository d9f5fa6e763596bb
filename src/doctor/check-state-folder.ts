import { randomBytes } from 'node:crypto'
import type { Stats } from 'node:fs'
import { lstat, mkdtemp, realpath, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { quoted } from '../clients/program.ts'
import { codeOf, type Finding } from './check.ts'
import { type FileSystem, fileSystemOf, nearest, syncServiceOf } from './file-system.ts'
import type { Patient } from './patient.ts'

/**
 * Whether the journal may lie in its folder: it must be ours alone, writable, and on a file system whose locks and commits
 * hold.
 *
 * @param user who runs this, as a system with users numbers them
 */
export async function stateFolder({ config }: Patient, user = process.getuid?.()): Promise<readonly Finding[]> {
  const { stateDir: path, databaseUrl } = config()
  if (databaseUrl !== undefined) return [{ verdict: 'skipped', what: 'not used: the journal is in PostgreSQL' }]
  const place = await placeOf(path)
  const writable = unfit(place, user) ?? (await tryToWrite(place, user))
  if (writable.verdict === 'failed') return [writable]
  const there = await realpath(place.there)
  return [narrowed(place), writable, judgeDisk(await fileSystemOf(there)), synced(path, there)].flat()
}

interface Place {
  path: string
  /** The path itself, or the nearest folder above it that can be looked at. */
  there: string
  stats: Stats
  /** The reason why the path itself cannot be looked at: `ENOENT` where it is not there yet. */
  absent?: string | undefined
}

async function placeOf(path: string): Promise<Place> {
  try {
    return { path, there: path, stats: await lstat(path) }
  } catch (error) {
    const there = nearest(path)
    return { path, there, stats: await stat(there), absent: codeOf(error) }
  }
}

const elsewhere = 'Set DID_MCP_STATE_DIR to a folder of your own.'
const team = 'Set DID_MCP_STATE_DIR to a folder of your own; for a team set DID_MCP_DATABASE_URL.'

/** Returns what makes a folder unfit for a journal, by the same rules as the journal itself (`journal/sqlite/folder.ts`). */
function unfit({ path, there, stats, absent }: Place, user: number | undefined): Finding | undefined {
  if (stats.isSymbolicLink()) return { verdict: 'failed', what: `${path} is a symbolic link`, next: elsewhere }
  if (!stats.isDirectory()) return { verdict: 'failed', what: `${there} is a file, not a folder`, next: elsewhere }
  const foreign = absent === undefined && user !== undefined && stats.uid !== user
  return foreign ? { verdict: 'failed', what: `${path} belongs to another user`, next: team } : undefined
}

function narrowed({ path, stats, absent }: Place): Finding[] {
  const mode = (stats.mode & 0o777).toString(8)
  if (absent !== undefined || process.getuid === undefined || mode === '700') return []
  const what = `${path} has the permissions ${mode}, so others may reach the journal`
  const next = 'The next start narrows it to 700; this does it now:'
  return [{ verdict: 'warning', what, next, run: `chmod 700 ${quoted(path, 'linux')}` }]
}

/**
 * Writes a file to try the folder: permissions do not tell of full disks, read-only mounts and folders of the system's own
 * (/proc).
 */
async function tryToWrite({ path, there, stats, absent }: Place, user: number | undefined): Promise<Finding> {
  try {
    if (absent !== undefined) {
      await rmdir(await mkdtemp(join(there, '.did-mcp-doctor-')))
      return { verdict: 'ok', what: `${path} is made with the first write` }
    }
    const probe = join(path, `.doctor-${randomBytes(6).toString('hex')}`)
    try {
      await writeFile(probe, Buffer.alloc(4096), { flag: 'wx', mode: 0o600 })
    } finally {
      await rm(probe, { force: true })
    }
    return { verdict: 'ok', what: `${path} is ours and can be written` }
  } catch (error) {
    const foreign = user !== undefined && stats.uid !== user
    return judgeObstacle(codeOf(error), { path, there, absent, foreign })
  }
}

/**
 * Says why a folder cannot be written, or cannot be made where it is not there yet.
 *
 * @param code the system's
 */
export function judgeObstacle(
  code: string,
  { path, there, absent, foreign }: Omit<Place, 'stats'> & { foreign: boolean },
): Finding {
  const cannot = absent && `${path} cannot be ${absent === 'ENOENT' ? 'made' : 'reached'}: `
  const what = (why: string) => `${cannot ?? ''}${why}`
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return { verdict: 'failed', what: what(`${there} has no room left`), next: 'Free some space.' }
  }
  if (code === 'EROFS') return { verdict: 'failed', what: what(`${there} can only be read`), next: elsewhere }
  if (code !== 'EACCES' && code !== 'EPERM') {
    return { verdict: 'failed', what: what(`nothing can be written in ${there} (${code})`), next: elsewhere }
  }
  if (foreign) return { verdict: 'failed', what: what(`${there} belongs to another user`), next: team }
  const next = 'Make it writable, or set DID_MCP_STATE_DIR to another folder.'
  return { verdict: 'failed', what: what(`${there} may not be written`), next }
}

const troubles: { readonly [trouble in NonNullable<FileSystem['trouble']>]: string } = {
  network: 'locks and commits on it are not what they seem, so the journal may break',
  memory: 'it lives in memory: the journal, and with it what is uncertain, is gone with a restart',
  layer: "it is a container's own layer: the journal is gone with the container, unless a volume is mounted there",
}

/** The least free space that is no warning, bytes. */
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
