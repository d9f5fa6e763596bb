/** What the tests use of it; its published types do not agree with those that they build on. */
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http'

  export class Provider {
    constructor(issuer: string, configuration: object)
    callback(): RequestListener
    on(event: 'server_error', listener: (context: unknown, error: Error) => void): void
  }
}
