import { credentials, soap } from './carrier.ts'
import type { Check } from './check.ts'
import { configuration, node } from './installation.ts'
import { journal } from './journal.ts'
import { certificate, clock, dns, tcp } from './network.ts'
import type { Patient } from './patient.ts'
import { policy } from './policy.ts'
import { stateFolder } from './state-folder.ts'

/** What is looked at, from the inside out. */
export const checks: readonly Check<Patient>[] = [
  { name: 'node', look: node },
  { name: 'configuration', look: configuration },
  { name: 'policy', needs: ['configuration'], look: policy },
  { name: 'state folder', needs: ['configuration'], look: stateFolder },
  { name: 'journal', needs: ['configuration', 'state folder'], look: journal },
  { name: 'dns', needs: ['configuration'], look: dns },
  { name: 'tcp', needs: ['dns'], look: tcp },
  { name: 'tls', needs: ['tcp'], look: certificate },
  { name: 'clock', needs: ['tls'], look: clock },
  { name: 'soap', needs: ['tls'], look: soap },
  { name: 'credentials', needs: ['soap'], look: credentials },
]
