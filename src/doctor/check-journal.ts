import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { journalAccount } from '../domain/account.ts'
import { type Journal, JournalUnavailable } from '../journal/journal.ts'
import { codeOf, type Finding } from './check.ts'
import { judgeDatabase } from './check-postgres.ts'
import type { Patient } from './patient.ts'

/**
 * Opens the journal as a server would: one that an older did-mcp wrote is brought to this one's schema. A journal that is not
 * there is not begun, neither a file nor a table is made.
 */
export async function journal(patient: Patient): Promise<readonly Finding[]> {
  const { databaseUrl } = patient.config()
  try {
    if (!(await patient.journal.begun())) {
      if (databaseUrl !== undefined) {
        return [
          { verdict: 'ok', what: 'none yet in this database, which answers; its tables are made at the first write' },
        ]
      }
      const engine = await tryEngine(patient)
      return [{ verdict: 'ok', what: `none yet, it begins with the first write; its engine works here (${engine})` }]
    }
    const opened = await patient.journal.open()
    try {
      const opens: Finding = { verdict: 'ok', what: `opens (${opened.about}), with the schema of this did-mcp` }
      const warnings = opened.warnings.map((what): Finding => ({ verdict: 'warning', what }))
      return [opens, ...warnings, ...(await openEnds(opened, patient))]
    } finally {
      await opened.close()
    }
  } catch (error) {
    return [failed(error, databaseUrl)]
  }
}

/** Tries the native engine, which may be missing or of another platform, in a folder that is thrown away afterwards. */
async function tryEngine({ journal }: Patient): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'did-mcp-doctor-'))
  try {
    const opened = await journal.tryIn(join(folder, 'state'))
    await opened.close()
    return opened.about
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Tells what this account left open. An embedded sandbox's numbers are not uncertain for long: they end with its server. */
async function openEnds(opened: Journal, patient: Patient): Promise<Finding[]> {
  const { carrier } = patient.config()
  const account = carrier && journalAccount(carrier)
  const findings: Finding[] = []
  const uncertain = { status: 'uncertain', limit: 100 } as const
  const own = account && (await opened.readOperations({ ...uncertain, account }))
  if (own && own.operations.length > 0) {
    const { length } = own.operations
    const count = own.more ? `${length} or more` : length
    const what = `${count} ${length === 1 ? 'operation has' : 'operations have'} numbers whose outcome is uncertain`
    findings.push({ verdict: 'warning', what, ...look(patient, length, 'operations --status uncertain') })
  }
  const others = (await opened.readOperations(uncertain)).operations
    .map((operation) => operation.account)
    .filter(({ id, instance }) => id !== account?.id && instance === undefined)
  if (others.length > 0) {
    const labels = [...new Set(others.map(({ label }) => label))].join(', ')
    findings.push({ verdict: 'ok', what: `of other accounts there are uncertain operations too: ${labels}` })
  }
  const { length } = (await opened.readApprovals(opened.now(Date.now()))).filter(
    ({ state, account: of }) => state === 'waiting' && (account ? of.id === account.id : of.instance !== undefined),
  )
  if (length > 0) {
    const what = `${length} ${length === 1 ? 'request waits' : 'requests wait'} for a person's yes`
    findings.push({ verdict: 'ok', what, ...look(patient, length, 'approvals') })
  }
  return findings
}

/** The variables that say where the journal lies. */
const places = ['DID_MCP_STATE_DIR', 'DID_MCP_DATABASE_URL'] as const

/** The command that shows this journal's operations in the person's terminal, where variables may name another journal. */
function look({ env, person }: Patient, count: number, words: string): Pick<Finding, 'next' | 'run'> {
  const unlike = places.filter((name) => (env[name] || undefined) !== (person.env[name] || undefined))
  const them = count === 1 ? 'it' : 'them'
  const next =
    unlike.length > 0
      ? `Set ${unlike.join(' and ')} in this terminal as the entry has it, and look at ${them}:`
      : `Look at ${them}:`
  return { next, run: `${person.call} ${words}` }
}

/** Turns a journal's failure into a finding: its own message says what to do, and holds no password. */
function failed(error: unknown, databaseUrl: string | undefined): Finding {
  if (error instanceof JournalUnavailable) {
    const { message } = error
    return databaseUrl === undefined ? { verdict: 'failed', what: message } : judgeDatabase(message, databaseUrl)
  }
  return {
    verdict: 'failed',
    what: `it cannot be opened (${codeOf(error)})`,
    next: 'Look at the folder and its files.',
  }
}
