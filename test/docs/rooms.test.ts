import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { withRoomTable } from '../../scripts/rooms.mjs'

test.each(['AGENTS.md', 'docs/architecture.md'])(
  '%s has the rooms that there are now (npm run write:readme-tables)',
  (name) => {
    const document = readFileSync(name, 'utf8')
    expect(document).toContain('| `domain/` | the nouns')
    expect(document).toBe(withRoomTable(document))
  },
)
