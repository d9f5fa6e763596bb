/**
 * The kinds of places where a carrier's numbers live: a simulator, where nothing is real, or live, where they cost money.
 */
export const environments = ['sandbox', 'live'] as const

export type Environment = (typeof environments)[number]

/** The owner of numbers at a carrier. Two accounts never share journal rows, tickets or budgets. */
export interface Account {
  endpoint: string
  login: string
  environment: Environment
  /** The id of one running embedded sandbox; absent for anything that outlives this process. */
  instance?: string | undefined
}

/** An account as the journal names it. */
export interface JournalAccount {
  /** The account's id, one for each endpoint, login, environment and sandbox instance. Rows of two accounts never meet. */
  id: string
  /** The place where the numbers live: two logins at one endpoint claim against each other. */
  place: string
  environment: Environment
  /** The account's name for a person: login and endpoint's host. */
  label: string
  /** The id of an embedded sandbox: the account's rows end with it. */
  instance?: string | undefined
}

/** The journal's name for the carrier's account. An embedded sandbox is an account of its own for each instance. */
export function journalAccount(account: Account): JournalAccount {
  const { endpoint, login, environment, instance } = account
  if (instance !== undefined) {
    return { id: `sandbox:${instance}`, place: `sandbox:${instance}`, environment, label: 'embedded sandbox', instance }
  }
  return {
    id: JSON.stringify([environment, endpoint, login]),
    place: endpoint,
    environment,
    label: `${login} at ${new URL(endpoint).host}`,
  }
}
