/** One line of the table that `npm run bench` prints. */
export interface Figure {
  name: string
  /** What is measured, for a person. */
  what: string
  unit: 'ms' | 'MB' | 'KB'
  ours: number
  /** What it is held against, in the same unit; absent where the aim is a bound of its own. */
  reference?: number
  /** The most that `ours / reference` may be, or `ours` itself where there is no reference. */
  aim: number
  /** Each run, in the order in which they were made; medians of these are shown. */
  runs: { ours: number[]; reference?: number[] }
}

/** A measurement that yields one figure or several, under the name that `--only` takes. */
export interface Measurement {
  name: string
  run(how: How): Promise<Figure[]>
}

export interface How {
  /** The built program: a path to its main.js. */
  program: string
  /** Bundles of bench/references. */
  references: { readonly [name in Reference]: string }
  /** How often each side is measured. */
  runs: number
  /** Everything once and as small as it can be: it proves that the bench runs, and no figure means anything. */
  smoke: boolean
}

type Reference = 'bare-server' | 'bare-sax' | 'carrier' | 'plain-soap' | 'probe'

/** A figure from runs of both sides, or of ours alone. */
export function figure(facts: Pick<Figure, 'name' | 'what' | 'unit' | 'aim'>, runs: Figure['runs']): Figure {
  const { ours, reference } = runs
  return { ...facts, ours: median(ours), ...(reference && { reference: median(reference) }), runs }
}

/** What is held against the aim: a ratio where there is a reference. */
export function measured({ ours, reference }: Figure): number {
  return reference === undefined ? ours : ours / reference
}

/** Runs both sides in turn, so that whatever else the machine does falls on both; who goes first changes each time. */
export async function interleaved<Side extends string>(
  runs: number,
  sides: { readonly [side in Side]: () => Promise<void> },
): Promise<void> {
  const names = Object.keys(sides) as Side[]
  for (let run = 0; run < runs; run++) {
    for (const name of run % 2 === 0 ? names : names.toReversed()) await sides[name]()
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]]
  return sorted.length % 2 === 1 ? high : (low + high) / 2
}
