import { basename } from 'node:path'
import type { System } from '../clients/clients.ts'
import type { Found, Launch } from './launch.ts'

/** How a client starts did-mcp: looked at before the configuration that it hands over. */
export interface ClientPatient {
  found: Found
  system: System
  /** How a person starts this program: what a command's words come after. */
  call: string
}

/** The launch that was found. It may be called only by checks that need `client`. */
export function sure({ launch }: Found): Launch {
  if (launch === undefined) throw new Error('no entry was found')
  return launch
}

export const isNode = (command: string) => /^node(\.exe)?$/i.test(basename(command))
