import { chmodSync, chownSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Journal } from '../../../src/journal/journal.ts'
import { openAt } from '../support/engines.ts'
import { perform } from '../support/intents.ts'
import { newState, refusal } from '../support/sqlite.ts'

let folder: string
let path: string
let open: () => Promise<Journal>
beforeEach(() => {
  ;({ folder, path, open } = newState())
})

const mode = (file: string) => (statSync(file).mode & 0o777).toString(8)

describe('the state folder', () => {
  test('is made for its owner alone, with every file in it, and narrowed where it was wider', async () => {
    mkdirSync(folder, { mode: 0o755 })
    chmodSync(folder, 0o755)
    const journal = await open()
    await perform(journal, 'assignDID', ['4352154006'], 'done')
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
    expect(files.map((file) => [file.replace(/[0-9a-f]{32}/, 'ID'), mode(join(folder, file))])).toEqual([
      ['journal.db', '600'],
      ['owners', '700'],
      ['owners/ID.db', '600'],
    ])
    expect(mode(folder)).toBe('700')
    await journal.close()
    expect(readdirSync(join(folder, 'owners'))).toEqual([])
  })

  test('is refused where it is a symbolic link', async () => {
    mkdirSync(`${folder}-real`)
    symlinkSync(`${folder}-real`, folder)
    expect(await refusal(open())).toBe(
      `The journal cannot lie at ${folder}: it is a symbolic link. Nothing was changed. ` +
        'Set DID_MCP_STATE_DIR to a folder of your own on a local disk, or put this one right.',
    )
    expect(readdirSync(`${folder}-real`)).toEqual([])
  })

  test('is refused where it is a file, lies below one, or its journal is a link', async () => {
    writeFileSync(folder, 'a file')
    expect(await refusal(open())).toContain('it is no folder')
    expect(await refusal(openAt({ engine: 'sqlite', folder: join(folder, 'below') }))).toContain('it could not be made')
    rmSync(folder)
    mkdirSync(folder)
    writeFileSync(`${folder}.elsewhere`, '')
    symlinkSync(`${folder}.elsewhere`, path)
    expect(await refusal(open())).toContain('it is no regular file')
  })

  test("is refused where it is another user's", async () => {
    // Whoever runs this: / is root's, and root is told of a folder given to nobody.
    const root = process.getuid?.() === 0
    if (root) {
      mkdirSync(folder)
      chownSync(folder, 65534, 65534)
    }
    const theirs = root ? folder : '/'
    expect(await refusal(openAt({ engine: 'sqlite', folder: theirs }))).toMatch(
      /it belongs to another user|could not be made/,
    )
  })
})
