import { mkdirSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fileSystemOf, kindOf, nearest, syncServiceOf } from '../../src/doctor/file-system.ts'
import { temporaryFolder } from '../support/folder.ts'

describe('the kind of a file system', () => {
  // Numbers of statfs(2) and linux/magic.h.
  test.each([
    [0xef53, 'ext4', undefined],
    [0x58465342, 'xfs', undefined],
    [0x9123683e, 'btrfs', undefined],
    [0x2fc12fc1, 'zfs', undefined],
    [0xf2f52010, 'f2fs', undefined],
    [0x01021994, 'tmpfs', 'memory'],
    [0x858458f6, 'ramfs', 'memory'],
    [0x794c7630, 'overlay', 'layer'],
    [0x6969, 'NFS', 'network'],
    [0x517b, 'SMB', 'network'],
    [0xff534d42, 'SMB', 'network'],
    [0xfe534d42, 'SMB', 'network'],
    [0x00c36400, 'Ceph', 'network'],
    [0x5346414f, 'AFS', 'network'],
    [0x0bd00bd0, 'Lustre', 'network'],
    [0x01021997, '9P, as Windows drives are under WSL', 'network'],
    [0x65735546, 'FUSE, a network drive perhaps', 'network'],
    [0x12345678, 'unknown (0x12345678)', undefined],
  ])('Linux, 0x%x: %s, %s', (type, name, trouble) => {
    expect(kindOf('/home/ann', { platform: 'linux', type, mounts: '' })).toEqual({ name, trouble })
  })

  const mounts = `/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
devfs on /dev (devfs, local, nobrowse)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse, protect)
map auto_home on /System/Volumes/Data/home (autofs, automounted, nobrowse)
//ann@files.example/team on /Volumes/team (smbfs, nodev, nosuid, mounted by ann)
/dev/disk4s1 on /Volumes/team backup (1) (exfat, local, nodev, nosuid, noowners)
`
  test.each([
    ['/Users/ann/state', 'apfs', undefined],
    ['/Volumes/team', 'smbfs', 'network'],
    ['/Volumes/team/state', 'smbfs', 'network'],
    ['/Volumes/team backup (1)/state', 'exfat', undefined],
    ['/Volumes/teams/state', 'apfs', undefined],
    ['/System/Volumes/Data/home/ann', 'autofs', 'network'],
  ])('macOS, %s: %s, %s', (path, name, trouble) => {
    expect(kindOf(path, { platform: 'darwin', type: 26, mounts })).toEqual({ name, trouble })
  })

  test('macOS, where mount says nothing', () => {
    expect(kindOf('/Users/ann', { platform: 'darwin', type: 26, mounts: '' })).toEqual({
      name: 'unknown (0x1a)',
      trouble: undefined,
    })
  })

  test.each([
    ['C:\\Users\\ann\\AppData\\Local', 'a drive of this machine', undefined],
    ['\\\\files\\team\\state', 'a network share', 'network'],
  ])('Windows, %s: %s, %s', (path, name, trouble) => {
    expect(kindOf(path, { platform: 'win32', type: 0, mounts: '' })).toEqual({ name, trouble })
  })

  test('of this very machine, with what is free for this user', async () => {
    const folder = temporaryFolder()
    const { name, free } = await fileSystemOf(folder)
    const { bavail, bsize } = await statfs(folder)
    expect(name).not.toBe('')
    // Others write to the same disk meanwhile.
    expect(Math.abs(free - bavail * bsize)).toBeLessThan(2 ** 30)
  })
})

test.each([
  ['/Users/ann/Dropbox/state', 'Dropbox'],
  ['/home/ann/Dropbox (Personal)/state', 'Dropbox'],
  ['C:\\Users\\ann\\OneDrive - Example Ltd\\state', 'OneDrive'],
  ['/Users/ann/Library/Mobile Documents/com~apple~CloudDocs/state', 'iCloud Drive'],
  ['C:\\Users\\ann\\iCloudDrive\\state', 'iCloud Drive'],
  ['G:\\My Drive\\state', 'Google Drive'],
  ['/Users/ann/Library/CloudStorage/GoogleDrive-ann@example.com/state', 'Google Drive'],
  ['/home/ann/Box Sync/state', 'Box'],
  ['/home/ann/Nextcloud/state', 'Nextcloud'],
  ['/home/ann/pCloudDrive/state', 'pCloud'],
  ['/home/ann/MEGA/state', 'MEGA'],
  ['/Users/ann/Library/CloudStorage/Other/state', 'a cloud drive'],
  ['/home/ann/.local/state/did-mcp', undefined],
  ['/home/ann/inbox/state', undefined],
  ['/home/ann/omega/state', undefined],
])('%s lies in a folder of %s', (path, service) => {
  expect(syncServiceOf(path)).toBe(service)
})

test('what is not there yet lies where the nearest thing above it does', () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'there'))
  expect(nearest(join(folder, 'there', 'a', 'b'))).toBe(join(folder, 'there'))
  expect(nearest(folder)).toBe(folder)
})
