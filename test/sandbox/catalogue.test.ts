import { expect, describe as group, it } from 'vitest'
import { areaCodes } from '../../src/sandbox/area-codes.ts'
import { describe, isListed, listed, mostOwned, ownedNumber, ownedNumbers } from '../../src/sandbox/catalogue.ts'

group('the catalogue', () => {
  it('covers more than a hundred area codes in more than forty states, each with its own rate centers', () => {
    const geographic = areaCodes.filter(({ state }) => state !== 'TF')
    expect(new Set(areaCodes.map(({ npa }) => npa)).size).toBe(areaCodes.length)
    expect(geographic.length).toBeGreaterThanOrEqual(100)
    expect(new Set(geographic.map(({ state }) => state)).size).toBeGreaterThanOrEqual(40)
    for (const { npa, state, lata, rateCenters } of geographic) {
      expect(npa).toMatch(/^[2-9]\d\d$/)
      expect(state).toMatch(/^[A-Z]{2}$/)
      expect(lata).toBeGreaterThanOrEqual(120)
      expect(lata).toBeLessThan(1000)
      expect(new Set(rateCenters).size).toBe(rateCenters.length)
      for (const rateCenter of rateCenters) expect(rateCenter).toMatch(/^[A-Z][A-Z0-9 ]{2,11}$/)
    }
  })

  it('knows Utah by heart', () => {
    expect(areaCodes.filter(({ state }) => state === 'UT')).toEqual([
      { npa: '385', state: 'UT', lata: 660, rateCenters: ['SALT LAKE', 'PROVO', 'OGDEN'] },
      {
        npa: '435',
        state: 'UT',
        lata: 660,
        rateCenters: ['LOGAN', 'PARK CITY', 'ST GEORGE', 'CEDAR CITY', 'MOAB', 'TOOELE', 'VERNAL'],
      },
      { npa: '801', state: 'UT', lata: 660, rateCenters: ['SALT LAKE', 'PROVO', 'OGDEN', 'KAYSVILLE'] },
    ])
  })

  it('keeps toll-free numbers under TF', () => {
    const tollFree = areaCodes.filter(({ state }) => state === 'TF').map(({ npa }) => npa)
    expect(tollFree).toEqual(['800', '833', '844', '855', '866', '877', '888'])
    expect(describe('8005550100')).toMatchObject({
      tollFree: true,
      state: 'ALL',
      rateCenter: 'US+CA',
      lataId: 0,
    })
  })

  it('lists a hundred fictional numbers in each area code and nothing else', () => {
    const numbers = [...listed()]
    expect(numbers).toHaveLength(areaCodes.length * 100)
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(numbers.filter((tn) => !/^\d{3}55501\d\d$/.test(tn) || !isListed(tn))).toEqual([])
    for (const tn of ['4355550200', '4355560100', '9995550100', '43555501000']) expect(isListed(tn)).toBe(false)
  })

  it('mixes tiers and capabilities, the same at every start', () => {
    const all = [...listed()].map((tn) => describe(tn))
    const has = (what: 'tier' | 't38' | 'sms' | 'outboundCNAM' | 'network') => new Set(all.map((one) => one?.[what]))
    expect([...has('tier')].sort()).toEqual(['0', '1', '2', '3', '4', '777'])
    expect(has('t38').size + has('sms').size + has('outboundCNAM').size).toBe(6)
    expect(has('network').size).toBe(5)
    expect(all.filter((one) => one?.tier === '777').map((one) => one?.tn.slice(6))).toEqual(
      areaCodes.flatMap(() => ['0185', '0192']),
    )
    expect(describe('4355550100')).toEqual({
      tn: '4355550100',
      tollFree: false,
      state: 'UT',
      rateCenter: 'MOAB',
      lataId: 660,
      tier: '0',
      network: 'Great Lakes Exchange',
      outboundCNAM: true,
      t38: false,
      sms: false,
    })
  })
})

group('the numbers that the account owns from the start', () => {
  it('are 25 of the catalogue, on all three endpoint groups, away from the test lines', () => {
    const owned = [...ownedNumbers(25)]
    expect(owned).toHaveLength(25)
    expect(new Set(owned.map(({ epg }) => epg))).toEqual(new Set([8674, 8675, 13550]))
    expect(owned.every(({ tn }) => isListed(tn) && tn.slice(6) < '0185')).toBe(true)
    expect(owned.filter(({ has911 }) => has911)).toHaveLength(13)
    expect(owned.filter(({ cnam }) => cnam)).toHaveLength(12)
    expect(owned.filter(({ refId }) => refId !== '')).toHaveLength(17)
  })

  it('are as many as asked, each once, each found again by its number alone', () => {
    const owned = [...ownedNumbers(mostOwned)]
    expect(owned).toHaveLength(mostOwned)
    expect(new Set(owned.map(({ tn }) => tn)).size).toBe(mostOwned)
    expect(owned.filter(({ tn }) => !/^[2-9]\d\d[2-9]\d{6}$/.test(tn))).toEqual([])
    for (let rank = 0; rank < mostOwned; rank += 997) {
      const one = owned[rank]
      expect(ownedNumber(one?.tn ?? '', mostOwned)).toEqual(one)
      expect(ownedNumber(one?.tn ?? '', rank)).toBeUndefined()
    }
  })
})
