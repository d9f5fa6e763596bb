import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { answer, did, fault, success } from '../carrier/support/answers.ts'
import { answerXml, peer } from '../carrier/support/peer.ts'
import { temporaryFolder } from '../support/folder.ts'
import { initialize, start } from '../support/program.ts'

const secret = 'MARKED-p&ss<w0rd>/"42"'
const login = 'api-user'
const tn = '4352154006'

/** What of the secret is found again in whatever spelling it leaked: each is looked for in all that left the process. */
const traces = [
  'MARKED-p',
  'w0rd',
  encodeURIComponent('ss<w0rd>'),
  Buffer.from(`${login}:${secret}`).toString('base64').slice(0, 30),
  ...[0, 1, 2].map((others) =>
    Buffer.from(`${'x'.repeat(others)}${secret}`)
      .toString('base64')
      .slice(4, 24),
  ),
]

const xml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** The carrier knows the secret, and writes it into every field, each time in another spelling. */
const spellings = [
  secret,
  xml(secret),
  encodeURIComponent(secret),
  encodeURIComponent(secret).toLowerCase().replaceAll('marked', 'MARKED'),
  JSON.stringify(secret),
  Buffer.from(secret).toString('base64'),
  Buffer.from(`${login}:${secret}`).toString('base64'),
  Buffer.from(`?${secret}?`).toString('base64url'),
  Array.from(secret, (letter) => `&#${letter.charCodeAt(0)};`).join(''),
  `mar\u200bk ${secret.slice(0, 8)}\u200b${secret.slice(8)}`,
].map(xml)

/** Which spelling comes first: the same in each answer, until the next round. */
let round = 0
let turn = 0
const echo = () => `said ${spellings[(round + turn++) % spellings.length]} to you`

/** All but `availability`, by which the number is known as ours. */
const texts = ['rewrite', 'refId', 'failover', 'forward', 'cnamName', 'rateCenter', 'didGroupId'] as const
const echoing = (changes: Record<string, string> = {}) =>
  did({
    ...Object.fromEntries(texts.map((field) => [field, echo()])),
    status: `Number currently assigned to you ${echo()}`,
    Network: echo(),
    ...changes,
  })

const locator = () =>
  `<DIDLocator><tn>4355550105</tn><rateCenter>${echo()}</rateCenter><state>${echo()}</state><tier>${echo()}</tier>` +
  '<lataId>1</lataId><outboundCNAM>true</outboundCNAM><t38>true</t38><sms>true</sms></DIDLocator>'

const port = () =>
  `<PortDetails><id>7</id><status>${echo()}</status><endUser>${echo()}</endUser><billingTN>${echo()}</billingTN>` +
  `<portingFrom>${echo()}</portingFrom><salesRep>${echo()}</salesRep></PortDetails>`

function answerTo(body: string): { body: string; status?: number } {
  turn = 0
  const asked = /<(?:\w+:)?(queryDID|auditDIDs|getDIDs|isPortable|getPortDetails|releaseDID|configDID)[ >]/.exec(
    body,
  )?.[1]
  if (asked === 'auditDIDs' || asked === 'queryDID') {
    return { body: answer(asked, success(`<DIDs>${echoing()}</DIDs>`)) }
  }
  if (asked === 'releaseDID') {
    const rows = `<DIDs>${echoing({ statusCode: '106999' })}</DIDs>`
    return {
      body: answer(asked, `<responseCode>100</responseCode><responseMessage>${echo()}</responseMessage>${rows}`),
    }
  }
  if (asked === 'getDIDs') return { body: answer(asked, success(`<DIDLocators>${locator()}</DIDLocators>`)) }
  if (asked === 'getPortDetails') return { body: answer(asked, success(port())) }
  if (asked === 'isPortable') {
    const words = `<responseMessage>${echo()}</responseMessage><IsPortable>false</IsPortable>`
    return { body: answer(asked, `<responseCode>100</responseCode>${words}`) }
  }
  return { body: fault(echo()), status: 500 }
}

test('the secret is in nothing that leaves the process, whatever the carrier and the model write', async () => {
  await using carrier = await peer((response, { body }) => {
    const { body: text, status } = answerTo(body)
    answerXml(response, text, status)
  })
  const folder = temporaryFolder()
  const policy = { DID_MCP_QUIET_SECONDS: '0', DID_MCP_STATE_DIR: join(folder, 'state'), DID_MCP_LOG_LEVEL: 'debug' }
  const account = { DID_MCP_LOGIN: login, DID_MCP_SECRET: secret, DID_MCP_ENDPOINT: carrier.endpoint }
  const env = { ...policy, ...account, DEBUG: '*' }
  const program = start([], env)
  await initialize(program)
  let id = 0
  const ask = async (method: string, params: object) => {
    program.say({ id: ++id, method, params })
    return (await program.hear(id)).result as { structuredContent?: Record<string, never> } | undefined
  }
  const call = (name: string, args: object) => ask('tools/call', { name, arguments: args })

  for (round = 0; round < spellings.length; round++) await call('queryDID', { did: tn })
  await call('auditDIDs', {})
  await call('getDIDs', { npa: '435' })
  await call('getDIDCount', { npa: '435' })
  await call('isPortable', { tn })
  await call('getPortDetails', { portId: 7 })
  for (const uri of [`did://dids/${tn}`, 'did://account', 'did://account/dids/1.csv', 'did://policy']) {
    await ask('resources/read', { uri })
  }
  const reason = `the person gave me ${secret} and said yes`
  const previewed = await call('releaseDID', { didParams: [tn], reason })
  const { ticket } = (previewed?.structuredContent?.confirmation ?? {}) as { ticket?: string }
  if (ticket === undefined) throw new Error(JSON.stringify(previewed))
  await call('releaseDID', { didParams: [tn], reason, confirmation: ticket })
  await call('configDID', { didParams: [tn], refId: secret })
  await call('listOperations', {})
  program.child.stdin?.end()
  expect(await program.ended).toBe(0)

  const others = [
    'operations --json',
    'operations',
    'approvals --json',
    `audit --csv ${join(folder, 'account.csv')}`,
    'doctor',
  ]
  const ran = others.map((words) => start(words.split(' '), env))
  await Promise.all(ran.map(({ ended }) => ended))
  const left = [program, ...ran].flatMap((one) => [one.stdout(), one.stderr()])
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
  for (const file of files) left.push(readFileSync(join(file.parentPath, file.name), 'latin1'))

  expect(left.join('\n')).toContain('[redacted]')
  expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['account.csv', 'journal.db']))
  expect(carrier.received.some(({ body }) => body.includes('<releaseDID') || body.includes(':releaseDID'))).toBe(true)
  for (const text of left) for (const trace of traces) expect(text).not.toContain(trace)
})
