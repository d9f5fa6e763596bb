/**
 * Whether a host never leaves this machine: `localhost`, 127.0.0.0/8 or ::1, bare or in the brackets of a URL. A name
 * that a resolver is asked about is never one, whatever it begins with.
 */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(?:\.[0-9]{1,3}){3}$/.test(host)
}
