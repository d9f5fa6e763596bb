import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'

/** The file system that a folder lies on, as far as it matters to a journal. */
export interface FileSystem {
  name: string
  /**
   * The trouble with it: on `network` locks and commits are not reliable; `memory` and `layer` are gone with the machine or
   * the container.
   */
  trouble?: 'network' | 'memory' | 'layer' | undefined
  /** The space that is free for this user, bytes. */
  free: number
}

/**
 * Finds the file system of a path.
 *
 * @param path of something that exists
 */
export async function fileSystemOf(path: string): Promise<FileSystem> {
  const { type, bavail, bsize } = await statfs(path)
  const mounts = process.platform === 'darwin' ? await mountTable() : ''
  return { ...kindOf(path, { platform: process.platform, type, mounts }), free: bavail * bsize }
}

/** The signs by which the kind of a file system is known, which differ from platform to platform. */
export interface Signs {
  platform: NodeJS.Platform
  /** The type that statfs(2) gives it: a magic number on Linux. */
  type: number
  /** The output of mount(8); read on macOS alone. */
  mounts: string
}

export function kindOf(path: string, { platform, type, mounts }: Signs): Omit<FileSystem, 'free'> {
  const known = platform === 'linux' ? linux[type] : platform === 'darwin' ? darwin(path, mounts) : windows(path)
  const [name, trouble] = known ?? [`unknown (0x${type.toString(16)})`]
  return { name, trouble }
}

/** Returns the path itself, or the nearest folder above it that can be looked at. */
export function nearest(path: string): string {
  let folder = path
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder)
  return folder
}

/** The service whose folder a path lies in, which copies files while they are written. */
export function syncServiceOf(path: string): string | undefined {
  return services.find(([pattern]) => path.split(/[\\/]/).some((part) => pattern.test(part)))?.[1]
}

const services: readonly (readonly [part: RegExp, service: string])[] = [
  [/^dropbox\b/i, 'Dropbox'],
  [/^onedrive\b/i, 'OneDrive'],
  [/^(mobile documents|icloud ?drive|com~apple~clouddocs)$/i, 'iCloud Drive'],
  [/^(google ?drive|my drive|googledrive-.*)$/i, 'Google Drive'],
  [/^(box|box sync|box-box)$/i, 'Box'],
  [/^(nextcloud|owncloud)\b/i, 'Nextcloud'],
  [/^pcloud ?drive$/i, 'pCloud'],
  [/^(mega|megasync)$/i, 'MEGA'],
  // macOS keeps the folders of all such services under this one.
  [/^cloudstorage$/i, 'a cloud drive'],
]

type FileSystemKind = readonly [name: string, trouble?: FileSystem['trouble']]

/** statfs(2)'s magic numbers on Linux. */
const linux: { readonly [type: number]: FileSystemKind | undefined } = {
  61267: ['ext4'],
  1481003842: ['xfs'],
  2435016766: ['btrfs'],
  801189825: ['zfs'],
  4076150800: ['f2fs'],
  16914836: ['tmpfs', 'memory'],
  2240043254: ['ramfs', 'memory'],
  2035054128: ['overlay', 'layer'],
  26985: ['NFS', 'network'],
  20859: ['SMB', 'network'],
  4283649346: ['SMB', 'network'],
  4266872130: ['SMB', 'network'],
  12805120: ['Ceph', 'network'],
  1397113167: ['AFS', 'network'],
  198183888: ['Lustre', 'network'],
  16914839: ['9P, as Windows drives are under WSL', 'network'],
  1702057286: ['FUSE, a network drive perhaps', 'network'],
}

/**
 * Finds the file system of a path on macOS: the mount nearest to it, from lines like `/dev/disk3s5 on /path (apfs, local,
 * …)`.
 */
function darwin(path: string, mounts: string): FileSystemKind | undefined {
  const [mount] = [...mounts.matchAll(/ on (.+) \(([^,)]+)(.*)\)$/gm)]
    .map(([, at = '', name = '', options = '']) => ({ at, name, local: /\blocal\b/.test(options) }))
    .filter(({ at }) => at === '/' || path === at || path.startsWith(`${at}/`))
    .sort((a, b) => b.at.length - a.at.length)
  return mount && [mount.name, mount.local ? undefined : 'network']
}

function windows(path: string): FileSystemKind {
  return path.startsWith('\\\\') ? ['a network share', 'network'] : ['a drive of this machine']
}

/**
 * Reads the output of mount(8). macOS numbers its file systems in the order they are loaded, so it is asked for their names.
 */
async function mountTable(): Promise<string> {
  return (await promisify(execFile)('/sbin/mount', { timeout: 5_000 })).stdout
}
