import { expect, test } from 'vitest'
import type { Finding } from '../../../src/commands/doctor/check.ts'
import type { FileSystem } from '../../../src/commands/doctor/file-system.ts'
import { judgeDisk } from '../../../src/commands/doctor/state-folder.ts'

const megabyte = 2 ** 20
const elsewhere = 'Set DID_MCP_STATE_DIR to a folder on a local disk.'
const scarce = (megabytes: number): Finding => ({
  verdict: 'warning',
  what: `only ${megabytes} MB are free`,
  next: 'Free some space.',
})

test.each<[string, FileSystem, Finding[]]>([
  [
    'a local disk with room',
    { name: 'ext4', free: 100 * megabyte },
    [{ verdict: 'ok', what: 'file system: ext4, 100 MB free' }],
  ],
  [
    'a local disk that is nearly full',
    { name: 'apfs', free: 100 * megabyte - 1 },
    [{ verdict: 'ok', what: 'file system: apfs, 99 MB free' }, scarce(99)],
  ],
  ['a full one', { name: 'ext4', free: 0 }, [{ verdict: 'ok', what: 'file system: ext4, 0 MB free' }, scarce(0)]],
  [
    'a network drive',
    { name: 'NFS', trouble: 'network', free: 200 * megabyte },
    [
      {
        verdict: 'warning',
        what: 'file system: NFS; locks and commits on it are not what they seem, so the journal may break',
        next: elsewhere,
      },
    ],
  ],
  [
    'memory',
    { name: 'tmpfs', trouble: 'memory', free: 200 * megabyte },
    [
      {
        verdict: 'warning',
        what: 'file system: tmpfs; it lives in memory: the journal, and with it what is uncertain, is gone with a restart',
        next: elsewhere,
      },
    ],
  ],
  [
    'a container without a volume, nearly full',
    { name: 'overlay', trouble: 'layer', free: 5 * megabyte },
    [
      {
        verdict: 'warning',
        what: "file system: overlay; it is a container's own layer: the journal is gone with the container, unless a volume is mounted there",
        next: elsewhere,
      },
      scarce(5),
    ],
  ],
])('%s', (_, fileSystem, findings) => {
  expect(judgeDisk(fileSystem)).toEqual(findings)
})
