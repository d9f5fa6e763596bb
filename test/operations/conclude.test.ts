import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Facts, Settings } from '../../src/domain/facts.ts'
import { type DidWriteTool, didWriteTools } from '../../src/domain/write-tool.ts'
import type { Reading } from '../../src/operations/write.ts'
import { writes } from '../../src/operations/writes.ts'

const tn = '4355550142'
const yours: Facts = { status: 'yours', epg: 8674, tier: '2', has911: true, cnam: false, refId: 'front desk' }
const asked: Settings = { epg: 8675, cnam: true, refId: 'front desk' }

/** Everything that a query can show, with its letter in the table. */
const sights = {
  'Y, as asked': { ...yours, epg: 8675, cnam: true },
  'Y, as before': yours,
  'Y, neither': { ...yours, epg: 13550 },
  R: { status: 'reserved', tier: '2' },
  A: { status: 'available', tier: '2' },
  O: { status: 'taken' },
  N: { status: 'unknown' },
  '?': { status: 'unknown' },
} satisfies Record<string, Facts>

type Sight = keyof typeof sights

const names = Object.keys(sights) as Sight[]
const was: { readonly [letter: string]: Facts } = { A: sights.A, R: sights.R, Y: yours }

/** Release and reservation ask nothing of a number but to be released or reserved. */
const settingsOf = (tool: DidWriteTool): Settings => (tool === 'assignDID' || tool === 'configDID' ? asked : {})

function concluded(tool: DidWriteTool, before: Facts, sight: Sight, told = settingsOf(tool)) {
  const reading: Reading & { none: boolean } = { tn, at: 0, code: 100, facts: sights[sight], none: sight === 'N' }
  return writes[tool].conclude({ tn, asked: told, before }, reading)
}

/** A row of the document's table: the write, what its number was, and what is seen, as what is concluded. */
interface Rule {
  operation: string
  before: readonly string[]
  seen: string
  outcome: string
}

describe('the table of docs/write-path.md, row by row', () => {
  const { rules, rest } = tableOf(readFileSync(new URL('../../docs/write-path.md', import.meta.url), 'utf8'))
  const told = new Set<Rule>()

  test.each(didWriteTools)('%s concludes what it says, of everything that can be seen', (tool) => {
    const own = rules.filter(({ operation }) => `${operation}DID` === tool)
    const letters = [...new Set(own.flatMap(({ before }) => before))]
    expect(letters).not.toEqual([])
    for (const letter of letters) {
      for (const sight of names) {
        const rule = own.find(({ before, seen }) => before.includes(letter) && covers(seen, sight)) ?? rest
        told.add(rule)
        const { outcome, when } = concluded(tool, was[letter] ?? yours, sight) ?? { outcome: 'uncertain', when: 'now' }
        expect({ letter, sight, outcome, when }).toEqual({ letter, sight, ...meaningOf(rule.outcome) })
      }
    }
  })

  test('no row of it is left over', () => {
    expect([...rules, rest].filter((rule) => !told.has(rule))).toEqual([])
  })

  test('nothing is called failed before nothing can land any more', () => {
    expect(rules.filter(({ outcome }) => /^failed(?! †)/.test(outcome))).toEqual([])
  })
})

test('what a person reads of each conclusion', () => {
  const told = didWriteTools.map((tool) => {
    const before = tool === 'reserveDID' || tool === 'assignDID' ? sights.A : yours
    const lines = names.map((sight) => {
      const { seen = 'a query does not tell', therefore } = concluded(tool, before, sight) ?? {}
      return `${sight}: ${[seen, therefore].filter(Boolean).join(', so ')}`
    })
    return [tool, ...lines, `R, when it was reserved: ${concluded(tool, sights.R, 'R')?.seen}`]
  })
  expect(told).toMatchInlineSnapshot(`
    [
      [
        "reserveDID",
        "Y, as asked: it is assigned to this account, not reserved",
        "Y, as before: it is assigned to this account, not reserved",
        "Y, neither: it is assigned to this account, not reserved",
        "R: the carrier shows it reserved for this account",
        "A: it is still available, so the reservation did not take effect",
        "O: another company has it, so the reservation did not take effect",
        "N: a query does not tell",
        "?: a query does not tell",
        "R, when it was reserved: the carrier shows it reserved for this account",
      ],
      [
        "assignDID",
        "Y, as asked: the carrier shows it assigned as asked",
        "Y, as before: it is assigned to this account, but not as asked: billing runs",
        "Y, neither: it is assigned to this account, but not as asked: billing runs",
        "R: it is not assigned, so the assignment did not take effect",
        "A: it is not assigned, so the assignment did not take effect",
        "O: another company has it, so the assignment did not take effect",
        "N: a query does not tell",
        "?: a query does not tell",
        "R, when it was reserved: it is not assigned",
      ],
      [
        "configDID",
        "Y, as asked: the carrier shows it configured as asked",
        "Y, as before: it is as it was, so the change did not take effect",
        "Y, neither: it is configured neither as before nor as asked",
        "R: the number has left the account: it is no longer assigned to you",
        "A: the number has left the account: it is no longer assigned to you",
        "O: the number has left the account: it is no longer assigned to you",
        "N: a query does not tell",
        "?: a query does not tell",
        "R, when it was reserved: the number has left the account: it is no longer assigned to you",
      ],
      [
        "releaseDID",
        "Y, as asked: it is still yours, but not as it was",
        "Y, as before: it is still yours, so the release did not take effect",
        "Y, neither: it is still yours, but not as it was",
        "R: it is reserved for you, no longer assigned",
        "A: the carrier shows that it is no longer yours",
        "O: the carrier shows that it is no longer yours",
        "N: the carrier does not show it, so the account no longer lists it, so it was released",
        "?: a query does not tell",
        "R, when it was reserved: it is still reserved for you",
      ],
    ]
  `)
})

test('a configuration that left the account is said loudly', () => {
  expect(concluded('configDID', yours, 'A')?.seen).toMatch(/has left the account/)
})

test('an assignment asked without CNAM or reference is as asked whatever they are', () => {
  expect(concluded('assignDID', sights.A, 'Y, as before', { epg: 8674 })).toMatchObject({ outcome: 'done' })
})

function tableOf(document: string): { rules: Rule[]; rest: Rule } {
  const [, table = ''] = document.split('| operation (before) | seen | outcome |\n|---|---|---|\n')
  const lines = table.slice(0, table.indexOf('\n\n')).split('\n')
  let named = ''
  const rules = lines.map((line): Rule => {
    const [, operation = '', seen = '', outcome = ''] = line.split('|').map((cell) => cell.trim())
    named = operation || named
    const { name = named, letters = '' } = /^(?<name>\w+) \((?<letters>[^)]+)\)$/.exec(named)?.groups ?? {}
    return { operation: name, before: letters.split(', '), seen, outcome }
  })
  const rest = rules.pop()
  if (rest?.operation !== 'any' || rules.length < 15) throw new Error('the document has no such table')
  return { rules, rest }
}

/** Whether a cell of `seen` is about this sight, where no row above it was. */
function covers(seen: string, sight: Sight): boolean {
  const letters = /^[A-Z](, [A-Z])*$/.test(seen) ? seen.split(', ') : phrases[seen]
  if (letters === undefined) throw new Error(`what is seen is not in the words of this test: ${seen}`)
  return letters.some((one) => sight === one || sight.startsWith(`${one},`))
}

const phrases: { readonly [seen: string]: readonly string[] } = {
  'Y, all as asked': ['Y, as asked'],
  'Y, all that was sent is as asked': ['Y, as asked'],
  'Y, as before': ['Y, as before'],
  'Y, different': ['Y'],
  'Y, different, or R': ['Y', 'R'],
  'another Y': ['Y'],
}

function meaningOf(outcome: string) {
  const word = /^(done|failed|uncertain)\b/.exec(outcome)?.[0]
  if (outcome.startsWith('done if an audit begun later does not list it')) return { outcome: 'done', when: 'audit' }
  return { outcome: word, when: outcome.startsWith('failed †') ? 'quiet' : 'now' }
}
