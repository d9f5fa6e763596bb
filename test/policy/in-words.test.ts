import { expect, test } from 'vitest'
import { inWords } from '../../src/policy/in-words.ts'
import { builtIn, type Policy } from '../../src/policy/policy.ts'

const tools = [
  { name: 'queryDID', effect: 'read' },
  { name: 'reserveDID', effect: 'hold' },
  { name: 'assignDID', effect: 'spend' },
  { name: 'configDID', effect: 'change' },
  { name: 'releaseDID', effect: 'destroy' },
] as const

const told = (policy: Partial<Policy>) => inWords({ ...builtIn, ...policy }, tools)
const confirmation = (said: Partial<Policy['confirmation']>) =>
  told({ confirmation: { ...builtIn.confirmation, ...said } })[1]

test('the built-in policy, whole', () => {
  expect(told({})).toMatchInlineSnapshot(`
    [
      "reserveDID allowed; assignDID, configDID, releaseDID after a yes",
      "yes is said by a person in the client; where it cannot ask, by a ticket (at most 10 numbers where it costs money or cannot be undone)",
      "numbers a call: 100; bought a day: 100; released a day: 100; held at once: 100",
      "protected: none; endpoint groups: any; tiers: any",
    ]
  `)
})

test('what is denied is named, a reading tool too, and nothing is said of a yes that nothing needs', () => {
  const effects = { hold: 'allow', change: 'allow', safety: 'allow', spend: 'allow', destroy: 'deny' } as const
  expect(told({ effects, tools: { queryDID: 'deny' } }).slice(0, 2)).toMatchInlineSnapshot(`
    [
      "reserveDID, assignDID, configDID allowed; queryDID, releaseDID denied",
      "numbers a call: 100; bought a day: 100; released a day: 100; held at once: 100",
    ]
  `)
})

test('who says yes', () => {
  const said = [
    confirmation({}),
    confirmation({ trustElicitation: false }),
    confirmation({ trustElicitation: 'disputed' }),
    confirmation({ mode: 'human' }),
    confirmation({ mode: 'human', trustElicitation: false }),
    confirmation({ ticketMaxDids: 3 }),
  ]
  expect(said).toMatchInlineSnapshot(`
    [
      "yes is said by a person in the client; where it cannot ask, by a ticket (at most 10 numbers where it costs money or cannot be undone)",
      "yes is said by a ticket (at most 10 numbers where it costs money or cannot be undone)",
      "yes is said by a person with did-mcp approvals where the client can ask; where it cannot, by a ticket (at most 10 numbers where it costs money or cannot be undone)",
      "yes is said by a person in the client; where it cannot ask, by a person with did-mcp approvals",
      "yes is said by a person with did-mcp approvals",
      "yes is said by a person in the client; where it cannot ask, by a ticket (at most 3 numbers where it costs money or cannot be undone)",
    ]
  `)
})

test('limits that are lifted, limits that only a file sets, and lists with their first five', () => {
  const policy = {
    limits: { ...builtIn.limits, assignedPerDay: null, releasedPerHour: 2 },
    protected: ['4352154001', '4352154002', '4352154003', '4352154004', '4352154005', '800*'],
    endpointGroups: [8674, 8675],
    tiers: [],
  }
  expect(told(policy).slice(2)).toMatchInlineSnapshot(`
    [
      "numbers a call: 100; bought a day: no limit; released a day: 100; released an hour: 2; held at once: 100",
      "protected: 4352154001, 4352154002, 4352154003, 4352154004, 4352154005 and 1 more; endpoint groups: 8674, 8675; tiers: none",
    ]
  `)
})
