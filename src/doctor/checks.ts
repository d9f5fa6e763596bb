import type { Check } from './check.ts'
import { clock } from './check-clock.ts'
import { command } from './check-command.ts'
import { configuration } from './check-configuration.ts'
import { credentials } from './check-credentials.ts'
import { dns } from './check-dns.ts'
import { journal } from './check-journal.ts'
import { launch } from './check-launch.ts'
import { node } from './check-node.ts'
import { policy } from './check-policy.ts'
import { soap } from './check-soap.ts'
import { stateFolder } from './check-state-folder.ts'
import { tcp } from './check-tcp.ts'
import { certificate } from './check-tls.ts'
import { judgeVariables } from './check-variables.ts'
import { type ClientPatient, sure } from './client-patient.ts'
import type { Patient } from './patient.ts'

/** The checks of this machine and its carrier, from the inside out. */
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

/** The checks that come before those where a client hands the configuration over. */
export const clientChecks: readonly Check<ClientPatient>[] = [
  { name: 'client', look: async ({ found }) => found.findings },
  { name: 'command', needs: ['client'], look: command },
  { name: 'variables', needs: ['client'], look: async ({ found, system }) => judgeVariables(sure(found), system) },
  { name: 'launch', needs: ['command'], look: launch },
]
