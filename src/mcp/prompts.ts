import * as z from 'zod'
import { harmless } from '../domain/untrusted.ts'
import { npa, rateCenter, state } from '../tools/criteria.ts'
import { carrierId, didNumbers } from '../tools/numbers.ts'
import { areaCodes, type Completer, endpointGroups, ownNumbers, stateCodes } from './completers.ts'

/** A prompt is a value, like a tool: its words, its arguments, and the text that a person sends by it. */
export interface Prompt<Input extends z.ZodObject = z.ZodObject> {
  name: string
  title: string
  description: string
  /** The tools that it names, in the order of use. Where the policy denies one of them, the prompt is not offered. */
  tools: readonly string[]
  /** Every value is a text of the person's; the message of a check is what was expected. */
  input: Input
  completes: Readonly<Record<string, Completer>>
  /** The prompt in the person's own voice. */
  text(args: z.output<Input>): string[]
}

/** No more than queryDID and isPortable take at once. */
const numbers = z
  .string()
  .max(2_000)
  .transform((text) => text.split(/[,;\n]/).flatMap((one) => one.trim() || []))
  .pipe(didNumbers.max(100))
const idOf = (what: string) =>
  z
    .string()
    .regex(/^[1-9][0-9]{0,9}$/, `the id of ${what}`)
    .transform(Number)
    .pipe(carrierId)
const endpointGroup = idOf('an endpoint group')
const reference = z.string().max(64)

const place = {
  state: state.optional().describe('two letters; TF: toll-free'),
  npa: npa.optional().describe('area code'),
}

const provisionNumbers = definePrompt({
  name: 'provision-numbers',
  title: 'Get new numbers',
  description: 'From where there is stock to numbers in service: count, choose, hold, assign.',
  tools: ['getDIDCount', 'getDIDs', 'reserveDID', 'assignDID', 'queryDID', 'listOperations'],
  input: z.strictObject({
    ...place,
    rateCenter: rateCenter.optional().describe('rate center'),
    quantity: z
      .string()
      .regex(/^[1-9][0-9]{0,3}$/, 'how many, 1 to 9999')
      .optional()
      .describe('how many; 1'),
    epg: endpointGroup.optional().describe('endpoint group that they are routed to'),
    refId: reference.optional().describe('our reference for them'),
  }),
  completes: { state: stateCodes, npa: areaCodes, epg: endpointGroups },
  text({ quantity = '1', epg, refId, ...criteria }) {
    const where = criteriaIn(criteria)
    return [
      `I need ${quantity === '1' ? 'a new telephone number' : `${quantity} new telephone numbers`}${where && ` with ${where}`}.`,
      where
        ? `1. getDIDCount with ${where}: where there is stock. If there is too little, ask me before you look elsewhere.`
        : '1. Ask me where the numbers should be, then getDIDCount with that: where there is stock.',
      '2. getDIDs with the same criteria: show me what could be had, with rate center and tier, and let me choose.',
      '3. reserveDID for what I chose: it holds them for 30 minutes. For one that is gone, offer me another.',
      `4. assignDID with ${epg ? `endpoint group ${epg}` : 'the endpoint group that I name'}${refId ? ` and refId ${quoted(refId)}` : ''}: billing starts here.`,
      '5. queryDID: show me each number as it is then, and say plainly what did not work.',
      ...consent,
    ]
  },
})

const releaseNumbers = definePrompt({
  name: 'release-numbers',
  title: 'Give numbers back',
  description: 'Looks at each number before it is given back for good.',
  tools: ['queryDID', 'releaseDID', 'listOperations'],
  input: z.strictObject({
    numbers: numbers.describe('numbers of the account, with commas between them'),
    reason: z.string().max(200).optional().describe('why; kept in the journal'),
  }),
  completes: { numbers: ownNumbers },
  text: ({ numbers, reason }) => [
    `I want to give these telephone numbers back to the carrier: ${numbers.join(', ')}.`,
    '1. queryDID for all of them: show me whether each is ours, its endpoint group and reference, and whether an E911 address is on file. Leave out what is not ours, and ask me about each with E911.',
    `2. releaseDID for those that remain${reason ? `, reason ${quoted(reason)}` : ''}: service and billing end, and it cannot be undone.`,
    '3. listOperations, where anything is uncertain or the call was cut off; then tell me what became of each number.',
    ...consent,
  ],
})

const reviewAccount = definePrompt({
  name: 'review-account',
  title: 'Review the account',
  description: 'What the account owns, what stands out, and what is unsettled. Changes nothing.',
  tools: ['auditDIDs', 'listOperations'],
  input: z.strictObject({ ...place, epg: endpointGroup.optional().describe('endpoint group') }),
  completes: { state: stateCodes, npa: areaCodes, epg: endpointGroups },
  text({ epg, ...criteria }) {
    const filter = criteriaIn({ ...criteria, endpointId: epg })
    const and = filter && `, ${filter}`
    return [
      `Review the telephone numbers of our account${filter && ` with ${filter}`}. This is a report: change nothing.`,
      `1. auditDIDs${filter && ` with filter ${filter}`}: how many there are, by state, tier and endpoint group.`,
      `2. auditDIDs with filter has911 false${and}, and with filter refId ""${and}: how many have no E911 address or no reference, and the first of them.`,
      '3. listOperations with status uncertain, then without: what is unsettled, and what was done lately.',
      '4. Sum it up on one page: the figures, what stands out, and what you would propose. Do none of it.',
    ]
  },
})

const portCheck = definePrompt({
  name: 'port-check',
  title: 'Check numbers for porting',
  description: 'Whether numbers of another company could be ported in, and how a port order stands.',
  tools: ['isPortable', 'queryDID', 'getPortDetails'],
  input: z.strictObject({
    numbers: numbers.describe('numbers of another company, with commas between them'),
    portId: idOf('a port order').optional().describe('port order, from the Back Office'),
  }),
  completes: {},
  text: ({ numbers, portId }) => [
    `Could these telephone numbers be ported in to us: ${numbers.join(', ')}?`,
    '1. isPortable for all of them.',
    '2. queryDID for those that cannot be ported: one may be ours already.',
    portId
      ? `3. getPortDetails for order ${portId}: its status, FOC date and losing carrier, and which of these numbers are in it.`
      : '3. getPortDetails, if I name a port order: its status, FOC date and losing carrier.',
    '4. Answer with a table, one row a number. Nothing here starts a port: orders are made in the Back Office.',
  ],
})

export const prompts: readonly Prompt[] = [provisionNumbers, releaseNumbers, reviewAccount, portCheck]

/** What every prompt that writes ends with. */
const consent = [
  'Only I confirm. Where a call answers confirmation_required or waiting, show me its preview and stop until I have answered; my no is final.',
  'Where an outcome is uncertain, do not repeat the write: ask listOperations and queryDID.',
]

function definePrompt<Input extends z.ZodObject>(prompt: Prompt<Input>): Prompt<Input> {
  return prompt
}

/** `state "UT", endpointId 8674`; empty where nothing is given. */
function criteriaIn(criteria: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(criteria)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${quoted(value)}`]))
    .join(', ')
}

/** A value as a tool takes it. */
const quoted = (value: string | number): string =>
  typeof value === 'number' ? String(value) : JSON.stringify(harmless(value))
