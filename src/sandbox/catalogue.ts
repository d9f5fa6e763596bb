import { type AreaCode, areaCodes } from './area-codes.ts'
import { testLine } from './test-lines.ts'

/** What the carrier knows about a number whoever has it. */
export interface CatalogueNumber {
  tn: string
  /** A toll-free number is nowhere: state `ALL`, rate center `US+CA`, LATA 0. */
  tollFree: boolean
  state: string
  rateCenter: string
  lataId: number
  /** `0` to `4`; `777` is not for sale to this account. No listing shows that of a toll-free number. */
  tier: string
  /** The underlying carrier; the names are invented. */
  network: string
  outboundCNAM: boolean
  t38: boolean
  sms: boolean
}

/** A number that the account owns from the start. */
export interface OwnedNumber {
  tn: string
  epg: number
  has911: boolean
  cnam: boolean
  refId: string
  cnamName: string
}

/** The endpoint groups of the account. */
export const endpointGroups: readonly number[] = [8674, 8675, 13550]

/** How many numbers the account can own at most (`--owned`). */
export const mostOwned = 500_000

/** A number as the catalogue lists it, whatever its exchange. `undefined`: the area code is not served. */
export function describe(tn: string): CatalogueNumber | undefined {
  const area = byNpa.get(tn.slice(0, 3))
  if (area === undefined) return undefined
  const mix = hash(tn)
  return {
    tn,
    tollFree: area.state === 'TF',
    state: area.state === 'TF' ? 'ALL' : area.state,
    rateCenter: pick(area.rateCenters, mix),
    lataId: area.lata,
    tier: tierOf(tn, mix),
    network: pick(networks, mix >>> 5),
    outboundCNAM: (mix >>> 9) % 5 !== 0,
    t38: (mix >>> 13) % 3 !== 0,
    sms: (mix >>> 17) % 2 === 0,
  }
}

/** NPA-555-0100 to 0199 of every area code: fictional by the numbering plan. */
export function isListed(tn: string): boolean {
  return /^\d{3}55501\d\d$/.test(tn) && byNpa.has(tn.slice(0, 3))
}

/** Every number of the catalogue, by area code and line. */
export function* listed(): Generator<string> {
  for (const { npa } of areaCodes) {
    for (let line = 100; line < 200; line++) yield `${npa}5550${line}`
  }
}

/** The first `count` numbers that the account owns from the start: the catalogue's 25, then others in any exchange. */
export function* ownedNumbers(count: number): Generator<OwnedNumber> {
  yield* firstOwned.slice(0, count)
  for (let index = 0; index < count - firstOwned.length; index++) yield laterOwned(index)
}

/** The number, if it is among the first `count` that the account owns from the start. Nothing is stored for it. */
export function ownedNumber(tn: string, count: number): OwnedNumber | undefined {
  const rank = firstRank.get(tn)
  if (rank !== undefined) return rank < count ? firstOwned[rank] : undefined
  const index = laterIndex(tn)
  return index !== undefined && index < count - firstOwned.length ? laterOwned(index) : undefined
}

/** The account's first numbers by area code: lines, endpoint group, E911, CNAM dip, references. */
const holdings: readonly [npa: string, lines: number[], epg: number, has911: boolean, cnam: boolean, refId: string][] =
  [
    ['435', [150, 151, 152, 153], 8674, true, true, 'LOGAN-OFFICE'],
    ['435', [154, 155, 156], 8674, false, true, ''],
    ['801', [150, 151, 152, 153], 8675, true, false, 'SLC-SUPPORT'],
    ['801', [154, 155], 8675, false, false, ''],
    ['212', [150, 151, 152], 13550, true, true, 'NYC-SALES'],
    ['303', [150, 151], 8674, false, false, 'DENVER'],
    ['415', [150, 151], 13550, false, true, ''],
    ['512', [150, 151], 8675, true, false, 'ATX'],
    ['800', [150, 151], 13550, false, false, 'HOTLINE'],
    ['888', [150], 13550, false, false, ''],
  ]

const firstOwned: readonly OwnedNumber[] = holdings.flatMap(([npa, lines, epg, has911, cnam, refId]) =>
  lines.map((line) => ({
    tn: `${npa}5550${line}`,
    epg,
    has911,
    cnam,
    refId,
    cnamName: refId === '' ? '' : `SANDBOX ${npa}`,
  })),
)
const firstRank = new Map(firstOwned.map(({ tn }, rank) => [tn, rank]))

const byNpa = new Map<string, AreaCode>(areaCodes.map((area) => [area.npa, area]))
const geographic = areaCodes.filter(({ state }) => state !== 'TF').map(({ npa }) => npa)
const geographicRank = new Map(geographic.map((npa, rank) => [npa, rank]))

/** Exchanges 220 to 299: none of them is 555 or ends in 11. */
const exchanges = 80
const laterLines = 9_000

function laterOwned(index: number): OwnedNumber {
  const round = Math.floor(index / geographic.length)
  const npa = geographic[index % geographic.length] ?? ''
  const nxx = 220 + (round % exchanges)
  const line = 1_000 + Math.floor(round / exchanges)
  const tn = `${npa}${nxx}${line}`
  const mix = hash(tn)
  return {
    tn,
    epg: pick(endpointGroups, mix),
    has911: mix % 4 === 0,
    cnam: mix % 3 === 0,
    refId: mix % 2 === 0 ? `CUST-${String(mix % 1000).padStart(4, '0')}` : '',
    cnamName: '',
  }
}

function laterIndex(tn: string): number | undefined {
  const area = geographicRank.get(tn.slice(0, 3))
  const exchange = Number(tn.slice(3, 6)) - 220
  const line = Number(tn.slice(6)) - 1_000
  if (area === undefined || exchange < 0 || exchange >= exchanges || line < 0 || line >= laterLines) return undefined
  return (line * exchanges + exchange) * geographic.length + area
}

const networks = ['Basin Telecom', 'Cordillera Voice', 'Great Lakes Exchange', 'Meridian Networks', 'Tidewater Carrier']

function tierOf(tn: string, mix: number): string {
  if (isListed(tn) && (testLine(tn)?.truth === 'tier 777' || tn.endsWith('0185'))) return '777'
  return pick(['0', '0', '0', '1', '1', '1', '2', '2', '3', '4'], mix >>> 21)
}

function pick<T>(of: readonly T[], mix: number): T {
  const picked = of[mix % of.length]
  if (picked === undefined) throw new Error('nothing to pick from')
  return picked
}

/** FNV-1a with a last mix, so that neighbouring lines differ. Unsigned 32 bits. */
function hash(text: string): number {
  let sum = 0x811c9dc5
  for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193)
  sum = Math.imul(sum ^ (sum >>> 15), 0x2c1b3c6d)
  return (sum ^ (sum >>> 13)) >>> 0
}
