// Packs did-mcp as bundles for one-click installation: `node scripts/pack-mcpb.mjs [PLATFORM…]`, all of them unless told.
// They come to lie in packaging/dist, beside the server.json that names them by their checksums. Run `npm run build` first.
//
// A bundle holds dist, and in node_modules what dist leaves outside: libsql with the native engine of one platform, which
// npm fetches for whatever platform it is told, and pino. Versions and checksums are those of package-lock.json.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { manifestFor, platforms } from './mcpb-manifest.mjs'
import { withBundles } from './server-json.mjs'

const outside = ['libsql', 'pino']

/** What packages bring along for their own makers. */
const unwanted = ['test', 'docs', 'benchmarks', 'examples', '.github']

const mcpb = '@anthropic-ai/mcpb@2.1.2'

const root = fileURLToPath(new URL('..', import.meta.url))
const { version } = read('package.json')
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(platforms)
const unknown = wanted.filter((platform) => !Object.hasOwn(platforms, platform))
if (unknown.length > 0) {
  console.error(`No such platform: ${unknown.join(', ')}. There are ${Object.keys(platforms).join(', ')}.`)
  process.exit(2)
}
const target = join(root, 'packaging/dist')
mkdirSync(target, { recursive: true })
const bundles = {}
for (const platform of wanted) {
  // Outside the repository, so that the bundle finds nothing but its own node_modules.
  const folder = mkdtempSync(join(tmpdir(), `did-mcp-${platform}-`))
  try {
    assemble(folder, platform)
    if (platform === `${process.platform}-${process.arch}`) {
      execFileSync(process.execPath, [join(folder, 'dist/main.js'), 'demo'], { stdio: ['ignore', 'ignore', 'inherit'] })
    }
    const file = `did-mcp-${version}-${platform}.mcpb`
    npx(folder, 'pack', '.', join(target, file))
    bundles[file] = readFileSync(join(target, file))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
write(target, 'server.json', withBundles(read('packaging/server.json'), bundles))

function assemble(folder, platform) {
  for (const part of ['dist', 'docs/policies', 'policy.schema.json', 'README.md', 'LICENSE']) {
    cpSync(join(root, part), join(folder, part), { recursive: true })
  }
  cpSync(join(root, 'packaging/icon.png'), join(folder, 'icon.png'))
  write(folder, 'manifest.json', manifestFor(platform))
  install(folder, platforms[platform])
  writeFileSync(
    join(folder, '.mcpbignore'),
    unwanted
      .map(
        (part) => `node_modules/*/${part}/
`,
      )
      .join(''),
  )
}

/** What lies outside, exactly as locked. The bundle needs `type` to know its files for ES modules. */
function install(folder, flags) {
  const lock = read('package-lock.json')
  const dependencies = Object.fromEntries(outside.map((name) => [name, lock.packages[`node_modules/${name}`].version]))
  const own = { name: 'did-mcp', version, type: 'module', dependencies }
  write(folder, 'package.json', own)
  // npm drops from the lock what these two do not reach.
  write(folder, 'package-lock.json', { ...lock, packages: { ...lock.packages, '': own } })
  run('npm', ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', ...flags], folder)
}

function npx(folder, ...words) {
  run('npx', ['-y', mcpb, ...words], folder)
}

/** npm is a script on Windows, and starts through a shell there alone; no word here holds a space but paths. */
function run(command, words, cwd) {
  const windows = process.platform === 'win32'
  execFileSync(command, windows ? words.map((word) => (word.includes(' ') ? `"${word}"` : word)) : words, {
    cwd,
    shell: windows,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
}

function read(path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8'))
}

function write(folder, name, value) {
  writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`)
}
