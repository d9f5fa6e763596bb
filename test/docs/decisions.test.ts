import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const folder = 'docs/decisions'
const pages = readdirSync(folder)

test.each(pages)('%s says below its title when it was decided, and how it stands', (page) => {
  const [title, , status] = readFileSync(`${folder}/${page}`, 'utf8').split('\n')
  expect(title).toMatch(/^# \S/)
  expect(status).toMatch(/^20\d\d-\d\d-\d\d · (accepted|superseded by \[.+\]\(.+\))(; .+ on 20\d\d-\d\d-\d\d)?$/)
})
