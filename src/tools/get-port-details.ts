import * as z from 'zod'
import { Refusal } from '../operations/refusal.ts'
import { carrierId } from './numbers.ts'
import { defineRead } from './tool.ts'

const portDid = z.strictObject({
  tn: z.string(),
  tier: z.string().optional(),
  rateCenter: z.string().optional(),
  state: z.string().optional(),
  lata: z.string().optional(),
  endpointGroup: z.int().optional(),
  cnam: z.boolean().optional(),
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
  dids: z.array(portDid),
})

export const getPortDetails = defineRead({
  name: 'getPortDetails',
  title: 'Port order details',
  effect: 'read',
  description:
    'The state of a port-in order by its id: status, FOC date, losing carrier and numbers. Ids come from the Back Office; dates are in the carrier’s own time, without a zone.',
  input: z.strictObject({ portId: carrierId }),
  output: z.strictObject({ port }),

  async read({ portId }, { carrier, signal }) {
    const { port } = await carrier.getPortDetails(portId, { signal })
    if (port === undefined) {
      throw new Refusal('INVALID_INPUT', `The carrier knows no port order ${portId}.`, {
        next: 'Check the id in the Back Office, under port orders.',
        details: { portId },
      })
    }
    return { port }
  },
})
