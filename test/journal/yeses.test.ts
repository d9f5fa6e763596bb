import { join } from 'node:path'
import Database from 'libsql'
import { describe, expect, test } from 'vitest'
import { engines, onDatabase, openAt } from './support/engines.ts'
import { allow, available, hour, intent, live, noon, say } from './support/intents.ts'
import type { Place } from './support/places.ts'

/** Statements on a closed journal, by whatever else opens it. */
async function onJournal(where: Place, statements: readonly string[]): Promise<void> {
  if (where.engine === 'postgres') {
    await onDatabase([`set search_path to "${where.schema}"`, ...statements].join(';\n'))
    return
  }
  const database = new Database(join(where.folder, 'journal.db'))
  for (const statement of statements) database.exec(statement)
  database.close()
}

const text = (value: string | null) => (value === null ? 'null' : `'${value.replaceAll("'", "''")}'`)

/** A ticket or an approval as it stood in the table `yeses` of the layout before. */
function yes(
  id: string,
  kind: 'ticket' | 'approval',
  state: string,
  more: { asked?: object; by?: string } = {},
): string {
  const { asked = { epg: 13550, refId: "o'clock" }, by = null } = more
  const facts = JSON.stringify([
    { tn: '4352154006', facts: available, ...(Object.keys(asked).length > 0 && { asked }) },
  ])
  const [hash, operation] = [kind === 'ticket' ? `hash of ${id}` : null, state === 'spent' ? 'op_1' : null]
  const texts = [
    id,
    kind,
    hash,
    live.id,
    'ann@desk',
    'configDID',
    'change',
    `binding of ${id}`,
    facts,
    '["a line"]',
    'why',
  ]
  return `insert into yeses values (${texts.map(text).join(', ')}, ${noon}, ${noon + hour}, ${[state, by, operation].map(text).join(', ')})`
}

describe.each(engines)('the layout before questions, on $engine', ({ place }) => {
  test('its tickets and approvals go on as questions; what does not say what would be written is withdrawn', async () => {
    const where = place()
    const first = await openAt(where)
    await first.recordIntent(intent('configDID', ['4352154006'], { id: 'op_1' }), allow)
    await first.settleNumbers('op_1', [{ tn: '4352154006', outcome: 'done' }], noon)
    await first.close()
    await onJournal(where, [
      'alter table operations drop column client',
      'drop table questions',
      `create table yeses (
        id text primary key, kind text not null, hash text unique, account_id text not null references accounts (id),
        caller text not null, tool text not null, effect text not null, binding text not null, facts text not null,
        preview text not null, reason text, created_at bigint not null, expires_at bigint not null, state text not null,
        said_by text, operation_id text
      )`,
      yes('yes_1', 'ticket', 'given'),
      yes('yes_2', 'ticket', 'spent'),
      yes('ap_1', 'approval', 'waiting'),
      yes('ap_2', 'approval', 'given', { by: 'eve' }),
      yes('ap_3', 'approval', 'denied', { by: 'eve' }),
      yes('ap_4', 'approval', 'waiting', { asked: {} }),
      'update schema_version set version = 3',
    ])

    const journal = await openAt(where)
    const question = {
      kind: 'ticket',
      account: live,
      caller: 'ann@desk',
      tool: 'configDID',
      effect: 'change',
      shown: [{ tn: '4352154006', facts: available, asked: { epg: 13550, refId: "o'clock" } }],
      refused: [],
      preview: ['a line'],
      reason: 'why',
      createdAt: noon,
      putAt: noon,
      expiresAt: noon + hour,
      wrong: 0,
    }
    const given = { ...question, id: 'hash of yes_1', binding: 'binding of yes_1', state: 'given' }
    expect(await journal.readQuestion('hash of yes_1')).toStrictEqual(given)
    expect(await journal.readQuestion('yes_1')).toBeUndefined()
    expect(await journal.readQuestion('hash of yes_2')).toMatchObject({ state: 'spent', operationId: 'op_1' })
    expect(await journal.readQuestion('ap_2')).toMatchObject({ kind: 'approval', state: 'given', by: 'eve' })
    expect(await journal.readQuestion('ap_3')).toMatchObject({ state: 'denied', by: 'eve' })
    expect((await journal.readQuestion('ap_4'))?.state).toBe('withdrawn')
    expect((await journal.readApprovals(noon)).map(({ id }) => id)).toEqual(['ap_1', 'ap_2'])

    expect(await say(journal, 'ap_1', { given: true, by: 'eve', at: noon })).toBe(true)
    for (const questionId of ['hash of yes_1', 'ap_1', 'ap_2']) {
      const made = intent('configDID', ['4352154006'], { questionId })
      expect(await journal.recordIntent(made, allow)).toEqual({ recorded: true })
      await journal.settleNumbers(made.id, [{ tn: '4352154006', outcome: 'done' }], noon)
    }
  })
})
