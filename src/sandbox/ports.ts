import type { ElementRow } from './xml.ts'

/** Three port-in orders, by id: submitted, with a firm order commitment, completed. */
export const portIds = [70001, 70002, 70003] as const

/** @returns the order as `getPortDetails` answers it, `undefined` where there is none. */
export function portOrder(id: number): ElementRow | undefined {
  return orders.find((order) => order.id === id)
}

/** What stands where there is no order: a negative answer still carries it (docs/carrier.md, section 4, point 6). */
export const noOrder: ElementRow = {
  id: 0,
  submittedDate: null,
  focDate: null,
  requestedFocDate: null,
  defaultEndpointGroup: null,
}

const orders: readonly ElementRow[] = [
  {
    id: 70001,
    status: 'Submitted',
    endUser: 'Cache Valley Dental',
    billingTN: '4355550190',
    portingFrom: 'Basin Telecom',
    salesRep: 'Pat Doe',
    submittedDate: '2013-11-25T17:32:48.707',
    focDate: null,
    requestedFocDate: '2013-12-09T00:00:00',
    dids: { PortDID: [portDid('4355550190', 'LOGAN', 'UT', '660', 0), portDid('4355550191', 'LOGAN', 'UT', '660', 0)] },
    defaultEndpointGroup: null,
  },
  {
    id: 70002,
    status: 'FOC',
    endUser: 'Hudson Legal LLP',
    billingTN: '2125550190',
    portingFrom: 'Tidewater Carrier',
    salesRep: 'Sam Roe',
    submittedDate: '2013-11-04T09:15:00',
    focDate: '2013-11-29T12:00:00',
    requestedFocDate: '2013-11-27T00:00:00',
    dids: { PortDID: [portDid('2125550190', 'NWYRCYZN01', 'NY', '132', 13550)] },
    defaultEndpointGroup: 13550,
  },
  {
    id: 70003,
    status: 'Completed',
    endUser: 'Wasatch Freight',
    billingTN: '8015550150',
    portingFrom: 'Cordillera Voice',
    salesRep: '',
    submittedDate: '2013-08-12T14:01:22.13',
    focDate: '2013-08-30T10:00:00',
    requestedFocDate: null,
    dids: { PortDID: [portDid('8015550150', 'SALT LAKE', 'UT', '660', 8675)] },
    defaultEndpointGroup: 8675,
  },
]

function portDid(tn: string, rateCenter: string, state: string, lata: string, endpointGroup: number): ElementRow {
  return { tn, tier: '1', rateCenter, state, lata, endpointGroup, cnam: false, e911: endpointGroup !== 0 }
}
