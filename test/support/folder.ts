import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/**
 * A new folder, empty, for this test alone.
 *
 * @param afterwards when it is removed: the end of the test, unless told (`afterAll`)
 * @returns its path, absolute
 */
export function temporaryFolder(afterwards: (remove: () => void) => void = onTestFinished): string {
  const folder = mkdtempSync(join(tmpdir(), 'did-mcp-test-'))
  // Windows lets go of a process's files a moment after the process.
  afterwards(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}
