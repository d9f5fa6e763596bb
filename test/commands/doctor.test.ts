import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { doctor } from '../../src/commands/doctor.ts'
import { thisMachine } from '../../src/config/machine.ts'
import { openSqliteJournal } from '../../src/journal/sqlite/sqlite.ts'
import { startSandbox } from '../../src/sandbox/service.ts'
import { answer } from '../carrier/support/answers.ts'
import { answerXml, deadEndpoint, peer } from '../carrier/support/peer.ts'
import { startProxy } from '../carrier/support/proxy.ts'
import { temporaryFolder } from '../support/folder.ts'
import { testTerminal } from '../support/terminal.ts'

const secret = 'MARKED-s3cret'
const account = { DID_MCP_LOGIN: 'sandbox', DID_MCP_SECRET: secret }

describe('in the sandbox', () => {
  test('everything is looked at, from Node to the carrier, and nothing is left behind', async () => {
    const { code, checks, folder } = await look({})
    expect(code).toBe(0)
    expect(checks.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['node', 'ok'],
      ['configuration', 'ok'],
      ['policy', 'ok'],
      ['state folder', expect.stringMatching(/ok|warning/)],
      ['journal', 'ok'],
      ['dns', 'ok'],
      ['tcp', 'ok'],
      ['tls', 'skipped'],
      ['clock', 'ok'],
      ['soap', 'ok'],
      ['credentials', 'ok'],
    ])
    expect(of(checks, 'configuration')).toMatch(/embedded sandbox is the carrier: nothing in it is real/)
    expect(readdirSync(folder)).toEqual([])
  })

  test('for a person, each line has a verdict and what to do, and lines fit the terminal', async () => {
    const lines = await print({ DID_MCP_LOGIN: 'me' })
    expect(lines[0]).toMatch(/^did-mcp \S+ looks at the environment of this terminal\.$/)
    expect(lines).toContainEqual(
      expect.stringMatching(/^failed {3}configuration +0 ms {2}DID_MCP_LOGIN is set without/),
    )
    expect(lines).toContainEqual(expect.stringMatching(/^skipped {2}credentials .* needs soap, which did not succeed$/))
    expect(lines.slice(-2)).toEqual([
      expect.stringMatching(/^Failed: 1, warnings: 0, ok: 1, skipped: 9, in \d\.\d s\.$/),
      'It does not work yet: begin with the first line that failed.',
    ])
    // A path is never broken, so that it can be copied.
    const long = lines.filter((line) => line.length > 80 && !/\S{40}/.test(line))
    expect(long).toEqual([])
  })
})

describe('the configuration', () => {
  test('all its problems are named at once, and what needs it is skipped', async () => {
    const { code, checks } = await look({ DID_MCP_LOGIN: 'me', DID_MCP_CONCURRENCY: 'x', DID_MCP_POLICIES: '/p' })
    expect(code).toBe(1)
    const [, configuration, ...others] = checks
    expect(configuration?.findings.map(({ verdict, what }) => [verdict, what.slice(0, 30)])).toEqual([
      ['failed', 'DID_MCP_CONCURRENCY must be a '],
      ['failed', 'DID_MCP_POLICIES is not a vari'],
      ['failed', 'DID_MCP_LOGIN is set without a'],
    ])
    expect(others.map(({ verdict }) => verdict)).toEqual(others.map(() => 'skipped'))
  })

  test('a file with the secret that others may read is worth a warning', async () => {
    const file = join(temporaryFolder(), 'secret')
    writeFileSync(file, secret, { mode: 0o644 })
    const { checks } = await look({ DID_MCP_LOGIN: 'me', DID_MCP_SECRET_FILE: file, DID_MCP_ENDPOINT: await dead() })
    expect(checks[1]?.findings[1]).toEqual({
      verdict: 'warning',
      what: `others may read ${file}`,
      next: 'Keep it to yourself:',
      run: `chmod 600 ${file}`,
    })
  })

  test('~ is a shell’s: what a client is given is never expanded', async () => {
    const { checks } = await look({ DID_MCP_LOGIN: 'me', DID_MCP_SECRET_FILE: '~/secret', DID_MCP_POLICY: '~/p.json' })
    const next = '~ is not expanded here: write the full path.'
    expect(checks[1]?.findings).toEqual([
      { verdict: 'failed', what: 'DID_MCP_POLICY must be an absolute path, but is "~/p.json"', next },
      {
        verdict: 'failed',
        what: 'DID_MCP_SECRET_FILE (not shown: it must be the path of a file, and may be the secret itself): there is no such file',
        next,
      },
    ])
  })

  test('a secret by a relative path is found from this folder alone', async () => {
    const file = join(temporaryFolder(), 'secret')
    writeFileSync(file, secret, { mode: 0o600 })
    const path = relative(process.cwd(), file)
    const { checks } = await look({ DID_MCP_LOGIN: 'me', DID_MCP_SECRET_FILE: path, DID_MCP_ENDPOINT: await dead() })
    expect(checks[1]?.findings[1]).toEqual({
      verdict: 'warning',
      what: 'DID_MCP_SECRET_FILE is a relative path, and a client starts did-mcp in another folder',
      next: `Write the full path: ${file}`,
    })
  })

  test('the policy in force is told in words, with the system policy that tightens it', async () => {
    const folder = temporaryFolder()
    const own = join(folder, 'own.json')
    const system = join(folder, 'system.json')
    writeFileSync(own, '{"tools": {"getPortDetails": "deny"}, "limits": {"heldAtOnce": null}, "tiers": ["0"]}')
    writeFileSync(
      system,
      '{"effects": {"destroy": "deny"}, "protected": ["800*"], "confirmation": {"mode": "human"}, "limits": {"heldAtOnce": null}}',
    )
    const { checks } = await look({ DID_MCP_POLICY: own }, { systemPolicyPath: system })
    const lines = checks[2]?.findings.filter(({ verdict }) => verdict === 'ok').map(({ what }) => what)
    expect(lines).toEqual([
      `the file ${own}, tightened by the system policy ${system}`,
      'reserveDID allowed; assignDID, configDID after a yes; getPortDetails, releaseDID denied',
      'yes is said by a person in the client; where it cannot ask, by a person with did-mcp approvals',
      'numbers a call: 100; bought a day: 100; released a day: 100; held at once: no limit',
      'protected: 800*; endpoint groups: any; tiers: 0',
    ])
  })
})

describe('the state folder', () => {
  test('one that others may enter is named, with the command that mends it', async () => {
    const state = join(temporaryFolder(), 'state')
    mkdirSync(state, { mode: 0o755 })
    chmodSync(state, 0o755)
    const { code, checks } = await look({ DID_MCP_STATE_DIR: state })
    expect(code).toBe(0)
    expect(checks[3]?.findings[0]).toEqual({
      verdict: 'warning',
      what: `${state} has the permissions 755, so others may reach the journal`,
      next: 'The next start narrows it to 700; this does it now:',
      run: `chmod 700 ${state}`,
    })
    expect(readdirSync(state)).toEqual([])
  })

  test('a folder of a service that copies files is warned of', async () => {
    const { checks } = await look({ DID_MCP_STATE_DIR: join(temporaryFolder(), 'Dropbox', 'state') })
    expect(of(checks, 'state folder')).toMatch(/it lies in a folder of Dropbox, which copies the journal/)
  })

  test('a link fails, and the journal is not looked for behind it', async () => {
    const folder = temporaryFolder()
    const link = join(folder, 'link')
    symlinkSync(folder, link)
    const { code, checks } = await look({ DID_MCP_STATE_DIR: link })
    expect(code).toBe(1)
    expect(of(checks, 'state folder')).toContain(`${link} is a symbolic link`)
    expect(checks[4]).toMatchObject({ name: 'journal', verdict: 'skipped' })
  })
})

describe('the journal', () => {
  test('one that is there opens', async () => {
    const state = join(temporaryFolder(), 'state')
    await (await openSqliteJournal({ folder: state })).close()
    const { checks } = await look({ DID_MCP_STATE_DIR: state })
    expect(of(checks, 'journal')).toBe('opens (SQLite 3.45.1, journal mode delete), with the schema of this did-mcp')
  })

  test('one that is no database fails, and stays as it was', async () => {
    const state = join(temporaryFolder(), 'state')
    mkdirSync(state, { mode: 0o700 })
    writeFileSync(join(state, 'journal.db'), 'x'.repeat(5000))
    const { code, checks } = await look({ DID_MCP_STATE_DIR: state })
    expect(code).toBe(1)
    expect(of(checks, 'journal')).toMatch(/cannot be used: it is not a database.*Restore it from a backup/)
  })

  test('a PostgreSQL that is away fails, without its password', async () => {
    const port = new URL(await dead()).port
    const { code, checks, text } = await look({ DID_MCP_DATABASE_URL: `postgres://ann:${secret}@127.0.0.1:${port}/x` })
    expect(code).toBe(1)
    expect(checks[3]).toMatchObject({
      verdict: 'skipped',
      findings: [{ what: 'not used: the journal is in PostgreSQL' }],
    })
    expect(of(checks, 'journal')).toContain(`The journal's database at 127.0.0.1:${port} failed`)
    expect(checks[4]?.findings[0]?.next).toMatch(/^Nothing listens there: check host and port in DID_MCP_DATABASE_URL/)
    expect(text).not.toContain(secret)
  })
})

describe('the carrier', () => {
  test('a host without an address', async () => {
    const { checks } = await look({
      ...account,
      DID_MCP_ENDPOINT: 'https://carrier.invalid/api',
      HTTPS_PROXY: 'http://proxy:3128',
    })
    expect(of(checks, 'dns')).toMatch(/^carrier\.invalid has no address here \(E\w+\)$/)
    expect(checks[5]?.findings[0]?.next).toMatch(/HTTPS_PROXY is set, but did-mcp connects directly/)
    expect(checks.slice(6).map(({ verdict }) => verdict)).toEqual(Array(5).fill('skipped'))
  })

  test('behind a proxy is looked at through it, and its password is not told', async () => {
    await using proxy = await startProxy((count) => (count === 1 ? 407 : 'open'))
    const env = { ...account, DID_MCP_ENDPOINT: 'https://carrier.example/api', DID_MCP_PROXY: proxy.url.href }
    const { checks, text } = await look(env)
    expect(of(checks, 'dns')).toContain('127.0.0.1 is an address')
    expect(of(checks, 'tcp')).toBe(
      `${proxy.url.host}: The proxy answered with HTTP 407 and opened no connection to the carrier`,
    )
    expect(checks[6]?.findings[0]?.next).toContain('check those in DID_MCP_PROXY')
    expect(text).not.toContain('marked')
    await using server = await peer((response) => response.end(), { tls: true })
    await using open = await startProxy(() => 'open', Number(new URL(server.endpoint).port))
    const through = await look({ ...env, DID_MCP_PROXY: open.url.href })
    expect(of(through.checks, 'tcp')).toMatch(/^carrier\.example:443 takes connections through the proxy 127/)
    // What the check reads is the certificate of whoever is behind the proxy.
    expect(of(through.checks, 'tls')).toMatch(/certificate of localhost by localhost.*not trusted/)
    expect(open.asked.map(({ to }) => to)).toEqual(['carrier.example:443', 'carrier.example:443'])
    expect(through.text).not.toContain('marked')
  })

  test('a port where nobody listens', async () => {
    const endpoint = await dead()
    const { code, checks } = await look({ ...account, DID_MCP_ENDPOINT: endpoint })
    expect(code).toBe(1)
    expect(of(checks, 'tcp')).toBe(`no connection to ${new URL(endpoint).host} (ECONNREFUSED)`)
    expect(checks[6]?.findings[0]?.next).toMatch(/^Nothing listens on that port: check DID_MCP_ENDPOINT/)
  })

  test('a certificate that nobody vouches for: no request goes out', async () => {
    await using it = await peer((response) => answerXml(response, ''), { tls: true })
    const { checks } = await look({ ...account, DID_MCP_ENDPOINT: it.endpoint })
    expect(of(checks, 'tls')).toMatch(/^TLSv1\.3, certificate of .*: not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/)
    expect(checks[7]?.findings[0]?.next).toMatch(/NODE_EXTRA_CA_CERTS/)
    expect(checks.slice(8).map(({ verdict }) => verdict)).toEqual(['skipped', 'skipped', 'skipped'])
    expect(it.received).toEqual([])
  })

  test('something that is not the carrier, such as the page of a hotel', async () => {
    await using it = await peer((response) => response.end('<html>Welcome</html>'))
    const { checks } = await look({ ...account, DID_MCP_ENDPOINT: it.endpoint })
    expect(of(checks, 'soap')).toMatch(/something else than SOAP/)
    expect(checks.at(-1)).toMatchObject({ name: 'credentials', verdict: 'skipped' })
  })

  test('403: the service was not reached; the address is asked about first', async () => {
    await using it = await peer((response) => response.writeHead(403).end('<html>Forbidden</html>'))
    const { checks } = await look({ ...account, DID_MCP_ENDPOINT: it.endpoint })
    expect(of(checks, 'soap')).toMatch(/\(HTTP 403\): most often this machine's public IP address is not registered/)
    expect(checks.at(-2)?.findings[0]?.next).toMatch(
      /^Which public IP address do your requests come from\? In the carrier's Back Office, Add-Ons, API Users: register/,
    )
    expect(checks.at(-1)).toMatchObject({ name: 'credentials', verdict: 'skipped' })
  })

  test('902: the login, the secret or the address is unknown; what to do about each is said', async () => {
    const sandbox = await startSandbox()
    onTestFinished(() => sandbox.close())
    const { code, checks, text } = await look({ ...account, DID_MCP_ENDPOINT: sandbox.endpoint })
    expect(code).toBe(1)
    expect(of(checks, 'soap')).toBe('the service answers')
    expect(of(checks, 'credentials')).toBe('the carrier knows no such login, secret and address together (code 902)')
    expect(checks.at(-1)?.findings[0]?.next).toMatch(/Back Office, Add-Ons, API Users.*register the public IP address/)
    expect(text).not.toContain(secret)
    expect(sandbox.calls.map(({ operation, tns }) => [operation, ...tns])).toEqual([['queryDID', '2125550100']])
  })

  test('901: it is the address alone', async () => {
    const refusal = answer('queryDID', '<responseCode>901</responseCode><responseMessage>no</responseMessage>')
    await using it = await peer((response) => answerXml(response, refusal))
    const { checks } = await look({ ...account, DID_MCP_ENDPOINT: it.endpoint })
    expect(of(checks, 'credentials')).toBe("the carrier does not know this machine's public address (code 901)")
    expect(checks.at(-1)?.findings[0]?.next).toMatch(/API Users: register the public IP address/)
  })

  test('a clock that is an hour ahead', async () => {
    await using it = await peer((response) => {
      response.setHeader('date', new Date(Date.now() - 3_600_000).toUTCString())
      answerXml(response, answer('queryDID', '<responseCode>101</responseCode>'))
    })
    const { code, checks } = await look({ ...account, DID_MCP_ENDPOINT: it.endpoint })
    expect(code).toBe(0)
    expect(of(checks, 'clock')).toMatch(/^this machine is (3599|3600|3601) s ahead of the carrier$/)
  })
})

interface Looked {
  code: number
  checks: { name: string; verdict: string; ms: number; findings: { verdict: string; what: string; next?: string }[] }[]
  text: string
  /** Where the state folder would be made. */
  folder: string
}

/** What `did-mcp doctor --json` says of an environment, on a machine without a system policy. */
async function look(env: Record<string, string>, machine: { systemPolicyPath?: string } = {}): Promise<Looked> {
  const folder = temporaryFolder()
  const own = { ...thisMachine(), stateDir: join(folder, 'state'), systemPolicyPath: join(folder, 'none'), ...machine }
  const terminal = testTerminal()
  const code = await doctor({ env, json: true, program: 'dist/main.js' }, terminal, own)
  const text = terminal.lines.join('\n')
  return { code, text, folder, checks: JSON.parse(text).checks }
}

async function print(env: Record<string, string>): Promise<string[]> {
  const terminal = testTerminal(undefined, 80)
  await doctor({ env, json: false, program: 'dist/main.js' }, terminal)
  return terminal.lines
}

/** All that one check found. */
function of(checks: Looked['checks'], name: string): string | undefined {
  return checks
    .find((one) => one.name === name)
    ?.findings.map(({ what }) => what)
    .join('; ')
}

async function dead(): Promise<string> {
  return (await deadEndpoint()).replace('http:', 'https:')
}
