import type { Carrier } from './carrier.ts'

/** The names of the carrier's methods, for who passes each of them on. One that is missing here does not compile. */
const named: { readonly [method in keyof Methods]: true } = {
  auditDIDs: true,
  queryDID: true,
  getDIDs: true,
  getDIDCount: true,
  isPortable: true,
  getPortDetails: true,
  reserveDID: true,
  assignDID: true,
  configDID: true,
  releaseDID: true,
  validate911: true,
  query911: true,
  audit911: true,
  getLocations: true,
  getProvisioningHistory: true,
  Query911Alert: true,
  GetCNAMDisplay: true,
  GetDIDFailover: true,
  GetDIDForward: true,
  GetPrepaidBalance: true,
  insert911: true,
  update911: true,
  remove911: true,
  addLocation: true,
  provisionLocation: true,
  removeLocation: true,
  Add911Alert: true,
  Remove911Alert: true,
  UpdateCNAMDisplay: true,
  RemoveCNAM: true,
  UpdateDIDFailover: true,
  SetDIDForward: true,
  RemoveDIDForward: true,
}

/** The methods that ask the carrier something. */
export type Methods = Omit<Carrier, 'account' | 'close'>

/** A carrier's methods, each of them asked of the carrier that `open` resolves with, when it is called. */
export function methodsOf(open: () => Promise<Methods>): Methods {
  const passedOn = Object.keys(named).map((method) => [
    method,
    async (...args: unknown[]) => {
      const carrier = (await open()) as unknown as Record<string, (...args: unknown[]) => unknown>
      return carrier[method]?.(...args)
    },
  ])
  return Object.fromEntries(passedOn)
}
