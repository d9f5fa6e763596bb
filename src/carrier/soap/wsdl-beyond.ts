/**
 * The operations beyond the ten, as the service description's parts: E911, stored caller names, routing beside the endpoint
 * group, the balance. Names, order and types are those of docs/carrier.md, section 7.
 */

/** The operations beyond the ten, in the order of the carrier's reference. */
export const beyond = [
  'validate911',
  'insert911',
  'update911',
  'query911',
  'audit911',
  'remove911',
  'addLocation',
  'getLocations',
  'provisionLocation',
  'removeLocation',
  'getProvisioningHistory',
  'Add911Alert',
  'Remove911Alert',
  'Query911Alert',
  'GetCNAMDisplay',
  'UpdateCNAMDisplay',
  'RemoveCNAM',
  'GetDIDFailover',
  'UpdateDIDFailover',
  'GetDIDForward',
  'SetDIDForward',
  'RemoveDIDForward',
  'GetPrepaidBalance',
] as const

export type BeyondName = (typeof beyond)[number]

const address =
  'address1: s:string, address2: s:string, city: s:string, state: s:string, zip: s:string, plusFour: s:string, callerName: s:string'

/** The elements of each request, behind login and secret. */
export const beyondRequests: { readonly [operation in BeyondName]: string } = {
  validate911: address,
  insert911: `did: s:string, ${address}`,
  update911: `did: s:string, ${address}`,
  query911: 'did: s:string',
  audit911: '',
  remove911: 'did: s:string',
  addLocation: `did: s:string, ${address}`,
  getLocations: 'did: s:string',
  provisionLocation: 'did: s:string, locationId: s:string',
  removeLocation: 'locationId: s:string, did: s:string',
  getProvisioningHistory: 'did: s:string',
  Add911Alert: 'tn: s:string, email: s:string',
  Remove911Alert: 'tn: s:string, email: s:string',
  Query911Alert: 'tn: s:string',
  GetCNAMDisplay: 'tn: s:string',
  UpdateCNAMDisplay: 'tn: s:string, name: s:string',
  RemoveCNAM: 'tn: s:string',
  GetDIDFailover: 'tn: s:string',
  UpdateDIDFailover: 'tn: s:string, failover: s:string',
  GetDIDForward: 'tn: s:string',
  SetDIDForward: 'tn: s:string, forward: s:string',
  RemoveDIDForward: 'tn: s:string, epgId: s:string',
  GetPrepaidBalance: '',
}

/** The type that each answers with. */
export function beyondResult(operation: BeyondName): string {
  if (operation === 'GetPrepaidBalance') return 'NumericResponse'
  if (operation.includes('CNAM')) return 'CNAMResponse'
  return operation.includes('DID') ? 'DIDResponse' : 'Response911'
}

export const beyondTypes: { readonly [name: string]: string } = {
  Response911:
    'responseCode: s:int!, responseMessage: s:string, Statuses: tns:ArrayOfStatus911, DID911s: tns:ArrayOfDID911, VILocations: tns:ArrayOfVILocation, Alerts: tns:ArrayOfString',
  Status911: 'code: s:string, description: s:string',
  DID911:
    'locationId: s:string, tn: s:string, callerName: s:string, address1: s:string, address2: s:string, city: s:string, state: s:string, zipCode: s:string, latitude: s:string, longitude: s:string, statusCode: s:string, statusDescription: s:string, activatedTime: s:dateTime?, dateAdded: s:dateTime?',
  VILocation:
    'locationId: s:string, address1: s:string, address2: s:string, city: s:string, state: s:string, zipCode: s:string, plusFour: s:string, callerName: s:string, latitude: s:string, longitude: s:string, statusCode: s:string, statusDescription: s:string, orderId: s:string, activatedTime: s:dateTime?, updateTime: s:dateTime?',
  CNAMResponse: 'responseCode: s:int!, responseMessage: s:string, DisplayName: s:string',
  NumericResponse: 'responseCode: s:int!, responseMessage: s:string, Amount: s:decimal!',
  ArrayOfStatus911: 'Status911: tns:Status911*',
  ArrayOfDID911: 'DID911: tns:DID911*',
  ArrayOfVILocation: 'VILocation: tns:VILocation*',
  ArrayOfString: 'string: s:string*',
}
