import { expect, test } from 'vitest'
import type { Did } from '../../src/carrier/carrier.ts'
import { csvOf, csvOfUnreadable } from '../../src/listings/csv.ts'
import { did } from '../../src/tools/did.ts'

/** Cells of the one row, by heading. */
function cells(row: Partial<Did>): Record<string, string> {
  const [headings = '', line = '', end] = csvOf([{ tn: '4355550150', statusCode: 100, ...row }]).split('\r\n')
  expect(end).toBe('')
  const read = [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell = '']) => cell)
  return Object.fromEntries(headings.split(',').map((heading, index) => [heading, read[index] ?? '']))
}

test('has every field of a number, and no other', () => {
  const headings = csvOf([]).trimEnd().split(',')
  expect([...headings].sort()).toEqual(Object.keys(did.shape).sort())
})

test('writes what the carrier said, and leaves empty what it did not', () => {
  expect(cells({ endpointId: 8674, has911: true, cnam: false, refId: 'OFFICE' })).toMatchObject({
    tn: '4355550150',
    endpointId: '8674',
    has911: 'true',
    cnam: 'false',
    refId: 'OFFICE',
    state: '',
    statusCode: '100',
  })
})

test.each([200, 201, 65_536])('a text of %i characters is written whole', (length) => {
  const status = `${'Number currently assigned to you '.repeat(2_000)}.`.slice(0, length - 1).concat('.')
  expect(cells({ status }).status).toBe(status)
})

test.each([
  ['a, b', '"a, b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\r\nlines', 'two lines'],
  ['hid\u200bden\u202e', 'hidden'],
  ['=1+1', "'=1+1"],
  [' =HYPERLINK("http://x","y")', '" \'=HYPERLINK(""http://x"",""y"")"'],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', " '=1"],
  ['＝1', "'＝1"],
  ["x;=cmd|' /C calc'!A0", "x;'=cmd|' /C calc'!A0"],
  ['x; =1', "x; '=1"],
  ['x,-1', '"x,\'-1"'],
  ['x|@SUM(A1)', "x|'@SUM(A1)"],
  ['x;"=1"', '"x;""\'=1"""'],
  ['x;;+1;+1', "x;;'+1;'+1"],
  ['"=1', '"""\'=1"'],
  ['a-b=c+d', 'a-b=c+d'],
  ['  two  spaces  ', '  two  spaces  '],
])('%j is written %j', (refId, written) => {
  expect(cells({ refId }).refId).toBe(written)
})

test('a row that could not be read is a line of its own, and those that are not held are counted', () => {
  const rows = ['‹DID›‹tn›+14352154006‹/tn›‹/DID›', '=1, "x"']
  const [headings = ''] = csvOf([]).split('\r\n')
  const before = ','.repeat(headings.split(',').indexOf('status'))
  expect(csvOfUnreadable({ count: 5, rows }).split('\r\n')).toEqual([
    `${before}not readable: ‹DID›‹tn›+14352154006‹/tn›‹/DID›`,
    `${before}"not readable: =1, ""x"""`,
    `${before}not readable: 3 more`,
    '',
  ])
})
