import type { Check } from './check.ts'
import { credentials, soap } from './check-carrier.ts'
import { configuration, node } from './check-installation.ts'
import { journal } from './check-journal.ts'
import { certificate, clock, dns, tcp } from './check-network.ts'
import { policy } from './check-policy.ts'
import { stateFolder } from './check-state-folder.ts'
import type { Patient } from './patient.ts'

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
