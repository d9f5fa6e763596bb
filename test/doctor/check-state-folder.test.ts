import { mkdirSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openPatient } from '../../src/app/open-patient.ts'
import { thisMachine } from '../../src/config/machine.ts'
import type { Finding } from '../../src/doctor/check.ts'
import { judgeDisk, judgeObstacle, stateFolder } from '../../src/doctor/check-state-folder.ts'
import type { FileSystem } from '../../src/doctor/file-system.ts'
import { temporaryFolder } from '../support/folder.ts'

const own = 'Set DID_MCP_STATE_DIR to a folder of your own.'
const team = 'Set DID_MCP_STATE_DIR to a folder of your own; for a team set DID_MCP_DATABASE_URL.'

describe('where the state folder shall be', () => {
  const look = (path: string, user?: number) =>
    stateFolder(openPatient({ DID_MCP_STATE_DIR: path }, thisMachine(), { call: 'did-mcp', env: {} }), user)

  test('there is nothing yet: it can be made, tried out, and nothing is left behind', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'a', 'state')
    const [first, disk] = await look(path)
    expect(first).toEqual({ verdict: 'ok', what: `${path} is made with the first write` })
    expect(disk?.what).toMatch(/^file system: /)
    expect(readdirSync(folder)).toEqual([])
  })

  test('there is a file, or one stands in the way', async () => {
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, '')
    const finding = { verdict: 'failed', what: `${file} is a file, not a folder`, next: own }
    expect(await look(file)).toEqual([finding])
    expect(await look(join(file, 'state'))).toEqual([finding])
    expect(await look(join(file, 'a', 'state'))).toEqual([finding])
  })

  test('there is a link, wherever it leads', async () => {
    const folder = temporaryFolder()
    const link = join(folder, 'link')
    symlinkSync(join(folder, 'nowhere'), link)
    expect(await look(link)).toEqual([{ verdict: 'failed', what: `${link} is a symbolic link`, next: own }])
    expect(readdirSync(folder)).toEqual(['link'])
  })

  test.skipIf(process.getuid === undefined)('there is another user’s: that alone is said', async () => {
    const folder = join(temporaryFolder(), 'state')
    mkdirSync(folder, { mode: 0o700 })
    const finding = { verdict: 'failed', what: `${folder} belongs to another user`, next: team }
    expect(await look(folder, (process.getuid?.() ?? 0) + 1)).toEqual([finding])
    expect(readdirSync(folder)).toEqual([])
  })

  test.runIf(process.platform === 'linux')('nothing can be made there, whatever the permissions say', async () => {
    const [finding, ...others] = await look('/proc/did-mcp')
    expect(finding).toMatchObject({
      verdict: 'failed',
      what: expect.stringMatching(/^\/proc\/did-mcp cannot be made: /),
    })
    expect(others).toEqual([])
  })

  test('links on the way to it are followed, to the file system that it lies on', async () => {
    const folder = realpathSync(temporaryFolder())
    mkdirSync(join(folder, 'Dropbox'))
    symlinkSync(join(folder, 'Dropbox'), join(folder, 'link'))
    const findings = await look(join(folder, 'link', 'state'))
    expect(findings.at(-1)?.what).toMatch(/^it lies in a folder of Dropbox/)
  })
})

describe('what stands in the way', () => {
  const there = '/srv/team'
  const path = `${there}/state`
  const denied = 'Make it writable, or set DID_MCP_STATE_DIR to another folder.'
  test.each<[string, boolean, string, string]>([
    ['EACCES', true, '/srv/team belongs to another user', team],
    ['EPERM', true, '/srv/team belongs to another user', team],
    ['EACCES', false, '/srv/team may not be written', denied],
    ['EROFS', true, '/srv/team can only be read', own],
    ['ENOSPC', false, '/srv/team has no room left', 'Free some space.'],
    ['EDQUOT', false, '/srv/team has no room left', 'Free some space.'],
    ['ENOENT', true, 'nothing can be written in /srv/team (ENOENT)', own],
  ])('%s, another user’s: %s', (code, foreign, why, next) => {
    const finding = (what: string): Finding => ({ verdict: 'failed', what: `${what}${why}`, next })
    const absent = (absent: string) => judgeObstacle(code, { path, there, absent, foreign })
    expect(absent('ENOENT')).toEqual(finding(`${path} cannot be made: `))
    expect(absent('EACCES')).toEqual(finding(`${path} cannot be reached: `))
    expect(judgeObstacle(code, { path: there, there, foreign })).toEqual(finding(''))
  })
})

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
])('its file system: %s', (_, fileSystem, findings) => {
  expect(judgeDisk(fileSystem)).toEqual(findings)
})
