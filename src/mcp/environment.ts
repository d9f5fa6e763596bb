import type { Environment } from '../domain/account.ts'

/** Said in every text of the sandbox: it is never entered silently. */
export const sandboxLine = (environment: Environment): string[] =>
  environment === 'sandbox' ? ['environment: sandbox (nothing here is real)'] : []

/** The environment for a program, on every result. */
export const environmentMeta = (environment: Environment) => ({ 'did-mcp/environment': environment })

export const serverTitle = (environment: Environment): string =>
  environment === 'sandbox' ? 'did-mcp (sandbox)' : 'did-mcp'
