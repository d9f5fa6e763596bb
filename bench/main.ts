import { writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { audit } from './audit.ts'
import { bytes } from './bytes.ts'
import { type Figure, type How, type Measurement, measured } from './figure.ts'
import { heap } from './heap.ts'
import { query } from './query.ts'
import { release } from './release.ts'
import { start } from './start.ts'

/** The measurements, in the order of the table. */
const measurements: readonly Measurement[] = [start, query, audit, release, bytes, heap]

/**
 * Runs the bench and prints its table.
 *
 * @returns the exit code: 1 where an aim is missed, unless it is a smoke run.
 */
export async function bench(args: string[], built: Pick<How, 'program' | 'references'>): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', multiple: true },
      json: { type: 'string' },
      smoke: { type: 'boolean', default: false },
      runs: { type: 'string', default: '7' },
      program: { type: 'string' },
    },
  })
  const { only, json, smoke } = values
  const unknown = only?.filter((name) => !measurements.some((one) => one.name === name)) ?? []
  if (unknown.length > 0) throw new Error(`--only knows ${measurements.map(({ name }) => name).join(', ')}`)
  const program = values.program === undefined ? built.program : resolve(values.program)
  const how: How = { ...built, program, runs: Number(values.runs), smoke }

  console.log(machine())
  const figures: Figure[] = []
  for (const measurement of measurements) {
    if (only && !only.includes(measurement.name)) continue
    const made = await measurement.run(how)
    figures.push(...made)
    for (const figure of made) console.log(line(figure, smoke))
  }
  if (json)
    writeFileSync(json, `${JSON.stringify({ machine: machine(), smoke, figures: figures.map(asJson) }, null, 2)}\n`)
  return smoke || figures.every(met) ? 0 : 1
}

function machine(): string {
  const [first] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  const load = loadavg().map((one) => one.toFixed(1))
  return `Node ${process.version}, ${cpus().length} x ${first?.model ?? 'unknown'}, ${memory} GiB, load ${load.join(' ')}`
}

const met = (figure: Figure): boolean => measured(figure) <= figure.aim

function line(figure: Figure, smoke: boolean): string {
  const { name, what, unit, ours, reference, aim } = figure
  const said = (value: number) => `${value < 1000 ? value.toPrecision(3) : Math.round(value)} ${unit}`
  const against = reference === undefined ? '' : `against ${said(reference)}`
  const ratio = reference === undefined ? '' : measured(figure).toFixed(3)
  const verdict = smoke ? 'ran' : met(figure) ? 'met' : 'MISSED'
  const held = reference === undefined ? `${aim} ${unit}` : String(aim)
  return `${name.padEnd(20)} ${said(ours).padStart(10)} ${against.padEnd(18)} ${ratio.padStart(6)}  aim ${held.padEnd(6)} ${verdict.padEnd(6)}  ${what}`
}

function asJson(figure: Figure) {
  return { ...figure, measured: measured(figure), met: met(figure) }
}
