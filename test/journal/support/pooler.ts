import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterwards, databaseUrl } from './engines.ts'

const debian = '/usr/sbin/pgbouncer'

/** Whether PgBouncer is installed, to stand before the test database. */
export const pooler = spawnSync(debian, ['--version']).status === 0 ? debian : undefined

if (databaseUrl !== undefined && pooler === undefined) {
  process.stderr.write('\n*** pgbouncer is not installed: connection poolers are NOT tested. ***\n\n')
}

/** @returns the test database's address, through a pooler */
export async function startPooler(mode: 'session' | 'transaction', settings = ''): Promise<string> {
  const url = new URL(databaseUrl ?? '')
  const folder = mkdtempSync(join(tmpdir(), 'did-mcp-pooler-'))
  afterwards(() => rmSync(folder, { recursive: true, force: true }))
  const port = await freePort()
  writeFileSync(join(folder, 'users'), `"${url.username}" "${decodeURIComponent(url.password)}"\n`)
  writeFileSync(
    join(folder, 'pooler.ini'),
    `[databases]
* = host=${url.hostname} port=${url.port || 5432}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${join(folder, 'users')}
pool_mode = ${mode}
${settings}
`,
  )
  chmodSync(folder, 0o755)
  // It does not run as root.
  const as = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const process_ = spawn(pooler ?? '', [...as, join(folder, 'pooler.ini')], { stdio: ['ignore', 'ignore', 'pipe'] })
  afterwards(async () => {
    const gone = once(process_, 'exit')
    process_.kill('SIGKILL')
    await gone
  })
  for await (const line of process_.stderr) if (String(line).includes('process up')) break
  process_.stderr.resume()
  url.host = `127.0.0.1:${port}`
  return url.href
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
