// What a bundle for one-click installation says of itself, and the platforms that there are bundles for.
import { readFileSync } from 'node:fs'

/** By the name that a bundle's file bears: what npm is told, so that it fetches the native engine of this platform. */
export const platforms = {
  'linux-x64': ['--os=linux', '--cpu=x64'],
  'darwin-arm64': ['--os=darwin', '--cpu=arm64'],
  'darwin-x64': ['--os=darwin', '--cpu=x64'],
  'win32-x64': ['--os=win32', '--cpu=x64'],
}

/**
 * packaging/manifest.json with the version and the Node of package.json, and the one system that its engine is of.
 *
 * @param {string} platform one of {@link platforms}
 */
export function manifestFor(platform) {
  const { version, engines } = read('package.json')
  const compatibility = { platforms: [platform.split('-')[0]], runtimes: { node: engines.node } }
  return { ...read('packaging/manifest.json'), version, compatibility }
}

function read(path) {
  return JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'))
}
