import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { documents, tableNames, withTables } from '../../scripts/with-tables.ts'
import { prompts } from '../../src/mcp/prompts.ts'
import { resources } from '../../src/mcp/resources.ts'
import type { RefusalCode } from '../../src/operations/refusal.ts'
import { did } from '../../src/tools/did.ts'

const readme = readFileSync('README.md', 'utf8')

/** Typed by the codes that exist: one more or one less does not compile. */
const codes: Readonly<Record<RefusalCode, true>> = {
  INVALID_INPUT: true,
  POLICY_DENIED: true,
  LIMIT_EXCEEDED: true,
  CONFIRMATION_EXPIRED: true,
  CONFIRMATION_MISMATCH: true,
  CONFIRMATION_USED: true,
  NUMBER_BUSY: true,
  CARRIER_AUTH: true,
  CARRIER_REJECTED: true,
  CARRIER_UNAVAILABLE: true,
  CARRIER_TIMEOUT: true,
  CARRIER_PROTOCOL: true,
  JOURNAL_UNAVAILABLE: true,
  CANCELLED: true,
  INTERNAL: true,
}

describe('the table of error codes', () => {
  const rows = table('codes', readFileSync('docs/troubleshooting.md', 'utf8'))

  test('names exactly the codes that exist, in their order', () => {
    expect(rows.map(([code]) => code)).toEqual(Object.keys(codes).map((code) => `\`${code}\``))
    const source = readFileSync('src/operations/refusal.ts', 'utf8')
    expect(source.match(/(?<=^ {2}\| ')[A-Z_]+(?='$)/gm)).toEqual(Object.keys(codes))
  })

  test('says of each what it means and what to do', () => {
    for (const row of rows) {
      expect(row).toHaveLength(3)
      for (const cell of row) expect(cell).not.toBe('')
    }
  })
})

describe('the table of commands', () => {
  const named = table('commands').flatMap(([cell = '']) => /^`did-mcp (.+)`$/.exec(cell)?.[1] ?? [])

  test('names every command of --help, and no other', () => {
    expect(table('commands')[0]?.[0]).toBe('`did-mcp`')
    expect(named.map(words).sort()).toEqual(commandsBelow([]).sort())
  })

  test.each(named)('did-mcp %s: the options of its own --help, and its arguments', (command) => {
    const help = helpOf(words(command).split(' '))
    expect((command.match(/--[a-z]+/g) ?? []).sort()).toEqual(optionsIn(help).sort())
    const named = command.replace(/ \[?--.*/, '').match(/(?<= )[A-Z]+(?= |$)/g) ?? []
    expect(named.map((name) => name.toLowerCase())).toEqual(argumentsIn(help))
  })

  test('has every command that is named anywhere else', () => {
    const spans = [...readme.matchAll(/`([^`\n]+)`/g), ...readme.matchAll(/^(node dist\/main\.js.+)$/gm)]
    const used = spans.flatMap(([, code = '']) => /^(?:did-mcp|node dist\/main\.js) ([a-z]+)/.exec(code)?.[1] ?? [])
    expect(named.map((command) => command.split(' ')[0])).toEqual(expect.arrayContaining([...new Set(used)]))
  })
})

describe('the README', () => {
  test('has the tables that the code has now (npm run write:readme-tables writes them)', () => {
    const texts = documents.map((name) => readFileSync(name, 'utf8'))
    expect(texts).toEqual(texts.map(withTables))
    const places = tableNames().map((name) => [name, texts.filter((text) => text.includes(`<!-- ${name} -->`)).length])
    expect(places).toEqual(tableNames().map((name) => [name, 1]))
  })

  test('is read in a quarter of an hour: 300 lines at most', () => {
    expect(readme.split('\n').length - 1).toBeLessThanOrEqual(300)
  })

  test('prints two commands that package.json knows', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
    expect(readme.match(/^npm ci && npm .+$/gm)).toEqual(['npm ci && npm run demo', 'npm ci && npm test'])
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['demo', 'test', 'prepare', 'check']))
  })

  test('has a button for each client that a link of `did-mcp config` installs it in, and each opens that link', () => {
    const addresses = [...readme.matchAll(/\[!\[Install in ([\w ]+)\]\([^)]+\)\]\((https:[^)]+)\)/g)]
    const buttons = addresses.map(([, title = '', address = '']) => {
      const url = new URL(address)
      const vscode = /^vscode:mcp\/install\?(.+)$/.exec(url.searchParams.get('url') ?? '')?.[1]
      const entry = vscode
        ? JSON.parse(decodeURIComponent(vscode))
        : { name: url.searchParams.get('name'), ...fromBase64(url.searchParams.get('config') ?? '') }
      return { title, place: `${url.host}${url.pathname}`, entry }
    })
    const entry = { name: 'did', command: 'npx', args: ['-y', 'did-mcp'] }
    expect(buttons).toEqual([
      { title: 'VS Code', place: 'vscode.dev/redirect', entry: { ...entry, type: 'stdio' } },
      { title: 'Cursor', place: 'cursor.com/install-mcp', entry },
    ])
  })

  test('names every resource and every prompt, and no other', () => {
    expect(readme.match(/(?<=^\| `)did:[^`]+/gm)).toEqual(resources.map(({ uri }) => uri))
    expect(readme.match(/(?<=^\| `)(?!did-mcp)[a-z]+-[a-z]+(?=` \|)/gm)).toEqual(prompts.map(({ name }) => name))
  })

  test('says which fields the rows of auditDIDs leave out', () => {
    const paragraph = /^The rows of `auditDIDs` are brief: ([\s\S]+?)\n\n/m.exec(readme)?.[1] ?? ''
    const fields = [...paragraph.matchAll(/`(\w+)`/g)].flatMap(([, name = '']) => (name in did.shape ? name : []))
    expect(fields).toEqual(['status', 'network', 'cnamStorageAvailability', 'statusCode', 'availability', 'rewrite'])
  })
})

const fromBase64 = (text: string): object => JSON.parse(Buffer.from(text, 'base64').toString('utf8'))

/** The cells of the table between two comments. */
function table(name: string, document = readme): string[][] {
  const text = new RegExp(`<!-- ${name} -->\n([\\s\\S]*?)<!-- /${name} -->`).exec(document)?.[1] ?? ''
  const [, , ...rows] = text.trim().split('\n')
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

/** `operations resolve ID --tn N` is `operations resolve`. */
function words(command: string): string {
  return /^[a-z]+(?: [a-z]+)*/.exec(command)?.[0] ?? ''
}

/** Every command that does something by itself, as its words: one with commands below it only where it has options. */
function commandsBelow(path: readonly string[]): string[] {
  const listed = /^Commands:\n([\s\S]*)/m.exec(helpOf(path))?.[1] ?? ''
  const names = (listed.match(/(?<=^ {2})[a-z]+/gm) ?? []).filter((name) => name !== 'help')
  return names.flatMap((name) => {
    const deeper = commandsBelow([...path, name])
    const own = deeper.length === 0 || optionsIn(helpOf([...path, name])).length > 0
    return [...(own ? [[...path, name].join(' ')] : []), ...deeper]
  })
}

const optionsIn = (help: string): string[] => help.match(/(?<=^ {2})--[a-z]+/gm) ?? []
const argumentsIn = (help: string): string[] => /^Usage: .*/m.exec(help)?.[0].match(/(?<=<)[a-z]+(?=>)/g) ?? []

const helps = new Map<string, string>()

function helpOf(path: readonly string[]): string {
  const known = helps.get(path.join(' '))
  const help = known ?? execFileSync(process.execPath, ['dist/main.js', ...path, '--help'], { encoding: 'utf8' })
  helps.set(path.join(' '), help)
  return help
}
