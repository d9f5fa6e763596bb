import { type BeyondName, beyond, beyondRequests, beyondResult, beyondTypes } from './wsdl-beyond.ts'

/**
 * The service description of these operations, as text: what `soap` builds requests from, and what the embedded carrier
 * serves. Names, order and types are those of docs/carrier.md, sections 1 to 3 and 7; the carrier's own file holds many more
 * operations and takes three times as long to load.
 *
 * @param endpoint the address that both ports name; it is escaped here.
 * @param offered every one, unless told: each costs time to load.
 * @returns a document that starts with `<?xml`, which is how `soap` tells a description from an address.
 */
export function wsdl(endpoint: string, offered: readonly OperationName[] = operations): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:s="http://www.w3.org/2001/XMLSchema" xmlns:tns="${namespace}" targetNamespace="${namespace}">
<wsdl:types><s:schema elementFormDefault="qualified" targetNamespace="${namespace}">
${offered.map(wrappers).join('\n')}
${Object.entries(offered.some(isBeyond) ? { ...types, ...beyondTypes } : types)
  .map(complexType)
  .join('\n')}
</s:schema></wsdl:types>
${offered.map(messages).join('\n')}
<wsdl:portType name="APIServiceSoap">
${offered.map(portOperation).join('\n')}
</wsdl:portType>
${binding('APIServiceSoap', 'soap', offered)}
${binding('APIServiceSoap12', 'soap12', offered)}
<wsdl:service name="APIService">
${port('APIServiceSoap', 'soap', endpoint)}
${port('APIServiceSoap12', 'soap12', endpoint)}
</wsdl:service>
</wsdl:definitions>`
}

/** The namespace of every element of the service, and the prefix of every SOAPAction. */
export const namespace = 'http://tempuri.org/'

/** The ten operations, in the order of the carrier's reference. */
export const theTen = [
  'auditDIDs',
  'queryDID',
  'assignDID',
  'getDIDs',
  'configDID',
  'releaseDID',
  'reserveDID',
  'isPortable',
  'getDIDCount',
  'getPortDetails',
] as const

export type TenName = (typeof theTen)[number]

/** Every operation that is known here. */
export const operations = [...theTen, ...beyond] as const

export type OperationName = (typeof operations)[number]

/** Whether an operation is none of the ten. */
export function isBeyond(operation: OperationName): operation is BeyondName {
  return Object.hasOwn(beyondRequests, operation)
}

/** `name: type`; `!` after the type means that it always occurs, `?` that it may be `xsi:nil`. */
type ElementList = string

const requests: { readonly [operation in OperationName]: ElementList } = {
  auditDIDs: '',
  queryDID: 'did: s:string',
  assignDID: 'didParams: tns:ArrayOfDIDParam',
  getDIDs:
    'state: s:string, lata: s:string, rateCenter: s:string, npa: s:string, nxx: s:string, tier: s:string, t38: s:string, cnam: s:string, sms: s:string, network: s:string',
  configDID: 'didParams: tns:ArrayOfDIDParam',
  releaseDID: 'didParams: tns:ArrayOfDIDParam',
  reserveDID: 'didParams: tns:ArrayOfDIDParam',
  isPortable: 'tn: s:string',
  getDIDCount:
    'state: s:string, lata: s:string, rateCenter: s:string, npa: s:string, nxx: s:string, tier: s:string, t38: s:string, cnam: s:string, orderby: s:string, sms: s:string, network: s:string',
  getPortDetails: 'portId: s:int!',
  ...beyondRequests,
}

const portOperations: readonly OperationName[] = ['isPortable', 'getPortDetails']

const types: { readonly [name: string]: ElementList } = {
  DIDParam: 'tn: s:string, cnam: s:string, refId: s:string, epg: s:int!',
  DIDResponse:
    'responseCode: s:int!, responseMessage: s:string, DIDs: tns:ArrayOfDID, DIDLocators: tns:ArrayOfDIDLocator, DIDCounts: tns:ArrayOfDIDCount, DIDGroups: tns:ArrayOfDIDGroup, ConferenceLine: tns:ConferenceLine',
  DID: 'tn: s:string, availability: s:string, rewrite: s:string, status: s:string, statusCode: s:string, tier: s:string, refId: s:string, failover: s:string, forward: s:string, cnamName: s:string, state: s:string, rateCenter: s:string, didGroupId: s:string, Network: s:string, endpointId: s:int!, expireDate: s:dateTime?, has411: s:boolean!, has911: s:boolean!, cnam: s:boolean!, cnamStorageActive: s:boolean!, cnamStorageAvailability: s:boolean!, t38: s:boolean!',
  DIDLocator:
    'tn: s:string, rateCenter: s:string, state: s:string, tier: s:string, lataId: s:int!, outboundCNAM: s:boolean!, t38: s:boolean!, sms: s:boolean!',
  DIDCount:
    'didCount: s:string, rateCenter: s:string, state: s:string, tier: s:string, lataId: s:int!, cnam: s:boolean!, t38: s:boolean!, sms: s:boolean!',
  DIDGroup: 'Name: s:string, ID: s:int!',
  ConferenceLine: 'Enabled: s:boolean!, PIN: s:string',
  PortResponse: 'responseCode: s:int!, responseMessage: s:string, PortDetails: tns:PortDetail, IsPortable: s:boolean!',
  PortDetail:
    'id: s:int!, status: s:string, endUser: s:string, billingTN: s:string, portingFrom: s:string, salesRep: s:string, submittedDate: s:dateTime!?, focDate: s:dateTime!?, requestedFocDate: s:dateTime!?, dids: tns:ArrayOfPortDID, defaultEndpointGroup: s:int!?',
  PortDID:
    'tn: s:string, tier: s:string, rateCenter: s:string, state: s:string, lata: s:string, endpointGroup: s:int!, cnam: s:boolean!, e911: s:boolean!',
  ...Object.fromEntries(
    ['DIDParam', 'DID', 'DIDLocator', 'DIDCount', 'DIDGroup', 'PortDID'].map((item) => [
      `ArrayOf${item}`,
      `${item}: tns:${item}*`,
    ]),
  ),
}

function wrappers(operation: OperationName): string {
  const credentials = 'login: s:string, secret: s:string'
  const request = requests[operation]
  const ofTheTen = portOperations.includes(operation) ? 'PortResponse' : 'DIDResponse'
  const result = isBeyond(operation) ? beyondResult(operation) : ofTheTen
  return [
    wrapper(operation, request ? `${credentials}, ${request}` : credentials),
    wrapper(`${operation}Response`, `${operation}Result: tns:${result}`),
  ].join('\n')
}

function wrapper(name: string, fields: ElementList): string {
  return `<s:element name="${name}"><s:complexType>${sequence(fields)}</s:complexType></s:element>`
}

function complexType([name, fields]: [string, ElementList]): string {
  return `<s:complexType name="${name}">${sequence(fields)}</s:complexType>`
}

function sequence(fields: ElementList): string {
  const elements = fields.split(', ').map((field) => {
    const [, name, type, marks = ''] = /^(\w+): ([\w:]+)([!?*]*)$/.exec(field) ?? []
    const many = marks.includes('*')
    return [
      `<s:element minOccurs="${marks.includes('!') ? 1 : 0}" maxOccurs="${many ? 'unbounded' : 1}"`,
      ` name="${name}"${many || marks.includes('?') ? ' nillable="true"' : ''} type="${type}"/>`,
    ].join('')
  })
  return `<s:sequence>${elements.join('')}</s:sequence>`
}

function messages(operation: OperationName): string {
  const message = (name: string, element: string) =>
    `<wsdl:message name="${name}"><wsdl:part name="parameters" element="tns:${element}"/></wsdl:message>`
  return message(`${operation}SoapIn`, operation) + message(`${operation}SoapOut`, `${operation}Response`)
}

function portOperation(operation: OperationName): string {
  return `<wsdl:operation name="${operation}"><wsdl:input message="tns:${operation}SoapIn"/><wsdl:output message="tns:${operation}SoapOut"/></wsdl:operation>`
}

function binding(name: string, soap: 'soap' | 'soap12', offered: readonly OperationName[]): string {
  const bound = offered.map(
    (operation) =>
      `<wsdl:operation name="${operation}"><${soap}:operation soapAction="${namespace}${operation}" style="document"/><wsdl:input><${soap}:body use="literal"/></wsdl:input><wsdl:output><${soap}:body use="literal"/></wsdl:output></wsdl:operation>`,
  )
  return `<wsdl:binding name="${name}" type="tns:APIServiceSoap"><${soap}:binding transport="http://schemas.xmlsoap.org/soap/http" style="document"/>
${bound.join('\n')}
</wsdl:binding>`
}

function port(name: string, soap: 'soap' | 'soap12', endpoint: string): string {
  const location = endpoint.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
  return `<wsdl:port name="${name}" binding="tns:${name}"><${soap}:address location="${location}"/></wsdl:port>`
}
