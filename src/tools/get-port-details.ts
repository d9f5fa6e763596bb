import * as z from 'zod'
import { quote } from '../domain/untrusted.ts'
import { Refusal } from '../operations/refusal.ts'
import { unreadable } from './besides.ts'
import { carrierId } from './numbers.ts'
import { answer, defineRead } from './tool.ts'
import { wordsBeside } from './words.ts'

const portDid = z.strictObject({
  tn: z.string(),
  state: z.string().optional(),
  rateCenter: z.string().optional(),
  tier: z.string().optional(),
  lata: z.string().optional(),
  endpointGroup: z.int().optional(),
  cnam: z.boolean().optional().describe('inbound dip'),
  e911: z.boolean().optional(),
})

const port = z.strictObject({
  id: z.int(),
  status: z.string().optional(),
  endUser: z.string().optional(),
  billingTN: z.string().optional(),
  portingFrom: z.string().optional(),
  salesRep: z.string().optional(),
  submittedDate: z.string().optional(),
  focDate: z.string().optional(),
  requestedFocDate: z.string().optional(),
  defaultEndpointGroup: z.int().optional(),
  didCount: z.int(),
  dids: z.array(portDid),
})

/** Numbers of an order that are listed; the order itself may have thousands. */
const mostListed = 500

export const getPortDetails = defineRead({
  name: 'getPortDetails',
  title: 'Port order details',
  effect: 'read',
  description:
    'The state of a port-in order by its id: status, FOC (firm order commitment: the day on which it ports), losing carrier and numbers. Ids come from the Back Office; dates are in the carrier’s own time, without a zone.',
  input: z.strictObject({ portId: carrierId }),
  output: answer({ words: z.string().optional(), unreadable, port }),

  async read({ portId }, { carrier, signal }) {
    const { port, message, unreadable } = await carrier.getPortDetails(portId, { signal })
    if (port === undefined) {
      const { words } = wordsBeside(101, message)
      const why = words === undefined ? '' : ` It says: ${quote(words)}.`
      throw new Refusal('INVALID_INPUT', `The carrier knows no port order ${portId}.${why}`, {
        next: 'Check the id in the Back Office, under port orders.',
        details: { portId },
      })
    }
    const { dids, ...order } = port
    return {
      ...wordsBeside(100, message),
      ...(unreadable && { unreadable }),
      port: { ...order, didCount: dids.length, dids: dids.slice(0, mostListed) },
    }
  },
})
