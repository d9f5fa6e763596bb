import { closeSync, lstatSync, openSync, readSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import envPaths from 'env-paths'

/** The machine's files and folders that configuration reads; handed in, so that a test can be any machine. */
export interface Machine {
  /** Reads a file's text, UTF-8. Throws where it cannot be read or is larger than `atMost` bytes. */
  read(path: string, atMost: number): string
  /**
   * Returns a text that differs whenever the file changed; undefined where there is no file. Throws where that cannot be
   * told, and where the path is a link that leads nowhere: somebody meant a file to be there.
   */
  stamp(path: string): string | undefined
  systemPolicyPath: string
  /** The platform's folder for state, absolute. */
  stateDir: string
}

export function thisMachine(): Machine {
  const paths = envPaths('did-mcp', { suffix: '' })
  return {
    read: readAtMost,
    stamp(path) {
      const file = statSync(path, { throwIfNoEntry: false })
      if (file === undefined && isMeant(path)) throw new LeadsNowhere()
      // All four are compared, because an edit of the same length with its time put back still moves the inode's own time.
      return file && [file.ino, file.size, file.mtimeMs, file.ctimeMs].join(':')
    },
    // The path is literal on Windows too: %ProgramData% is a variable, and no variable may move the system policy.
    systemPolicyPath:
      process.platform === 'win32' ? 'C:\\ProgramData\\did-mcp\\policy.json' : '/etc/did-mcp/policy.json',
    // env-paths calls the XDG state folder `log`; macOS and Windows keep such things with the data.
    stateDir: process.platform === 'linux' ? paths.log : paths.data,
  }
}

/** Says in words why a file could not be read; never its content. */
export function readingProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (error instanceof LeadsNowhere)
    return 'something stands on the way to it that leads nowhere, a link without its target'
  return reasons[code] ?? (error instanceof TooLarge ? error.message : `it cannot be read (${code || 'unknown'})`)
}

const reasons: { readonly [code: string]: string | undefined } = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EISDIR: 'it is a folder',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8',
}

class TooLarge extends Error {}

class LeadsNowhere extends Error {}

/** Whether anything stands at a path that leads to no file: a link, a folder on the way that is none or leads nowhere. */
function isMeant(path: string): boolean {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return true
  const folder = dirname(path)
  if (folder === path) return false
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? false : isMeant(folder)
}

/**
 * Reads a file in a loop of our own rather than with readFileSync, because a secret may come through a pipe, and /dev/zero
 * never ends.
 */
function readAtMost(path: string, atMost: number): string {
  const file = openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(atMost + 1)
    let length = 0
    for (let read = -1; read !== 0 && length <= atMost; length += read) {
      read = readSync(file, buffer, length, buffer.length - length, null)
    }
    if (length > atMost) throw new TooLarge(`it is larger than ${atMost} bytes`)
    return new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, length))
  } finally {
    closeSync(file)
  }
}
