import * as z from 'zod'
import { envelope } from '../operations/envelope.ts'
import { carrierId, consent, numbers } from './numbers.ts'
import { defineWrite } from './tool.ts'

export const RemoveDIDForward = defineWrite({
  name: 'RemoveDIDForward',
  title: 'End forwarding',
  toolset: 'routing',
  effect: 'change',
  description: 'Ends the forwarding of these numbers: calls are delivered at once to the endpoint group that is named.',
  input: z.strictObject({ tn: numbers, epgId: carrierId.describe('endpoint group to go back to'), ...consent }),
  output: envelope,
  request: ({ tn, epgId, ...rest }) => ({ ...rest, rows: tn.map((tn) => ({ tn, forward: '', epg: epgId })) }),
})
